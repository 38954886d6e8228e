package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** The state of the service after it is stopped and started again. */
@Execution(ExecutionMode.CONCURRENT)
class RestartTests extends HttpTestBase {

    private static final String XOR = "{\"inputs\": [[0,0],[0,1],[1,0],[1,1]], \"targets\": [[0],[1],[1],[0]]}";

    private final Path store = TestFolders.create();

    @SuppressWarnings("NullAway.Init")
    private ChildService service;

    @BeforeEach
    void start() throws IOException {
        service = ChildService.start(store);
        port = service.port();
    }

    @AfterEach
    void stop() throws InterruptedException {
        service.terminate();
    }

    @Test
    void keepsModels() throws Exception {
        json(post("/models", """
                {"id": "untrained", "seed": 7}"""), 201);
        json(post("/models", """
                {"id": "known", "inputs": 2, "outputs": 1, "seed": 8}"""), 201);
        json(post("/models", """
                {"id": "trained", "hidden": [{"units": 5, "dropout": 0.1}], "l2": 1e-5, "globalClipNorm": 3,
                 "optimizer": {"type": "adamw", "weightDecay": 0.01}, "seed": -1}"""), 201);
        json(post("/models/trained/train", XOR), 200);
        json(post("/models", """
                {"id": "labelled", "hidden": []}"""), 201);
        json(post("/models/labelled/train", """
                {"inputs": [[1],[2],[3]], "targets": ["a","b","c"]}"""), 200);
        json(post("/models", "{\"id\": \"deleted\"}"), 201);
        assertThat(delete("/models/deleted").statusCode()).isEqualTo(204);
        String[] paths = {
            "/models",
            "/models/untrained",
            "/models/known",
            "/models/known/parameters",
            "/models/trained",
            "/models/trained/parameters",
            "/models/trained/trainings",
            "/models/labelled",
            "/models/labelled/parameters"
        };
        String[] before = answers(paths);
        String tag = header(get("/models/trained"), "ETag");

        stop();
        start();

        assertThat(answers(paths)).isEqualTo(before);
        assertThat(header(get("/models/trained"), "ETag")).isEqualTo(tag);
        problem(get("/models/deleted"), 404, "model-not-found");
        problem(post("/models", "{\"id\": \"trained\"}"), 409, "model-exists");
    }

    private String[] answers(String[] paths) {
        String[] answers = new String[paths.length];
        for (int i = 0; i < paths.length; i++) {
            answers[i] = json(get(paths[i]), 200).toString();
        }
        return answers;
    }

    @Test
    void nextTrainingContinuesFromTheStoredModel() throws Exception {
        json(post("/models", """
                {"id": "xor", "layerCount": 2, "seed": 42}"""), 201);
        json(post("/models/xor/train", XOR), 200);
        json(post("/models", """
                {"id": "twin", "layerCount": 2, "seed": 42}"""), 201);
        json(post("/models/twin/train", XOR), 200);
        json(post("/models/twin/train", XOR), 200);

        stop();
        start();
        json(post("/models/xor/train", XOR), 200);

        JsonNode model = json(get("/models/xor"), 200);
        assertThat(model.path("epochs").asInt()).isEqualTo(200);
        assertThat(model.path("version").asInt()).isEqualTo(2);
        assertThat(get("/models/xor/parameters").body())
                .isEqualTo(get("/models/twin/parameters").body());
    }

    @Test
    void resumesRunningTraining() throws Exception {
        json(post("/models", "{\"id\": \"xor\"}"), 201);
        String endless = XOR.replace("]]}", "]], \"epochs\": 1000000, \"batchSize\": 1}");
        HttpRequest.Builder request = request("/models/xor/train")
                .header("Content-Type", "application/json")
                .header("Prefer", "respond-async");
        json(send(request.POST(BodyPublishers.ofString(endless))), 202);
        int before = Await.until(this::epochsCompleted, epochs -> epochs > 0);

        stop();
        start();

        JsonNode training = json(get("/models/xor/trainings/1"), 200);
        assertThat(training.path("state").asString()).isIn("running", "succeeded");
        assertThat(training.path("epochsCompleted").asInt()).isGreaterThanOrEqualTo(before);
        post("/models/xor/trainings/1/cancel", "");
        Await.until(() -> json(get("/models/xor"), 200).path("state").asString().matches("created|trained"));
        json(post("/models/xor/train", XOR), 200);
    }

    @Test
    void onlyOneProcessUsesAStore() throws Exception {
        assertThatThrownBy(() -> ChildService.start(store))
                .hasMessageContaining("APPLICATION FAILED TO START")
                .hasMessageContaining("another process uses the database " + store.resolve("backprop.db"))
                .hasMessageContaining("PostgreSQL");
        json(post("/models", "{\"id\": \"first\"}"), 201);

        service.kill();
        start();
        json(get("/models/first"), 200);

        service.signal("TERM"); // still shutting down when the next process starts
        start();
        json(get("/models/first"), 200);
    }

    private int epochsCompleted() {
        return json(get("/models/xor/trainings/1"), 200).path("epochsCompleted").asInt();
    }
}
