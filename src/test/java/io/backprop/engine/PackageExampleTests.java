package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles the example of the package documentation outside of the package, and runs it. */
class PackageExampleTests {

    private static final Path DOCUMENTATION = Path.of("src/main/java/io/backprop/engine/package-info.java");

    @Test
    void exampleIsTenLines() throws IOException {
        assertThat(example().lines()).hasSize(10);
    }

    @Test
    void exampleLearnsExclusiveOr(@TempDir Path folder)
            throws IOException, ReflectiveOperationException, URISyntaxException {
        Path source = folder.resolve("Example.java");
        Files.writeString(source, """
                import io.backprop.engine.*;

                public class Example {
                    public static Matrix predictions() {
                        %s
                        return predictions;
                    }
                }
                """.formatted(example()));
        compile(source, folder);
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            Object predictions =
                    loader.loadClass("Example").getMethod("predictions").invoke(null);
            assertThat(predictions).isInstanceOfSatisfying(Matrix.class, matrix -> {
                for (int row = 0; row < 4; row++) {
                    float target = ExampleData.xor().targets().get(row, 0);
                    assertThat(matrix.get(row, 0)).isCloseTo(target, within(0.1f));
                }
            });
        }
    }

    private static String example() throws IOException {
        String documentation = Files.readString(DOCUMENTATION);
        int first = documentation.indexOf("{@code\n") + "{@code\n".length();
        return documentation
                .substring(first, documentation.indexOf(" * }</pre>"))
                .lines()
                .map(line -> line.substring(" * ".length()))
                .collect(Collectors.joining("\n"));
    }

    private static void compile(Path source, Path folder) throws URISyntaxException {
        Path engine = Path.of(Network.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        int status = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-nowarn", "-d", folder.toString(), "-cp", engine.toString(), source.toString());
        assertThat(status).as("status of the compiler").isZero();
    }
}
