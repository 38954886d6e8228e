package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A repeated request with an idempotency key starts one training. */
class IdempotencyTests extends ServiceTestBase {

    private static final String BODY = "{" + XOR + "}";

    @Test
    void returnsTheSameTrainingForTheSameKeyAndBody() {
        String id = create("");

        JsonNode first = json(train(id, "key", BODY), 200);

        assertThat(json(train(id, "key", BODY), 200)).isEqualTo(first);
        assertThat(trainings(id)).isEqualTo(1);
        assertThat(model(id).path("version").asInt()).isEqualTo(1);
    }

    @Test
    void returnsTheSameTrainingInAnyState() throws Exception {
        String id = create("");
        HttpResponse<String> first = train(id, "key", "{" + ENDLESS + "}", "respond-async");
        HttpResponse<String> second = train(id, "key", "{" + ENDLESS + "}", "respond-async");

        assertThat(json(second, 202).path("number").asInt()).isEqualTo(1);
        assertThat(header(second, "Location")).isEqualTo(header(first, "Location"));

        CompletableFuture<HttpResponse<String>> waiting =
                CompletableFuture.supplyAsync(() -> train(id, "key", "{" + ENDLESS + "}"));
        post(header(first, "Location") + "/cancel", "");

        assertThat(json(waiting.join(), 200).path("state").asString()).isEqualTo("cancelled");
        assertThat(json(train(id, "key", "{" + ENDLESS + "}"), 200)).isEqualTo(json(waiting.join()));
        assertThat(trainings(id)).isEqualTo(1);
    }

    @Test
    void rejectsReusedKey() {
        String id = create("");
        train(id, "key", BODY);

        for (String other : List.of("{" + XOR + ", \"epochs\": 5}", BODY + " ")) {
            JsonNode problem = problem(train(id, "key", other), 422, "idempotency-key-reused");
            assertThat(problem.path("detail").asString())
                    .isEqualTo("training 1 was started with this Idempotency-Key, but with another body");
        }
        assertThat(trainings(id)).isEqualTo(1);
    }

    @Test
    void queryOfATableIsPartOfTheRequest() {
        String id = create("\"hidden\": []");
        String rows = "x,y\n1,2\n2,3\n";

        assertThat(number(table(id, "target=y&epochs=2", rows))).isEqualTo(1);
        assertThat(number(table(id, "target=y&epochs=2", rows))).isEqualTo(1);
        problem(table(id, "target=y&epochs=3", rows), 422, "idempotency-key-reused");
        problem(table(id, "target=y&epochs=2", rows + "3,4\n"), 422, "idempotency-key-reused");
    }

    private HttpResponse<String> table(String id, String query, String body) {
        return send(request("/models/%s/train?%s".formatted(id, query))
                .header("Content-Type", "text/csv")
                .header("Idempotency-Key", "key")
                .POST(BodyPublishers.ofString(body)));
    }

    @Test
    void rejectsReusedKeyWhileTheTrainingRuns() {
        String id = create("");
        train(id, "key", "{" + ENDLESS + "}", "respond-async");

        problem(train(id, "key", BODY), 422, "idempotency-key-reused");
        problem(train(id, "other", BODY), 409, "training-running");
        delete("/models/" + id);
    }

    @Test
    void keyBelongsToItsModel() {
        String id = create("");
        String other = create("");
        train(id, "key", BODY);

        assertThat(number(train(other, "key", BODY))).isEqualTo(1);
        assertThat(number(train(id, "another", BODY))).isEqualTo(2);
        assertThat(number(post("/models/" + id + "/train", BODY))).isEqualTo(3);
        assertThat(number(post("/models/" + id + "/train", BODY))).isEqualTo(4);
        assertThat(number(train(id, "key", BODY))).isEqualTo(1);
    }

    @Test
    void keyOutlivesTheLastTwentyTrainings() {
        String id = create("");
        String brief = "{" + XOR + ", \"epochs\": 1}";
        JsonNode first = json(train(id, "key", brief), 200);
        for (int i = 0; i < 21; i++) {
            post("/models/" + id + "/train", brief);
        }

        assertThat(trainings(id)).isEqualTo(20);
        assertThat(json(train(id, "key", brief), 200)).isEqualTo(first);
        problem(train(id, "key", BODY), 422, "idempotency-key-reused");
    }

    @Test
    void keyIsDeletedWithItsModel() {
        String id = create("");
        train(id, "key", BODY);
        train(id, "other", BODY);

        delete("/models/" + id);
        json(post("/models", "{\"id\": \"" + id + "\"}"), 201);

        assertThat(number(train(id, "other", BODY))).isEqualTo(1);
    }

    @Test
    void rejectedRequestDoesNotUseItsKey() {
        String id = create("\"inputs\": 2");

        problem(train(id, "key", "{\"inputs\": [[1,2,3]], \"targets\": [1]}"), 422, "invalid-field");
        problem(train(id, "key", "{\"inputs\": [["), 400, "unreadable-body");
        problem(train("missing", "key", BODY), 404, "model-not-found");

        assertThat(number(train(id, "key", BODY))).isEqualTo(1);
    }

    @Test
    void simultaneousRequestsStartOneTraining() {
        for (int round = 0; round < 5; round++) {
            String id = create("");
            List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 16)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> train(id, "key", BODY)))
                    .toList();

            JsonNode first = json(answers.get(0).join(), 200);
            assertThat(answers)
                    .allSatisfy(answer -> assertThat(json(answer.join(), 200)).isEqualTo(first));
            assertThat(trainings(id)).isEqualTo(1);
            assertThat(model(id).path("version").asInt()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"", "a b", "~!@#$%^&*()"})
    void acceptsAnyPrintableAscii(String key) {
        String id = create("");

        assertThat(number(train(id, key, BODY))).isEqualTo(1);
        assertThat(number(train(id, key, BODY))).isEqualTo(1);
        assertThat(number(train(id, "x".repeat(255), BODY))).isEqualTo(2);
    }

    @Test
    void rejectsInvalidKey() throws Exception {
        String id = create("");

        assertRefused(train(id, "x".repeat(256), BODY), "must have 1 to 255 characters, but has 256");
        assertRefused(train(id, "", BODY), "must have 1 to 255 characters, but has 0");
        assertRefused(train(id, "a\tb", BODY), "must be printable ASCII, but was \"a\tb\"");
        assertThat(rawly(id, "a\r\nIdempotency-Key: a"))
                .startsWith("HTTP/1.1 400 ")
                .contains("is given more than once");
        assertThat(rawly(id, "schl\u00fcssel")).startsWith("HTTP/1.1 400 ").contains("must be printable ASCII");
        assertThat(trainings(id)).isZero();
    }

    private void assertRefused(HttpResponse<String> response, String detail) {
        JsonNode problem = problem(response, 400, "unreadable-parameter");
        assertThat(problem.at("/errors/0/parameter").asString()).isEqualTo("Idempotency-Key");
        assertThat(problem.at("/errors/0/detail").asString()).isEqualTo(detail);
    }

    /** Sends a header that HTTP clients refuse to send. */
    private String rawly(String id, String key) throws IOException {
        String head = "POST /models/%s/train HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n".formatted(id)
                + "Content-Type: application/json\r\nContent-Length: %d\r\nIdempotency-Key: %s\r\n\r\n"
                        .formatted(BODY.length(), key);
        try (Socket socket = new Socket("localhost", port)) {
            socket.getOutputStream().write((head + BODY).getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private HttpResponse<String> train(String id, String key, String body) {
        return train(id, key, body, "wait=60");
    }

    private HttpResponse<String> train(String id, String key, String body, String prefer) {
        return send(request("/models/" + id + "/train")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .header("Prefer", prefer)
                .POST(BodyPublishers.ofString(body)));
    }

    private int number(HttpResponse<String> response) {
        return json(response, 200).path("number").asInt();
    }

    private int trainings(String id) {
        return json(get("/models/" + id + "/trainings"), 200).path("trainings").size();
    }
}
