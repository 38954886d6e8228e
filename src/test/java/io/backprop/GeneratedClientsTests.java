package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tools.jackson.databind.JsonNode;

/**
 * Generates clients from the OpenAPI document and walks through the service with them. Runs on demand, because the generator
 * is large: {@code ./mvnw -Pclients test -Dtest=GeneratedClientsTests}.
 */
@EnabledIfSystemProperty(named = "test.clients.generator", matches = ".+")
class GeneratedClientsTests extends ServiceTestBase {

    private static final String GENERATOR = System.getProperty("test.clients.generator");
    private static final Path WALKS = Path.of("src/test/resources/clients");

    private final Path folder = TestFolders.create();
    private final Path document = folder.resolve("openapi.json");

    @BeforeEach
    void writeDocument() throws Exception {
        Files.writeString(document, get("/v3/api-docs").body());
    }

    /** The generator validates with swagger-parser. */
    @Test
    void documentIsValid() throws Exception {
        assertThat(run("java", "-jar", GENERATOR, "validate", "--recommend", "-i", document.toString()))
                .contains("No validation issues detected");
    }

    @Test
    void javaClientPredictsExclusiveOr() throws Exception {
        String classPath = System.getProperty("java.class.path");
        String classes = folder.resolve("classes").toString();
        generate(
                "java",
                "library=native,invokerPackage=client,apiPackage=client.api,modelPackage=client.model,"
                        + "useJakartaEe=true,useSingleRequestParameter=true");
        List<String> compile = new ArrayList<>(List.of("javac", "-nowarn", "-d", classes, "-cp", classPath));
        compile.add(WALKS.resolve("XorWalk.java").toString());
        try (Stream<Path> sources = Files.walk(folder.resolve("java/src/main/java"))) {
            sources.map(Path::toString).filter(name -> name.endsWith(".java")).forEach(compile::add);
        }
        run(compile.toArray(String[]::new));

        assertPredicts(run("java", "-cp", classes + File.pathSeparator + classPath, "XorWalk", service()));
    }

    @Test
    void pythonClientPredictsExclusiveOr() throws Exception {
        Requirement.program("python3");
        Requirement.met(
                "the Python packages pydantic, urllib3 and dateutil",
                new ProcessBuilder("python3", "-c", "import pydantic, urllib3, dateutil")
                                .start()
                                .waitFor()
                        == 0);
        generate("python", "packageName=client");
        Path walk = Files.copy(WALKS.resolve("xor_walk.py"), folder.resolve("python/xor_walk.py"));

        assertPredicts(run("python3", walk.toString(), service()));
    }

    private void generate(String language, String properties) throws Exception {
        run(
                "java",
                "-jar",
                GENERATOR,
                "generate",
                "-g",
                language,
                "-i",
                document.toString(),
                "-o",
                folder.resolve(language).toString(),
                "--additional-properties=" + properties);
    }

    private String service() {
        return "http://localhost:" + port;
    }

    private void assertPredicts(String output) {
        JsonNode predictions = mapper.readTree(output);
        assertThat(predictions.toString()).isEqualTo("[[0.011289564],[0.9771447],[0.97887707],[0.032158915]]");
    }

    private static String run(String... command) throws Exception {
        Path errors = Files.createTempFile("command", ".log");
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output + Files.readString(errors)).isZero();
        return output;
    }
}
