package io.backprop;

import static org.assertj.core.api.Assertions.fail;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/**
 * A program that a test needs beyond JDK and Maven. Where it is missing the test is skipped, unless the system property
 * {@code backprop.require} names the program.
 */
public final class Requirement {

    private Requirement() {}

    /** Where the program is. */
    public static Path program(String name) {
        Optional<Path> found = Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
        if (found.isEmpty()
                && List.of(System.getProperty("backprop.require", "").split(","))
                        .contains(name)) {
            fail("%s is required, but not installed", name);
        }
        return found.orElseThrow(() -> {
            String reason = "A test is skipped, since it needs %s, which is not installed".formatted(name);
            System.out.println(reason); // the build itself does not show why
            return new TestAbortedException(reason);
        });
    }
}
