package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the source files must look like, beyond what a formatter can see to. */
class SourceTests {

    private static final int MAX_LINES = 250;

    @Test
    void filesAreShortButForTheSimdKernel() throws IOException {
        assertThat(javaFilesIn(Path.of("src")))
                .isNotEmpty()
                .filteredOn(file -> !file.getFileName().toString().startsWith("Simd"))
                .allSatisfy(file -> assertThat(Files.readAllLines(file)).hasSizeLessThanOrEqualTo(MAX_LINES));
    }

    @Test
    void packagesSayWhatTheyAreAndAllowNoNulls() throws IOException {
        assertThat(javaFilesIn(Path.of("src/main/java")))
                .extracting(Path::getParent)
                .isNotEmpty()
                .allSatisfy(folder -> assertThat(folder.resolve("package-info.java"))
                        .content()
                        .startsWith("/**")
                        .contains("@NullMarked\npackage "));
    }

    private static List<Path> javaFilesIn(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
