package io.backprop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Folders for what a test stores; they are left for whoever looks for the reason of a failure. */
public final class TestFolders {

    private static final Path PARENT = Path.of("target/test-stores");

    private TestFolders() {}

    /** A new, empty folder. */
    public static Path create() {
        try {
            return Files.createTempDirectory(Files.createDirectories(PARENT), "store")
                    .toAbsolutePath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
