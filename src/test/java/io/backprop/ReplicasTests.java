package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;

/** Two instances of the service that share one PostgreSQL. */
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("ReplicasTests") // the tests share two services, so they run one after another
class ReplicasTests extends HttpTestBase {

    private static final List<ChildService> REPLICAS = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private static Postgres postgres;

    @BeforeAll
    static void start() throws IOException {
        postgres = Postgres.create();
        String url = postgres.newDatabase();
        for (int i = 0; i < 2; i++) {
            REPLICAS.add(ChildService.start("-Dspring.datasource.url=" + url));
        }
    }

    @AfterAll
    static void stop() {
        REPLICAS.forEach(ChildService::close);
        REPLICAS.clear();
    }

    @BeforeEach
    void createModel() {
        at(0);
        json(post("/models", """
                {"id": "shared", "hidden": [], "task": "regression"}"""), 201);
        setWeight(1);
        JsonNode model = json(get("/models/shared"), 200);
        at(1);
        Await.until(() ->
                get("/models/shared").body().equals(model.toString())); // not the model of the previous test any more
        at(0);
    }

    @AfterEach
    void deleteModel() {
        at(0);
        delete("/models/shared");
    }

    /** Sends the following requests to this replica. */
    private void at(int replica) {
        port = REPLICAS.get(replica).port();
    }

    private HttpResponse<String> put(int weight) {
        return put("/models/shared/parameters", parameters(weight));
    }

    private static String parameters(int weight) {
        return """
                {"layers": [{"weights": [[%d]], "biases": [0]}]}""".formatted(weight);
    }

    private void setWeight(int weight) {
        json(put(weight), 200);
    }

    private String predicted() {
        return json(post("/models/shared/predict", "{\"inputs\": [[1]]}"), 200)
                .at("/predictions/0/0")
                .asString();
    }

    @Test
    void newVersionBecomesVisibleOnTheOtherReplica() throws Exception {
        setWeight(7);
        at(1);

        Await.until(() -> predicted().equals("7.0"));
        setWeight(8);
        assertThat(json(get("/models/shared"), 200).path("version").asInt()).isEqualTo(3);
    }

    @Test
    void deletionAndReplacementBecomeVisibleOnTheOtherReplica() throws Exception {
        delete("/models/shared");
        at(1);
        Await.until(() -> get("/models/shared").statusCode() == 404);
        json(post("/models", """
                {"id": "shared", "hidden": [], "task": "regression"}"""), 201);
        problem(post("/models", "{\"id\": \"shared\"}"), 409, "model-exists");
        at(0);
        problem(post("/models", "{\"id\": \"shared\"}"), 409, "model-exists");
    }

    @Test
    void concurrentChangesOnBothReplicasAreSerialized() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        List<Future<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            at(i % 2);
            HttpRequest.Builder request = request("/models/shared/parameters")
                    .header("Content-Type", "application/json")
                    .PUT(BodyPublishers.ofString(parameters(i)));
            answers.add(pool.submit(() -> send(request)));
        }
        for (Future<HttpResponse<String>> answer : answers) {
            json(answer.get(), 200);
        }
        pool.shutdown();

        Await.until(() -> version() == 41);
        at(0);
        Await.until(() -> version() == 41);
    }

    private int version() {
        return json(get("/models/shared"), 200).path("version").asInt();
    }

    @Test
    void modelInTrainingOnOneReplicaIsInTrainingOnTheOther() throws Exception {
        String endless = """
                {"inputs": [%s[1]], "targets": [%s1], "epochs": 1000000}""".formatted("[1],".repeat(2_000), "1,".repeat(2_000));
        json(
                send(request("/models/shared/train")
                        .header("Content-Type", "application/json")
                        .header("Prefer", "respond-async")
                        .POST(BodyPublishers.ofString(endless))),
                202);
        at(1);

        problem(post("/models/shared/train", "{\"inputs\": [[1]], \"targets\": [1]}"), 409, "training-running");
        problem(put(3), 409, "training-running");
        assertThat(json(get("/models/shared"), 200).path("state").asString()).isEqualTo("training");

        assertThat(delete("/models/shared").statusCode()).isEqualTo(204);
        at(0);
        Await.until(() -> get("/models/shared").statusCode() == 404);
        json(post("/models", """
                {"id": "shared", "hidden": []}"""), 201);
    }

    @Test
    void keepsPredictingWhileTheDatabaseIsUnreachable() throws Exception {
        postgres.stop();
        try {
            assertThat(predicted()).isEqualTo("1.0");
            HttpResponse<String> refused = put(5);
            JsonNode problem = problem(refused, 503, "unavailable");
            assertThat(problem.path("detail").asString())
                    .isEqualTo("the database cannot be reached at the moment; try again later");
            assertThat(Integer.parseInt(header(refused, "Retry-After"))).isPositive();
            problem(post("/models", "{}"), 503, "unavailable");
            problem(get("/models"), 503, "unavailable");
            assertThat(predicted()).isEqualTo("1.0");
        } finally {
            postgres.start();
        }

        Await.until(() -> put(6).statusCode() == 200);
        assertThat(predicted()).isEqualTo("6.0");
        at(1);
        Await.until(() -> predicted().equals("6.0"));
    }
}
