package io.backprop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Creates folders for the data of tests. They are kept, so that a failure can be investigated. */
public final class TestFolders {

    private static final Path PARENT = Path.of("target/test-stores");

    static {
        deleteReserves();
    }

    private TestFolders() {}

    /** Deletes the large and empty files that reserved disk space for the stores of earlier runs. */
    private static void deleteReserves() {
        try (Stream<Path> files = Files.walk(Files.createDirectories(PARENT), 2)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith("-reserve")).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

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
