package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** The log of a service that writes it as JSON. */
@Execution(ExecutionMode.CONCURRENT)
class LogTests extends HttpTestBase {

    private final Path store = TestFolders.create();

    @Test
    void linesAreObjectsWithFiguresAndRequestIds() throws Exception {
        try (ChildService service = ChildService.start(store, "-Dlogging.structured.format.console=ecs")) {
            port = service.port();
            List.of("bash", "curl").forEach(Requirement::program);
            assertThat(service.output()).doesNotContain("was not registered");
            assertThat(await(service, "Console: ").path("message").asString())
                    .endsWith("http://localhost:" + port + "/");
            assertThat(await(service, "Documentation to try out: ")
                            .path("message")
                            .asString())
                    .endsWith("http://localhost:" + port + "/swagger-ui.html");
            assertThat(await(service, "Models and trainings are kept in ")
                            .path("message")
                            .asString())
                    .endsWith(store.toString());
            String example =
                    await(service, "A first training: ").path("message").asString();
            assertThat(run(example.substring(example.indexOf("curl"))))
                    .contains("\"id\":\"xor\"", "\"model\":\"xor\",\"number\":1,");

            json(post("/models", "{\"id\": \"logged\"}"), 201);
            json(post("/models/logged/train", """
                    {"inputs": [[1],[2]], "targets": [2,4], "epochs": 3}"""), 200);
            json(
                    send(request("/actuator/backup")
                            .header("Content-Type", "application/json")
                            .header("X-Request-Id", "backup-1")
                            .POST(BodyPublishers.noBody())),
                    200);

            JsonNode training =
                    await(service, line -> line.path("model").asString().equals("logged"));
            assertThat(training.path("epochsCompleted").intValue()).isEqualTo(3);
            assertThat(training.path("loss").isNumber()).isTrue();
            JsonNode backup = await(service, "Backup written");
            assertThat(backup.path("requestId").asString()).isEqualTo("backup-1");
        }
    }

    private JsonNode await(ChildService service, Predicate<JsonNode> condition) {
        return Await.until(() -> line(service, condition), line -> !line.isMissingNode());
    }

    private JsonNode await(ChildService service, String message) {
        return await(service, line -> line.path("message").asString().startsWith(message));
    }

    private static String run(String command) throws IOException {
        Process process = new ProcessBuilder("bash", "-c", command).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Returns the line that meets a condition. Fails if a line of the service is no object. */
    private JsonNode line(ChildService service, Predicate<JsonNode> condition) {
        return service.output()
                .lines()
                .filter(line -> !line.startsWith("OpenJDK ") && !line.startsWith("WARNING: ")) // of the JVM
                .map(mapper::readTree)
                .filter(condition)
                .findFirst()
                .orElse(mapper.missingNode());
    }
}
