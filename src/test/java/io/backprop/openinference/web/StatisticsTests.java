package io.backprop.openinference.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Counts the inferences of clients. */
class StatisticsTests extends ServiceTestBase {

    private static final int CLIENTS = 8;
    private static final int REQUESTS = 20;

    private static final List<String> PHASES =
            List.of("success", "queue", "compute_input", "compute_infer", "compute_output");

    private String trained() {
        String id = create("");
        train(id, XOR + ", \"epochs\": 1");
        return id;
    }

    private HttpResponse<String> infer(String path, int rows) {
        return send(request(path + "/infer").POST(BodyPublishers.ofString("""
                {"inputs": [{"name": "inputs", "datatype": "FP32", "shape": [%d, 2], "data": [%s]}]}""".formatted(
                        rows, "0, 1" + ", 1, 1".repeat(rows - 1)))));
    }

    private JsonNode statistics(String path) {
        return json(get(path + "/stats"), 200).path("model_stats");
    }

    @Test
    void countsRowsAndExecutionsOfParallelClients() throws Exception {
        String path = "/v2/models/" + trained();
        long start = System.currentTimeMillis();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        List<Future<?>> running = new ArrayList<>();
        for (int client = 1; client <= CLIENTS; client++) {
            int rows = client;
            running.add(clients.submit(() -> {
                for (int request = 0; request < REQUESTS; request++) {
                    assertThat(infer(path, rows).statusCode()).isEqualTo(200);
                    assertThat(get(path + "/ready").statusCode()).isEqualTo(200);
                }
                infer(path + "/versions/1", rows);
                assertThat(send(request(path + "/infer").POST(BodyPublishers.ofString("{\"inputs\": []}")))
                                .statusCode())
                        .isEqualTo(400);
            }));
        }
        for (Future<?> client : running) {
            client.get();
        }
        clients.shutdown();

        JsonNode found = statistics(path);
        assertThat(found).hasSize(1).isEqualTo(statistics(path + "/versions/1"));
        JsonNode version = found.get(0);
        int executions = CLIENTS * (REQUESTS + 1);
        assertThat(version.path("version").asString()).isEqualTo("1");
        assertThat(version.path("execution_count").asInt()).isEqualTo(executions);
        assertThat(version.path("inference_count").asInt()).isEqualTo((REQUESTS + 1) * CLIENTS * (CLIENTS + 1) / 2);
        assertThat(version.path("last_inference").asLong()).isGreaterThanOrEqualTo(start);
        JsonNode phases = version.path("inference_stats");
        for (String phase : PHASES) {
            assertThat(phases.path(phase).path("count").asInt()).as(phase).isEqualTo(executions);
        }
        assertThat(phases.path("fail").path("count").asInt()).isEqualTo(CLIENTS);
        assertThat(phases.path("success").path("ns").asLong())
                .isEqualTo(PHASES.stream()
                        .skip(1)
                        .mapToLong(phase -> phases.path(phase).path("ns").asLong())
                        .sum())
                .isPositive();
    }

    @Test
    void hasTheFormOfTriton() {
        String id = trained();

        assertThat(json(get("/v2/models/" + id + "/stats"), 200).toString()).isEqualTo("""
                {"model_stats":[{"name":"%s","version":"1","last_inference":0,"inference_count":0,"execution_count":0,\
                "inference_stats":{"success":{"count":0,"ns":0},"fail":{"count":0,"ns":0},"queue":{"count":0,"ns":0},\
                "compute_input":{"count":0,"ns":0},"compute_infer":{"count":0,"ns":0},"compute_output":{"count":0,"ns":0},\
                "cache_hit":{"count":0,"ns":0},"cache_miss":{"count":0,"ns":0}},"batch_stats":[]}]}""".formatted(id));
    }

    @Test
    void separatesVersionsAndModels() {
        String id = trained();
        infer("/v2/models/" + id, 2);
        train(id, XOR + ", \"epochs\": 1");
        infer("/v2/models/" + id, 3);
        String other = create("\"copyOf\": \"" + id + "\"");
        String untrained = create("");

        assertThat(statistics("/v2/models/" + id).findValuesAsString("inference_count"))
                .containsExactly("2", "3");
        List<String> names = statistics("/v2/models").findValuesAsString("name");
        assertThat(names).contains(id, other).doesNotContain(untrained);
        assertThat(names.stream().filter(id::equals)).hasSize(2);
        assertThat(statistics("/v2/models/" + untrained)).isEmpty();
    }

    @Test
    void predictionsOfOtherOperationsDoNotCount() {
        String id = trained();

        predict(id, "[[0, 1]]");

        assertThat(statistics("/v2/models/" + id).get(0).path("execution_count").asInt())
                .isZero();
    }

    @Test
    void newModelWithTheIdOfADeletedOneStartsFromZero() {
        String id = trained();
        infer("/v2/models/" + id, 2);
        delete("/models/" + id);
        json(post("/models", "{\"id\": \"" + id + "\"}"), 201);
        train(id, XOR + ", \"epochs\": 1");

        assertThat(statistics("/v2/models/" + id).get(0).path("inference_count").asInt())
                .isZero();
    }

    @Test
    void unloadedAndUntrainedModelsDoNotInfer() {
        String id = trained();
        send(request("/v2/repository/models/" + id + "/unload").POST(BodyPublishers.noBody()));

        assertThat(error(infer("/v2/models/" + id, 1), 400))
                .isEqualTo("the model \"%s\" is unloaded; load it first".formatted(id));
        assertThat(error(infer("/v2/models/" + create(""), 1), 400)).contains("has not been trained yet");
        assertThat(error(infer("/v2/models/none", 1), 404)).contains("none");
        assertThat(error(infer("/v2/models/" + id + "/versions/01", 1), 404))
                .isEqualTo("version 01 of the model \"%s\" is not kept; the current version is 1".formatted(id));
    }
}
