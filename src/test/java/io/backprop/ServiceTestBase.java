package io.backprop;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** The whole service, as it starts for anyone. */
@SpringBootTest(classes = Application.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
public abstract class ServiceTestBase extends HttpTestBase {

    /** Rows of the exclusive or, which two layers learn. */
    protected static final String XOR = "\"inputs\": [[0,0],[0,1],[1,0],[1,1]], \"targets\": [[0],[1],[1],[0]]";

    /** More epochs, and more examples in each, than any test waits for. */
    protected static final String ENDLESS = "\"inputs\": [%s[1,1]], \"targets\": [%s0], \"epochs\": 1000000"
            .formatted("[0,0],[0,1],[1,0],[1,1],".repeat(250), "0,1,1,0,".repeat(250));

    private static final AtomicInteger CREATED = new AtomicInteger();

    /** A store of its own for each start of the service. */
    @DynamicPropertySource
    static void store(DynamicPropertyRegistry registry) {
        registry.add("backprop.store.folder", TestFolders.create()::toString);
    }

    protected static String newId() {
        return "test-" + CREATED.incrementAndGet();
    }

    /** Creates a model of the given fields under an id of its own, and gives the id. */
    protected String create(String fields) {
        String id = newId();
        json(post("/models", "{\"id\": \"%s\"%s%s}".formatted(id, fields.isEmpty() ? "" : ", ", fields)), 201);
        return id;
    }

    protected JsonNode model(String id) {
        return json(get("/models/" + id), 200);
    }

    /** Trains to the end, whatever that is, and gives the training. */
    protected JsonNode train(String id, String fields) {
        return json(post("/models/" + id + "/train", "{" + fields + "}"), 200);
    }

    /** Begins a training without waiting for its end. */
    protected HttpResponse<String> begin(String id, String fields) {
        return send(request("/models/" + id + "/train")
                .header("Content-Type", "application/json")
                .header("Prefer", "respond-async")
                .POST(BodyPublishers.ofString("{" + fields + "}")));
    }

    /** Waits for the end of a training, at most half a minute. */
    protected JsonNode awaitEnd(String path) {
        long deadline = System.nanoTime() + 30_000_000_000L;
        JsonNode training = json(get(path), 200);
        while (training.path("finishedAt").isNull()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("still going on: " + training);
            }
            LockSupport.parkNanos(5_000_000);
            training = json(get(path), 200);
        }
        return training;
    }

    protected JsonNode predict(String id, String inputs) {
        return json(post("/models/" + id + "/predict", "{\"inputs\": " + inputs + "}"), 200);
    }
}
