package io.backprop.training.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.Await;
import io.backprop.ServiceTestBase;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The header {@code Prefer}. */
class TrainingWaitTests extends ServiceTestBase {

    @Test
    void waitsForTheEndByDefault() {
        HttpResponse<String> response = post("/models/" + create("") + "/train", "{" + XOR + "}");

        assertThat(json(response, 200).path("state").asString()).isEqualTo("succeeded");
        assertThat(response.headers().firstValue("Preference-Applied")).isEmpty();
        assertThat(response.headers().firstValue("Location")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            respond-async   | respond-async
            wait=0          | respond-async
            wait=1          | wait=1
            WAIT = "1"      | wait=1
            respond-async, wait=1 | wait=1
            wait=1; foo=bar | wait=1
            foo="a, b"; c="d, e", wait=1, wait=0 | wait=1
            nowait=99, wait="1", x-respond-async | wait=1
            foo; wait=99, respond-async; bar | respond-async
            """)
    void acceptsTrainingThatTakesLonger(String prefer, String applied) {
        String id = create("");

        HttpResponse<String> response = train(id, prefer, ENDLESS);

        JsonNode training = json(response, 202);
        assertThat(header(response, "Location")).isEqualTo("/models/" + id + "/trainings/1");
        assertThat(header(response, "Retry-After")).isEqualTo("1");
        assertThat(header(response, "Preference-Applied")).isEqualTo(applied);
        assertThat(training.path("state").asString()).isIn("queued", "running");
        assertThat(training.path("progress").asDouble()).isLessThan(1);
        for (String unknown :
                new String[] {"stopReason", "bestEpoch", "version", "finishedAt", "error", "trainingMetrics"}) {
            assertThat(training.path(unknown).isNull()).as(unknown).isTrue();
        }
        assertThat(model(id).path("state").asString()).isEqualTo("training");
        delete("/models/" + id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wait=60", "wait=59", "respond-async, wait=60"})
    void returnsTrainingThatEndsInTime(String prefer) {
        HttpResponse<String> response = train(create(""), prefer, XOR);

        assertThat(json(response, 200).path("state").asString()).isEqualTo("succeeded");
        assertThat(header(response, "Preference-Applied")).startsWith("wait=");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "return=minimal",
                "nowait=99",
                "foo; wait=99",
                "x=\"wait=99\"",
                "x=\"a, wait=99\"",
                "x=\"a, wait=99",
                "x-respond-async",
                ""
            })
    void ignoresOtherPreferences(String prefer) {
        HttpResponse<String> response = train(create(""), prefer, XOR);

        assertThat(json(response, 200).path("state").asString()).isEqualTo("succeeded");
        assertThat(response.headers().firstValue("Preference-Applied")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "wait=61, 422, invalid-field",
        "wait=-1, 422, invalid-field",
        "wait=99999999999999999999, 422, invalid-field",
        "wait=abc, 400, unreadable-parameter",
        "wait=1.5, 400, unreadable-parameter",
        "wait=, 400, unreadable-parameter"
    })
    void rejectsInvalidWaitBeforeTraining(String prefer, int status, String type) {
        String id = create("");

        JsonNode problem = problem(train(id, prefer, XOR), status, type);

        assertThat(problem.at("/errors/0/parameter").asString()).isEqualTo("Prefer");
        assertThat(problem.at("/errors/0/detail").asString())
                .isEqualTo("must wait 0 to 60 seconds, but was \"" + prefer + "\"");
        assertThat(json(get("/models/" + id + "/trainings"), 200)
                        .path("trainings")
                        .size())
                .isZero();
    }

    @Test
    void continuesAfterTheClientHasGone() throws Exception {
        String id = create("");
        String body = "{" + XOR + ", \"epochs\": 400000}";
        try (Socket client = new Socket("localhost", port)) {
            String request = """
                    POST /models/%s/train HTTP/1.1
                    Host: localhost
                    Content-Type: application/json
                    Content-Length: %d

                    %s""".formatted(id, body.length(), body);
            client.getOutputStream().write(request.replace("\n", "\r\n").getBytes(UTF_8));
            Await.until(() -> get("/models/" + id + "/trainings/1").statusCode() == 200);
        }

        JsonNode training = awaitEnd("/models/" + id + "/trainings/1");

        assertThat(training.path("state").asString()).isEqualTo("succeeded");
        assertThat(training.path("epochsCompleted").asInt()).isEqualTo(400_000);
    }

    private HttpResponse<String> train(String id, String prefer, String fields) {
        return send(request("/models/" + id + "/train")
                .header("Content-Type", "application/json")
                .header("Prefer", prefer)
                .POST(BodyPublishers.ofString("{" + fields + "}")));
    }
}
