package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** The log as JSON. */
@Execution(ExecutionMode.CONCURRENT)
class StructuredLogTests extends HttpTestBase {

    @Test
    void linesAreObjectsWithFiguresAndRequestIds() throws Exception {
        try (ChildService service = ChildService.start("-Dlogging.structured.format.console=ecs")) {
            port = service.port();
            json(post("/models", "{\"id\": \"logged\"}"), 201);
            json(post("/models/logged/train", """
                    {"inputs": [[1],[2]], "targets": [2,4], "epochs": 3}"""), 200);
            json(
                    send(request("/actuator/backup")
                            .header("Content-Type", "application/json")
                            .header("X-Request-Id", "backup-1")
                            .POST(BodyPublishers.noBody())),
                    200);

            JsonNode training = Await.until(() -> line(service, "Training ended"), line -> !line.isMissingNode());
            assertThat(training.path("model").asString()).isEqualTo("logged");
            assertThat(training.path("epochsCompleted").intValue()).isEqualTo(3);
            assertThat(training.path("loss").isNumber()).isTrue();
            JsonNode backup = Await.until(() -> line(service, "Backup written"), line -> !line.isMissingNode());
            assertThat(backup.path("requestId").asString()).isEqualTo("backup-1");
        }
    }

    /** Returns the line whose message begins so. Fails if a line of the service is no object. */
    private JsonNode line(ChildService service, String message) {
        return service.output()
                .lines()
                .filter(line -> !line.startsWith("OpenJDK ") && !line.startsWith("WARNING: ")) // of the JVM
                .map(mapper::readTree)
                .filter(line -> line.path("message").asString().startsWith(message))
                .findFirst()
                .orElse(mapper.missingNode());
    }
}
