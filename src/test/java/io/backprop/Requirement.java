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
 * A program that a test needs beyond JDK and Maven. Where it is missing the test is skipped, unless the system property
 * {@code backprop.require} names the program.
 */
public final class Requirement {

    private static final Path DEBIANS_POSTGRESQL = Path.of("/usr/lib/postgresql");

    private Requirement() {}

    /** Where the program is. */
    public static Path program(String name) {
        return require(name, search(name));
    }

    /** The folder of PostgreSQL's programs, which Debian keeps out of the path. */
    public static Path postgresql() {
        return require(
                "postgresql", search("initdb").or(Requirement::newestOfDebian).map(Path::getParent));
    }

    private static Optional<Path> search(String name) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Optional<Path> newestOfDebian() {
        if (!Files.isDirectory(DEBIANS_POSTGRESQL)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(DEBIANS_POSTGRESQL)) {
            return versions.map(version -> version.resolve("bin/initdb"))
                    .filter(Files::isExecutable)
                    .max(Comparator.naturalOrder());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path require(String name, Optional<Path> found) {
        if (found.isEmpty()
                && List.of(System.getProperty("backprop.require", "").split(","))
                        .contains(name)) {
            fail("%s is required, but not installed", name);
        }
        met(name, found.isPresent());
        return found.orElseThrow();
    }

    /** Skips the test unless this machine has what it needs. */
    static void met(String name, boolean has) {
        if (!has) {
            String reason = "A test is skipped, since it needs %s, which this machine does not have".formatted(name);
            System.out.println(reason); // the build itself does not show why
            throw new TestAbortedException(reason);
        }
    }
}
