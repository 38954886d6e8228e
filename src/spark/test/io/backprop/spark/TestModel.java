package io.backprop.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.Await;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A model of the service, with its trainings. */
final class TestModel {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Duration POLL = Duration.ofMillis(50);

    private final ServiceProcess service;
    private final String id;

    private TestModel(ServiceProcess service, String id) {
        this.service = service;
        this.id = id;
    }

    /** Creates a model with settings such as {@code "seed": 1}. */
    static TestModel create(ServiceProcess service, String id, String settings) {
        service.post("/models", "{\"id\": \"%s\", %s}".formatted(id, settings));
        return new TestModel(service, id);
    }

    /** Starts a training with options such as {@code "table": "t"}, and returns its number. */
    int start(String options) {
        return training(request("/train", "application/json", "{%s}".formatted(options), 0))
                .path("number")
                .asInt();
    }

    /** Trains with a table in CSV in the service itself, with options as query parameters, and returns the training. */
    JsonNode trainLocally(TestTable table, String options) {
        JsonNode training = training(request("/train?" + options, "text/csv", table.csv(), 60));
        return awaitEnd(training.path("number").asInt());
    }

    private HttpRequest request(String path, String type, String body, int wait) {
        return HttpRequest.newBuilder(service.url().resolve("/models/" + id + path))
                .header("Content-Type", type)
                .header("Prefer", "wait=" + wait)
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private JsonNode training(HttpRequest request) {
        return MAPPER.readTree(service.send(request).body());
    }

    JsonNode training(int number) {
        return service.get("/models/%s/trainings/%d".formatted(id, number));
    }

    JsonNode awaitEnd(int number) {
        return await(number, training -> !training.path("finishedAt").isNull());
    }

    /** Waits until a training has completed an epoch. */
    void awaitEpoch(int number, int epoch) {
        await(
                number,
                training -> training.path("epochsCompleted").asInt() >= epoch
                        || !training.path("finishedAt").isNull());
    }

    private JsonNode await(int number, Predicate<JsonNode> condition) {
        return Await.until(
                () -> {
                    try {
                        Thread.sleep(POLL.toMillis());
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return training(number);
                },
                condition);
    }

    JsonNode awaitSuccess(int number) {
        JsonNode training = awaitEnd(number);
        assertThat(training.path("state").asString()).as("%s", training).isEqualTo("succeeded");
        return training;
    }

    void cancel(int number, boolean keep) {
        service.post("/models/%s/trainings/%d/cancel?keep=%s".formatted(id, number, keep), "");
    }

    JsonNode history(int number) {
        return service.get("/models/%s/trainings/%d/history".formatted(id, number));
    }

    JsonNode get() {
        return service.get("/models/" + id);
    }

    /** The SHA-256 of the parameters. */
    String parameters() {
        try {
            byte[] parameters = service.bytes("/models/%s/parameters".formatted(id));
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(parameters));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
