package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** Base class for tests of the complete service with its default settings. */
@SpringBootTest(classes = Application.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
public abstract class ServiceTestBase extends HttpTestBase {

    /** Fields with the examples of XOR, which two layers can learn. */
    protected static final String XOR = "\"inputs\": [[0,0],[0,1],[1,0],[1,1]], \"targets\": [[0],[1],[1],[0]]";

    /** Fields of a training that takes longer than any test. */
    protected static final String ENDLESS =
            """
            "inputs": [%s[1,1]], "targets": [%s0], "epochs": 1000000""".formatted("[0,0],[0,1],[1,0],[1,1],".repeat(1_000), "0,1,1,0,".repeat(1_000));

    private static final AtomicInteger CREATED = new AtomicInteger();

    /** Sets a new store for each start of the service. */
    @DynamicPropertySource
    static void store(DynamicPropertyRegistry registry) {
        registry.add("backprop.store.folder", TestFolders.create()::toString);
    }

    protected static String newId() {
        return "test-" + CREATED.incrementAndGet();
    }

    /** Creates a model with the given fields, a new id and, unless they have one, a seed. Returns the id. */
    protected String create(String fields) {
        String id = newId();
        String seed = fields.contains("\"seed\"") || fields.contains("\"copyOf\"") ? "" : ", \"seed\": 1";
        json(post("/models", "{\"id\": \"%s\"%s%s%s}".formatted(id, seed, fields.isEmpty() ? "" : ", ", fields)), 201);
        return id;
    }

    protected JsonNode model(String id) {
        return json(get("/models/" + id), 200);
    }

    /** Trains a model, waits for the end of the training and returns it. */
    protected JsonNode train(String id, String fields) {
        return awaitEnd(post("/models/" + id + "/train", "{" + fields + "}"));
    }

    /** Returns the training of a response, and waits for its end if it was still running. */
    protected JsonNode awaitEnd(HttpResponse<String> response) {
        return response.statusCode() == 202 ? awaitEnd(header(response, "Location")) : json(response, 200);
    }

    /** Returns the training of a request that has waited for a training that fails. */
    protected JsonNode failure(HttpResponse<String> response, int status, String type) {
        if (response.statusCode() == 202) {
            return awaitEnd(header(response, "Location"));
        }
        JsonNode training = problem(response, status, type).path("training");
        assertThat(json(response, status).path("detail")).isEqualTo(training.path("error"));
        return training;
    }

    /** Starts a training asynchronously. */
    protected HttpResponse<String> begin(String id, String fields) {
        return send(request("/models/" + id + "/train")
                .header("Content-Type", "application/json")
                .header("Prefer", "respond-async")
                .POST(BodyPublishers.ofString("{" + fields + "}")));
    }

    protected JsonNode awaitEnd(String path) {
        return Await.until(
                () -> json(get(path), 200),
                training -> !training.path("finishedAt").isNull());
    }

    /** Returns the history of a training. */
    protected JsonNode history(JsonNode training) {
        String path = "/models/%s/trainings/%d/history"
                .formatted(
                        training.path("model").asString(),
                        training.path("number").asInt());
        return json(get(path), 200);
    }

    /** Waits for the first epoch of a training. */
    protected void awaitEpoch(String path) {
        Await.until(() -> epochs(path) > 0);
    }

    protected int epochs(String path) {
        return json(get(path), 200).path("epochsCompleted").asInt();
    }

    protected JsonNode predict(String id, String inputs) {
        return json(post("/models/" + id + "/predict", "{\"inputs\": " + inputs + "}"), 200);
    }
}
