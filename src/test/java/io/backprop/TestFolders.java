package io.backprop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Creates folders for the data of tests. They are kept, so that a failure can be investigated. */
public final class TestFolders {

    private static final Path PARENT = Path.of("target/test-stores");

    private TestFolders() {}

    /** Creates an empty folder. */
    public static Path create() {
        try {
            return Files.createTempDirectory(Files.createDirectories(PARENT), "store")
                    .toAbsolutePath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
