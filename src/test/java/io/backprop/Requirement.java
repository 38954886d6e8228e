package io.backprop;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * Programs that a test needs besides the JDK and Maven. If one is missing, the test is skipped, or fails if the system
 * property {@code test.require} names the program in its comma-separated list.
 */
public final class Requirement {

    private static final Path DEBIAN_POSTGRESQL = Path.of("/usr/lib/postgresql");

    private Requirement() {}

    /** Returns the path of a program. */
    public static Path program(String name) {
        return require(name, search(name));
    }

    /** Returns the folder of PostgreSQL's programs, which on Debian is not in the path. */
    public static Path postgresql() {
        return require(
                "postgresql", search("initdb").or(Requirement::newestOnDebian).map(Path::getParent));
    }

    /** Returns the first Python interpreter that has the given modules. */
    public static Path python(String... modules) {
        String imports = "import " + String.join(", ", modules);
        return require(
                "python3",
                searchAll("python3")
                        .filter(python -> succeeds(python.toString(), "-c", imports))
                        .findFirst());
    }

    /** Returns a file that a build creates. */
    public static Path file(String name, Optional<Path> found) {
        return require(name, found);
    }

    private static Optional<Path> search(String name) {
        return searchAll(name).findFirst();
    }

    private static Stream<Path> searchAll(String name) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable);
    }

    private static boolean succeeds(String... command) {
        try {
            return new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<Path> newestOnDebian() {
        if (!Files.isDirectory(DEBIAN_POSTGRESQL)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(DEBIAN_POSTGRESQL)) {
            return versions.map(version -> version.resolve("bin/initdb"))
                    .filter(Files::isExecutable)
                    .max(Comparator.naturalOrder());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path require(String name, Optional<Path> found) {
        if (found.isEmpty()
                && List.of(System.getProperty("test.require", "").split(",")).contains(name)) {
            fail("%s is required, but not installed", name);
        }
        met(name, found.isPresent());
        return found.orElseThrow();
    }

    /** Skips the test unless the requirement is met. */
    static void met(String name, boolean met) {
        if (!met) {
            String reason = "A test is skipped because this machine does not have %s".formatted(name);
            System.out.println(reason); // Maven does not show the reason
            throw new TestAbortedException(reason);
        }
    }
}
