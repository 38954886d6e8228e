package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uses the jar of the engine, which Maven builds before the tests, as an application would that has no other library. */
class LibraryTests {

    private static final Path EXAMPLE = Path.of("src/docs/Xor.java");
    private static final Path ENGINE_SOURCES = Path.of("src/main/java/io/backprop/engine");
    private static final String MODULE = "io.backprop.engine";
    private static final String CLASSES_OF_XOR = "[0, 1, 1, 0]\n";

    /** Options of java without the vector module, and with it: the kernels named must be available. */
    private static final String SCALAR = "-Dbackprop.kernel=scalar";

    private static final String SIMD = "-Dbackprop.kernel=simd --add-modules=jdk.incubator.vector";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {SCALAR, SIMD})
    void exampleRunsOnTheClassPath(String options) throws IOException, InterruptedException {
        assertThat(compile("-cp", jar().toString(), EXAMPLE.toString())).isEmpty();
        assertThat(java(options, "-cp", jar() + File.pathSeparator + folder, "Xor"))
                .isEqualTo(CLASSES_OF_XOR);
    }

    @ParameterizedTest
    @ValueSource(strings = {SCALAR, SIMD})
    void exampleRunsAsModule(String options) throws IOException, InterruptedException {
        assertThat(compileModule("package example;\n" + Files.readString(EXAMPLE)))
                .isEmpty();
        String path = jar() + File.pathSeparator + folder;
        assertThat(java(options, "--module-path", path, "-m", "example/example.Xor"))
                .isEqualTo(CLASSES_OF_XOR);
    }

    @Test
    void exportsOnlyTheEngine() throws IOException {
        ModuleDescriptor descriptor =
                ModuleFinder.of(jar()).find(MODULE).orElseThrow().descriptor();
        assertThat(descriptor.exports()).extracting(Exports::source).containsExactly(MODULE);
        assertThat(descriptor.requires())
                .filteredOn(required -> !required.modifiers().contains(Requires.Modifier.STATIC))
                .extracting(Requires::name)
                .containsExactlyInAnyOrder("java.base", "jdk.management");
        assertThat(compileModule("package example; class Kernels { io.backprop.engine.kernel.Kernels kernels; }"))
                .contains("package io.backprop.engine.kernel is not visible");
    }

    @Test
    void containsOnlyTheEngine() throws IOException {
        StringWriter names = new StringWriter();
        run("jar", names, "--list", "--file", jar().toString());
        assertThat(names.toString().lines())
                .filteredOn(name -> name.endsWith(".class"))
                .allMatch(name ->
                        name.startsWith("io/backprop/engine/") || name.equals("META-INF/versions/17/module-info.class"))
                .contains("io/backprop/engine/Network.class", "io/backprop/engine/kernel/SimdKernels.class");
    }

    @Test
    void documentationHasNoWarnings() throws IOException, URISyntaxException {
        Path annotations = Path.of(NullMarked.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<String> arguments = new ArrayList<>(List.of(
                "-quiet",
                "-Werror",
                "-Xdoclint:all,-missing",
                "-d",
                folder.toString(),
                "-cp",
                jar() + File.pathSeparator + annotations));
        try (Stream<Path> sources = Files.list(ENGINE_SOURCES)) {
            sources.map(Path::toString).filter(name -> name.endsWith(".java")).forEach(arguments::add);
        }
        StringWriter output = new StringWriter();
        assertThat(run("javadoc", output, arguments.toArray(String[]::new)))
                .as(output.toString())
                .isZero();
    }

    @Test
    void documentationShowsTheExample() throws IOException {
        String example = Files.readString(EXAMPLE);
        assertThat(section()).contains("```java\n" + example + "```\n");
        String statements = example.lines()
                .filter(line -> line.startsWith("        "))
                .map(line -> " * " + line.strip() + "\n")
                .collect(Collectors.joining());
        assertThat(statements.lines()).hasSize(10);
        assertThat(ENGINE_SOURCES.resolve("package-info.java"))
                .content()
                .contains("<pre>{@code\n" + statements + " * }</pre>");
    }

    @Test
    void readmeNamesTheVersion() throws IOException {
        Matcher version = Pattern.compile("<version>(.*)</version>").matcher(section());
        assertThat(version.find()).isTrue();
        assertThat(jar()).hasFileName("backprop-" + version.group(1) + "-engine.jar");
    }

    @Test
    void commandOfTheReadmeRunsTheExample() throws IOException, InterruptedException {
        Requirement.program("bash");
        Matcher commands = Pattern.compile("```sh\n\\./mvnw process-classes\n(java .*\n)```\n")
                .matcher(section());
        assertThat(commands.find()).isTrue();
        assertThat(output(new ProcessBuilder("bash", "-c", commands.group(1)))).isEqualTo(CLASSES_OF_XOR);
    }

    private static String section() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        int start = readme.indexOf("\n## As a library\n");
        return readme.substring(start, readme.indexOf("\n## ", start + 1));
    }

    private static Path jar() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target/library"))) {
            return files.filter(file -> file.toString().endsWith("-engine.jar"))
                    .findAny()
                    .orElseThrow();
        }
    }

    /** Compiles a class of a module that requires the engine, and returns the messages of the compiler. */
    private String compileModule(String source) throws IOException {
        Path module = Files.writeString(
                folder.resolve("module-info.java"), "module example { requires %s; }".formatted(MODULE));
        Path file = Files.writeString(folder.resolve("Xor.java"), source);
        return compile("--module-path", jar().toString(), module.toString(), file.toString());
    }

    private String compile(String... arguments) {
        StringWriter messages = new StringWriter();
        run(
                "javac",
                messages,
                Stream.concat(Stream.of("-Xlint:all", "-d", folder.toString()), Stream.of(arguments))
                        .toArray(String[]::new));
        return messages.toString();
    }

    private static int run(String tool, StringWriter output, String... arguments) {
        PrintWriter writer = new PrintWriter(output);
        return ToolProvider.findFirst(tool).orElseThrow().run(writer, writer, arguments);
    }

    private static String java(String options, String... arguments) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return output(
                new ProcessBuilder(Stream.of(Stream.of(java), Stream.of(options.split(" ", -1)), Stream.of(arguments))
                        .flatMap(strings -> strings)
                        .toList()));
    }

    private static String output(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(String.join(" ", builder.command())).isZero();
        return output;
    }
}
