package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.backprop.ServiceTestBase;
import io.backprop.engine.Folds;
import io.backprop.engine.SplitMix64;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class CrossValidationTests extends ServiceTestBase {

    private static final String NETWORK = """
        "hidden": [{"units": 16}], "learningRate": 0.01, "seed": 7\
        """;

    @Test
    void measuresEachFoldAndKeepsTheModel() throws IOException {
        String id = create(NETWORK);

        JsonNode validation = awaitEnd(table(id, "target=species&epochs=30", "penguins"));

        assertThat(validation.path("state").asString()).isEqualTo("succeeded");
        assertThat(validation.path("stopReason").asString()).isEqualTo("epochs");
        assertThat(validation.path("version").isNull()).isTrue();
        assertThat(validation.path("epochsCompleted").asInt()).isEqualTo(150);
        JsonNode folds = validation.path("crossValidation");
        assertThat(folds.path("folds").asInt()).isEqualTo(5);
        double sum = 0;
        int examples = 0;
        for (JsonNode fold : folds.path("results")) {
            assertThat(fold.path("epochs").asInt()).isEqualTo(30);
            assertThat(fold.at("/metrics/log_loss").asDouble())
                    .isCloseTo(fold.path("loss").asDouble(), within(1e-6));
            sum += fold.at("/metrics/accuracy").asDouble();
            examples += fold.path("examples").asInt();
        }
        assertThat(examples).isEqualTo(344);
        assertThat(folds.at("/metrics/accuracy/mean").asDouble())
                .isEqualTo(sum / 5)
                .isGreaterThan(0.95);
        assertThat(folds.at("/metrics/accuracy/deviation").asDouble()).isBetween(1e-9, 0.05);
        assertThat(validation.at("/validationMetrics/accuracy").asDouble()).isEqualTo(sum / 5);
        assertThat(model(id).path("state").asString()).isEqualTo("created");
        assertThat(model(id).path("inputs").isNull()).isTrue();
        assertThat(json(get("/models/" + id + "/trainings/1"), 200)).isEqualTo(validation);
    }

    @Test
    void reportsMetricsInTheUnitOfTheTarget() throws IOException {
        String id = create(NETWORK);

        JsonNode metrics =
                awaitEnd(table(id, "target=progression&epochs=30", "diabetes")).at("/crossValidation/metrics");

        assertThat(metrics.at("/r2/mean").asDouble()).isBetween(0.3, 0.6);
        assertThat(metrics.at("/mean_absolute_error/mean").asDouble()).isBetween(35.0, 60.0);
    }

    @Test
    void sameSeedGivesTheSameBits() throws IOException {
        JsonNode first = awaitEnd(table(create(NETWORK), "target=species&epochs=5&folds=3", "iris"));
        JsonNode same = awaitEnd(table(create(NETWORK), "target=species&epochs=5&folds=3", "iris"));
        JsonNode other = awaitEnd(table(create("""
            "hidden": [{"units": 16}], "seed": 8\
            """), "target=species&epochs=5&folds=3", "iris"));

        assertThat(same.path("crossValidation")).isEqualTo(first.path("crossValidation"));
        assertThat(other.path("crossValidation")).isNotEqualTo(first.path("crossValidation"));
    }

    @Test
    void scalesEachFoldOnItsOwn() {
        String id = create("""
            "hidden": [], "learningRate": 0.1, "standardize": true\
            """);

        JsonNode validation = json(post("/models/" + id + "/cross-validate", """
            {"inputs": [[1000], [2000], [3000], [4000], [5000], [6000]], "targets": [1, 2, 3, 4, 5, 6],
             "folds": 3, "epochs": 300}\
            """), 200);

        assertThat(validation
                        .at("/crossValidation/metrics/mean_absolute_error/mean")
                        .asDouble())
                .isLessThan(0.1);
    }

    @Test
    void balancesTheTrainingPartOfEachFold() {
        JsonNode plain = crossValidateTwoGroups("");
        JsonNode balanced = crossValidateTwoGroups("&classWeights=balanced"); // no effect on all rows together

        assertThat(balanced).isNotEqualTo(plain);
        for (JsonNode fold : balanced) {
            assertThat(fold.path("loss").asDouble())
                    .isCloseTo(fold.at("/metrics/log_loss").asDouble(), within(1e-3));
        }
    }

    private JsonNode crossValidateTwoGroups(String options) {
        String rows = "x,group,y\n1,g,a\n2,g,a\n3,g,b\n4,h,a\n5,h,b\n6,h,b\n";
        String path = "/models/%s/cross-validate?target=y&groupColumn=group&folds=2&epochs=20%s"
                .formatted(create(NETWORK), options);
        return json(send(request(path).header("Content-Type", "text/csv").POST(BodyPublishers.ofString(rows))), 200)
                .at("/crossValidation/results");
    }

    @Test
    void blocksOtherTrainingsUntilCancelled() {
        String id = create(NETWORK);
        HttpResponse<String> begun = send(request("/models/" + id + "/cross-validate")
                .header("Content-Type", "application/json")
                .header("Prefer", "respond-async")
                .POST(BodyPublishers.ofString("{" + ENDLESS.replace("1000000", "100000") + ", \"folds\": 10}")));
        assertThat(begun.statusCode()).isEqualTo(202);
        assertThat(header(begun, "Location")).isEqualTo("/models/" + id + "/trainings/1");
        problem(post("/models/" + id + "/train", "{" + XOR + "}"), 409, "training-running");

        problem(post("/models/" + id + "/trainings/1/cancel?keep=true", ""), 409, "training-not-kept");
        json(post("/models/" + id + "/trainings/1/cancel", ""), 200);

        JsonNode ended = awaitEnd("/models/" + id + "/trainings/1");
        assertThat(ended.path("state").asString()).isEqualTo("cancelled");
        assertThat(ended.at("/crossValidation/folds").asInt()).isEqualTo(10);
        assertThat(model(id).path("version").asInt()).isZero();
    }

    @Test
    void trainingsDoNotWaitForFolds() {
        List<String> busy = Stream.generate(() -> create(NETWORK)).limit(20).toList();
        for (String id : busy) {
            HttpResponse<String> begun = send(request("/models/" + id + "/cross-validate")
                    .header("Content-Type", "application/json")
                    .header("Prefer", "respond-async")
                    .POST(BodyPublishers.ofString("{" + ENDLESS.replace("1000000", "100000") + ", \"folds\": 10}")));
            assertThat(begun.statusCode()).isEqualTo(202);
        }

        JsonNode training = json(post("/models/" + create(NETWORK) + "/train", "{" + XOR + "}"), 200);

        assertThat(training.path("state").asString()).isEqualTo("succeeded");
        for (String id : busy) {
            assertThat(json(get("/models/" + id + "/trainings/1"), 200)
                            .path("finishedAt")
                            .isNull())
                    .isTrue();
            json(post("/models/" + id + "/trainings/1/cancel", ""), 200);
        }
    }

    @Test
    void namesTheFoldThatDiverged() {
        String id = create("""
            "hidden": [], "task": "regression", "optimizer": "sgd", "standardize": false, "learningRate": 10\
            """);

        JsonNode training = failure(post("/models/" + id + "/cross-validate", """
            {"inputs": [[1000],[2000],[3000],[4000]], "targets": [1,2,3,4], "folds": 2, "epochs": 500}\
            """), 422, "training-diverged");

        assertThat(training.path("error").asString())
                .startsWith("in fold 1 of 2, ")
                .contains("in epoch");
    }

    @Test
    void earlyStoppingEndsAFold() throws IOException {
        String id = create(NETWORK);

        JsonNode validation =
                awaitEnd(table(id, "target=species&epochs=2000&folds=3&earlyStopping.patience=5", "iris"));

        assertThat(validation.path("epochsCompleted").asInt()).isLessThan(3 * 2000);
        assertThat(validation.path("stopReason").asString()).isEqualTo("early_stopping");
        assertThat(validation.path("progress").asDouble()).isEqualTo(1);
    }

    @Test
    void measuredRowsDoNotDecideWhenToStop() {
        int[] measured = Folds.stratified(new int[60], 3, SplitMix64.derive(7, 0))
                .split(0)
                .validation();
        SplitMix64 random = new SplitMix64(1);
        float[] inputs = new float[60];
        float[] targets = new float[60];
        for (int row = 0; row < 60; row++) {
            inputs[row] = random.nextFloat();
            targets[row] = random.nextFloat();
        }
        JsonNode stopped = crossValidate(inputs, targets, "");
        for (int row : measured) {
            targets[row] *= -9;
        }
        JsonNode otherRows = crossValidate(inputs, targets, "");

        assertThat(stopped.at("/settings/validationSplit").asDouble()).isEqualTo(0.1);
        JsonNode fold = stopped.at("/crossValidation/results/0");
        assertThat(fold.path("epochs").asInt()).isBetween(3, 499);
        assertThat(otherRows.at("/crossValidation/results/0/epochs")).isEqualTo(fold.path("epochs"));
        assertThat(otherRows.at("/crossValidation/results/0/loss")).isNotEqualTo(fold.path("loss"));
        assertThat(crossValidate(inputs, targets, "").path("crossValidation"))
                .isEqualTo(otherRows.path("crossValidation"));
        assertThat(crossValidate(inputs, targets, ", \"validationSplit\": 0.5").path("crossValidation"))
                .isNotEqualTo(otherRows.path("crossValidation"));
    }

    private JsonNode crossValidate(float[] inputs, float[] targets, String fields) {
        String id = create(NETWORK + ", \"task\": \"regression\"");
        String rows = IntStream.range(0, inputs.length)
                .mapToObj(row -> "[" + inputs[row] + "]")
                .collect(Collectors.joining(",", "[", "]"));
        return json(
                post("/models/" + id + "/cross-validate", """
                    {"inputs": %s, "targets": %s, "folds": 3, "epochs": 500, "earlyStopping": {"patience": 2}%s}\
                    """.formatted(rows, Arrays.toString(targets), fields)), 200);
    }

    @Test
    void rejectsEarlyStoppingWithoutRowsToMonitor() {
        String id = create(NETWORK);
        String body = "{" + XOR + ", \"folds\": 2, \"earlyStopping\": {%s}}";
        JsonNode problem = problem(post("/models/" + id + "/cross-validate", body.formatted("")), 422, "invalid-field");
        assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo("/validationSplit");
        assertThat(problem.path("detail").asString())
                .isEqualTo(
                        "validationSplit 0.1 leaves no row of the other folds to monitor, of 4 rows; send more rows, a"
                                + " larger validationSplit or monitor loss");
        json(post("/models/" + id + "/cross-validate", body.formatted("\"monitor\": \"loss\"")), 200);
    }

    @Test
    void rejectsValidationSplitWithoutEarlyStopping() {
        problem(
                post("/models/" + create(NETWORK) + "/cross-validate", "{" + XOR + ", \"validationSplit\": 0.2}"),
                422,
                "invalid-field");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1|folds must be at least 2, but was 1",
                "101|folds must be at most 100, but was 101",
                "7|folds must be at most as many as rows, 4, but were 7"
            })
    void rejectsInvalidNumberOfFolds(int folds, String detail) {
        String id = create(NETWORK);

        JsonNode problem = problem(
                post("/models/" + id + "/cross-validate", "{" + XOR + ", \"folds\": " + folds + "}"),
                422,
                "invalid-field");

        assertThat(problem.path("detail").asString()).isEqualTo(detail);
    }

    @Test
    void reportsLimitsWithTheFolds() {
        String id = create(NETWORK);
        String fields = "{" + XOR + ", \"folds\": 4, \"epochs\": 250001}";

        JsonNode problem = problem(post("/models/" + id + "/cross-validate", fields), 422, "limit-exceeded");

        assertThat(problem.path("detail").asString())
                .isEqualTo("folds × epochs must be at most 1000000, but was 4 × 250001");
    }

    private HttpResponse<String> table(String id, String query, String name) throws IOException {
        return send(request("/models/" + id + "/cross-validate?" + query)
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofFile(Path.of("src/test/resources/data/" + name + ".csv"))));
    }
}
