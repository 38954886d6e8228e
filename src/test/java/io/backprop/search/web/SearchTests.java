package io.backprop.search.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class SearchTests extends SearchTestBase {

    @Test
    void publishesTheBestSettings() {
        String id = create();

        JsonNode search = awaitSearch(id, SMALL);

        assertThat(search.path("model").asString()).isEqualTo(id);
        assertThat(search.path("number").asInt()).isEqualTo(1);
        assertThat(search.path("state").asString()).isEqualTo("succeeded");
        assertThat(search.path("strategy").asString()).isEqualTo("successive_halving");
        assertThat(search.path("metric").asString()).isEqualTo("log_loss");
        assertThat(search.path("trials").asInt()).isEqualTo(6);
        assertThat(search.path("trialsCompleted").asInt()).isEqualTo(6);
        assertThat(search.path("progress").asDouble()).isEqualTo(1);
        assertThat(search.path("version").asInt()).isEqualTo(1);
        assertThat(search.path("space")).isEqualTo(mapper.readTree("""
            {"learningRate": {"min": 0.001, "max": 0.1, "scale": "log"}, "dropout": {"values": [0.0, 0.1]}}\
            """));
        assertThat(search.path("settings").path("validationExamples").asInt()).isEqualTo(8);
        assertThat(search.has("reproduce")).isFalse();
        assertThat(search).isEqualTo(json(get("/models/" + id + "/searches/1"), 200));
        assertThat(json(get("/models/" + id + "/trainings/1"), 200).path("kind").asString())
                .isEqualTo("search");
        JsonNode best = search.path("best").path("configuration");
        JsonNode model = model(id);
        assertThat(model.path("version").asInt()).isEqualTo(1);
        assertThat(model.path("state").asString()).isEqualTo("trained");
        if (best.has("learningRate")) {
            assertThat(model.path("learningRate").floatValue())
                    .isEqualTo(best.path("learningRate").floatValue());
        }
        assertThat(model.path("validationMetrics"))
                .isEqualTo(search.path("best").path("metrics"));
    }

    @Test
    void publishesTheTemperatureThatTheBestTrialIsMeasuredWith() {
        String id = create("\"hidden\": [4], \"calibrate\": true");

        JsonNode search = awaitSearch(id, SMALL);

        JsonNode model = model(id);
        assertThat(model.path("temperature").asDouble()).isNotEqualTo(1);
        assertThat(model.path("validationMetrics"))
                .isEqualTo(search.path("best").path("metrics"));
    }

    @Test
    void comparesTrialsRungByRung() {
        JsonNode search = awaitSearch(create(), SMALL);

        assertThat(search.path("rungs").toString()).isEqualTo("""
            [{"rung":1,"epochs":1,"trials":6,"completed":6,"kept":2},\
            {"rung":2,"epochs":3,"trials":2,"completed":2,"kept":2},\
            {"rung":3,"epochs":7,"trials":2,"completed":2,"kept":2},\
            {"rung":4,"epochs":15,"trials":2,"completed":2,"kept":null}]\
            """);
        JsonNode leaderboard = search.path("leaderboard");
        assertThat(leaderboard).hasSize(6);
        assertThat(leaderboard.get(0)).isEqualTo(search.path("best"));
        assertThat(leaderboard.get(0).path("epochs").asInt()).isEqualTo(15);
        assertThat(leaderboard.get(0).path("state").asString()).isEqualTo("completed");
        assertThat(leaderboard.get(0).path("metric").asDouble())
                .isEqualTo(leaderboard.get(0).path("metrics").path("log_loss").asDouble());
        for (int i = 0; i < 6; i++) {
            assertThat(leaderboard.get(i).path("rank").asInt()).isEqualTo(i + 1);
        }
        assertThat(leaderboard.get(5).path("state").asString()).isEqualTo("stopped");
        assertThat(leaderboard.get(5).path("rung").asInt()).isEqualTo(1);
    }

    @Test
    void listsAllTrialsWithTheirLosses() {
        String id = create();
        awaitSearch(id, SMALL);
        String path = "/models/" + id + "/searches/1/trials";

        JsonNode trials = json(get(path), 200).path("trials");
        assertThat(trials).hasSize(6);
        assertThat(trials.get(0).path("configuration")).isEmpty();
        for (int i = 0; i < 6; i++) {
            assertThat(trials.get(i).path("trial").asInt()).isEqualTo(i);
            assertThat(trials.get(i).has("history")).isFalse();
        }
        assertThat(trials.get(1).path("configuration").propertyNames()).containsExactly("learningRate", "dropout");

        JsonNode thinned = json(get(path + "?points=3"), 200).path("trials");
        for (JsonNode trial : thinned) {
            int epochs = trial.path("epochs").asInt();
            JsonNode history = trial.path("history");
            assertThat(history.path("epochs")).hasSize(Math.min(3, epochs));
            assertThat(history.path("epochs").get(0).asInt()).isEqualTo(1);
            assertThat(history.path("loss")).hasSameSizeAs(history.path("epochs"));
            assertThat(history.path("validationLoss")).hasSameSizeAs(history.path("epochs"));
        }
    }

    @Test
    void exportsTrialsAsCsv() {
        String id = create();
        JsonNode search = awaitSearch(id, """
            "trials": 4, "epochs": 2, "strategy": "sobol",
            "space": {"learningRate": {"min": 0.01, "max": 0.1}, "hidden": {"values": [[8], [4, {"units": 2}]]}}\
            """);

        HttpResponse<String> response =
                send(request("/models/" + id + "/searches/1/trials").header("Accept", "text/csv"));

        assertThat(header(response, "Content-Type")).startsWith("text/csv");
        assertThat(header(response, "Content-Disposition")).contains(id + "-search-1.csv");
        List<String> lines = response.body().lines().toList();
        assertThat(lines).hasSize(5);
        assertThat(lines.get(0))
                .isEqualTo("trial,rank,state,hidden,learningRate,rung,epochs,best_epoch,loss,validation_loss,"
                        + "accuracy,auc,average_precision,balanced_accuracy,log_loss,macro_f1,mcc");
        assertThat(lines.get(1)).matches("0,\\d,completed,,,1,2,\\d,.*");
        assertThat(lines.get(2)).matches("1,\\d,completed,\"\\[\\{\"\"units\"\":[48]}.*\",0\\.0\\d+,1,2,.*");
        assertThat(search.path("best").path("metric").asDouble()).isPositive();
    }

    @Test
    void readsATableWithTheSpaceAsText() {
        String id = create();
        String query = "?target=y&trials=3&epochs=2&space=" + URLEncoder.encode(SPACE, StandardCharsets.UTF_8);

        JsonNode search = awaitEnd(send(request("/models/" + id + "/search" + query)
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofString(TABLE))));

        assertThat(search.path("settings").path("target").asString()).isEqualTo("y");
        assertThat(search.path("space").path("dropout").path("values")).hasSize(2);
        assertThat(model(id).path("features")).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"dropout": {"values": [0, 0.1, 0.2]}}                                             | 4
        {"dropout": {"values": [0, 0.1]}, "activation": {"values": ["relu", "tanh"]}}      | 5
        {"batchSize": {"min": 4, "max": 5}, "l2": {"values": [0, 0.001]}}                  | 5
        """)
    void triesAllCombinationsOfAGrid(String space, int trials) {
        JsonNode search = awaitSearch(create(), "\"strategy\": \"grid\", \"epochs\": 1, \"space\": " + space);

        assertThat(search.path("trials").asInt()).isEqualTo(trials);
        assertThat(search.path("rungs")).hasSize(1);
    }

    @Test
    void leavesTheModelAsItIsWithoutPublishing() {
        String id = create();

        JsonNode search = awaitSearch(id, SMALL + ", \"publish\": false");

        assertThat(search.path("state").asString()).isEqualTo("succeeded");
        assertThat(search.path("version").isNull()).isTrue();
        assertThat(search.path("best").path("metric").asDouble()).isPositive();
        assertThat(model(id).path("state").asString()).isEqualTo("created");
    }

    @Test
    void endsWhenTheGoalIsReached() {
        JsonNode search = awaitSearch(create(), SMALL + ", \"metric\": \"accuracy\", \"goal\": 0.0");

        assertThat(search.path("rungs").get(0).path("completed").asInt()).isEqualTo(6);
        assertThat(search.path("rungs").get(1).path("completed").asInt()).isZero();
        assertThat(search.path("best").path("rung").asInt()).isEqualTo(1);
    }

    @Test
    void hasTheSameResultAtAnyParallelism() {
        JsonNode one = awaitSearch(create(), SMALL + ", \"parallelism\": 1, \"seed\": 3");
        JsonNode all = awaitSearch(create(), SMALL + ", \"parallelism\": 6, \"seed\": 3");

        assertThat(one.path("leaderboard")).isEqualTo(all.path("leaderboard"));
        assertThat(json(get("/models/%s/parameters".formatted(one.path("model").asString()))))
                .isEqualTo(json(
                        get("/models/%s/parameters".formatted(all.path("model").asString()))));
    }

    @Test
    void listsSearches() {
        String id = create();
        assertThat(get("/models/" + id + "/searches").body()).isEqualTo("{\"searches\":[]}");
        train(id, EXAMPLES + ", \"epochs\": 1");
        awaitSearch(id, SMALL + ", \"publish\": false");

        JsonNode searches = json(get("/models/" + id + "/searches"), 200).path("searches");

        assertThat(searches).hasSize(1);
        assertThat(searches.get(0).path("number").asInt()).isEqualTo(2);
        assertThat(searches.get(0).path("leaderboard")).isEmpty();
        assertThat(searches.get(0).path("best").path("rank").asInt()).isEqualTo(1);
        problem(get("/models/" + id + "/searches/1"), 404, "training-not-found");
        problem(get("/models/" + id + "/searches/3"), 404, "training-not-found");
        problem(get("/models/" + id + "/searches/1/trials"), 404, "training-not-found");
        problem(post("/models/" + id + "/searches/1/cancel", ""), 404, "training-not-found");
        problem(get("/models/none/searches"), 404, "model-not-found");
    }
}
