package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.backprop.ServiceTestBase;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Validation rows and weights of examples. */
class TrainingDataTests extends ServiceTestBase {

    @ParameterizedTest
    @ValueSource(strings = {"\"task\": \"regression\"", "\"task\": \"classification\""})
    void validatesWithAShareOfTheRows(String task) {
        JsonNode training = train(create("\"hidden\": [], " + task), """
                        "inputs": %s, "targets": %s, "epochs": 2, "validationSplit": 0.2""".formatted(
                        rows(10, i -> "[" + i + "]"), rows(10, i -> "" + i % 2)));

        assertThat(training.path("examples").asInt()).isEqualTo(8);
        JsonNode losses = history(training).path("validationLoss");
        assertThat(losses.size()).isEqualTo(2);
        assertThat(losses.path(1)).isEqualTo(training.path("validationLoss"));
    }

    /** Returns a model that predicts one class for any input, so that its accuracy is that class's share of the validation rows. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void stratifiesTheValidationSplit(int seed) {
        String id = create("\"hidden\": [], \"learningRate\": 0.3, \"seed\": " + seed);

        JsonNode training =
                train(id, """
                "inputs": %s, "targets": %s, "validationSplit": 0.25, "classWeights": {"few": 0}""".formatted(rows(40, i -> "[0]"), rows(40, i -> i < 8 ? "\"few\"" : "\"many\"")));

        assertThat(training.path("examples").asInt()).isEqualTo(30);
        assertThat(training.at("/validationMetrics/accuracy").asDouble()).isEqualTo(0.8);
    }

    @Test
    void validatesWithGivenRows() {
        String id = create("""
                "hidden": [], "classes": ["a", "b"]""");
        String held = """
                [[0],[1],[2]], "%s": ["a","b","b"]""";

        JsonNode training = train(
                id,
                "\"inputs\": [[0],[1]], \"targets\": [\"a\",\"b\"], \"validationInputs\": "
                        + held.formatted("validationTargets"));

        JsonNode evaluation =
                json(post("/models/" + id + "/evaluate", "{\"inputs\": " + held.formatted("targets") + "}"), 200);
        assertThat(training.path("examples").asInt()).isEqualTo(2);
        assertThat(training.path("validationLoss")).isEqualTo(evaluation.path("loss"));
        training.path("validationMetrics")
                .forEachEntry((name, value) -> assertThat(value)
                        .as(name)
                        .isEqualTo(evaluation.path("metrics").path(name)));
        assertThat(training.path("validationMetrics").propertyNames()).contains("accuracy", "log_loss");
    }

    @Test
    void metricsAreThoseOfAnEvaluationOfTheTrainingRowsAndTheValidationRows() {
        String id = create("\"hidden\": [{\"units\": 4}], \"task\": \"regression\", \"seed\": 1");
        String rows = "[[0,0],[0,1],[1,0],[1,1]], \"%s\": [0,1,1,0.5]";
        String held = "[[0,1],[2,2],[1,3]], \"%s\": [0,1,3]";

        JsonNode training = train(
                id,
                "\"inputs\": " + rows.formatted("targets") + ", \"validationInputs\": "
                        + held.formatted("validationTargets"));

        JsonNode model = model(id);
        for (String kind : List.of("training", "validation")) {
            String evaluated = (kind.equals("training") ? rows : held).formatted("targets");
            JsonNode expected = json(post("/models/" + id + "/evaluate", "{\"inputs\": " + evaluated + "}"), 200)
                    .path("metrics");
            JsonNode metrics = training.path(kind + "Metrics");
            assertThat(metrics.propertyNames()).as(kind).isEqualTo(expected.propertyNames());
            metrics.forEachEntry((name, value) -> assertThat(value.asDouble()) // targets are scaled and scaled back
                    .as(name)
                    .isCloseTo(expected.path(name).asDouble(), within(1e-6)));
            assertThat(model.path(kind + "Metrics")).as(kind).isEqualTo(metrics);
        }
        JsonNode alone = train(id, "\"inputs\": " + rows.formatted("targets"));
        assertThat(alone.path("trainingMetrics").propertyNames())
                .isEqualTo(model.path("trainingMetrics").propertyNames());
        assertThat(alone.path("validationMetrics").isNull()).isTrue();
        assertThat(model(id).path("validationMetrics").isNull()).isTrue();
    }

    @Test
    void ignoresExamplesOfWeightZero() {
        String with = create("\"seed\": 1");
        String without = create("\"seed\": 1");
        train(with, """
                "inputs": [[1],[7]], "targets": [1,0], "sampleWeights": [1,0]""");
        train(without, "\"inputs\": [[1]], \"targets\": [1]");

        assertThat(parameters(with)).isEqualTo(parameters(without));
    }

    @Test
    void classWeightMultipliesSampleWeights() {
        String fields = """
                "hidden": [], "seed": 1, "classes": ["a", "b"]""";
        String byClass = create(fields);
        String bySample = create(fields);
        String data = """
                "inputs": [[1],[2],[3]], "targets": ["a","b","a"], "epochs": 5""";
        train(byClass, data + ", \"classWeights\": {\"b\": 2.5}, \"sampleWeights\": [1,2,1]");
        train(bySample, data + ", \"sampleWeights\": [1,5,1]");

        assertThat(parameters(byClass)).isEqualTo(parameters(bySample));
    }

    @Test
    void warnsOfAClassThatIsNeverPredicted() {
        String id = create("\"hidden\": [], \"seed\": 1");
        String data = """
                "inputs": [[1],[1],[1],[1],[1],[1],[1],[1]], "targets": ["no","no","no","no","no","no","no","yes"],
                "epochs": 300, "learningRate": 0.1""";
        String warning = "class \"yes\" is never predicted for the training rows, 12.5 % of which are of it; consider "
                + "classWeights=balanced or a threshold below 0.5 in predictions";

        JsonNode training = train(id, data);

        assertThat(training.path("warnings").toString()).isEqualTo(mapper.writeValueAsString(List.of(warning)));
        assertThat(json(get("/models/" + id + "/trainings/1"), 200).path("warnings"))
                .isEqualTo(training.path("warnings"));
        assertThat(model(id).path("warnings")).isEqualTo(training.path("warnings"));
        String validation = ", \"validationInputs\": [[1],[1]], \"validationTargets\": [\"yes\",\"no\"]";
        assertThat(train(id, data + validation).path("warnings").toString())
                .contains(
                        "for the validation rows, 50 % of which are of it; consider more epochs or a threshold below 0.5");
        String reversed = ", \"reset\": true, \"classWeights\": {\"no\": 0.01}";
        assertThat(train(id, data + reversed).path("warnings").toString())
                .contains(
                        "\"no\\\" is never predicted",
                        "87.5 %",
                        "; consider more epochs or a threshold above 0.5 in predictions");
        assertThat(train(id, data.replace("[1],[1]]", "[1],[-1]]") + ", \"reset\": true")
                        .path("warnings"))
                .isEmpty();
    }

    @Test
    void warnsWhereTheFrequentClassIsThePositiveOne() {
        String data = """
                "inputs": [[1],[1],[1],[1],[1],[1],[1],[1],[1],[-1]], "epochs": 1,
                "targets": ["ok","ok","ok","ok","ok","ok","ok","ok","ok","fraud"]""";

        assertThat(train(create("\"hidden\": []"), data).path("warnings").values())
                .extracting(JsonNode::asString)
                .contains(
                        "\"ok\", the class of most rows, is the positive one for auc, average_precision and threshold; for \"fraud\", create the model with \"classes\": [\"ok\", \"fraud\"]");
        assertThat(train(create("\"hidden\": [], \"classes\": [\"ok\", \"fraud\"]"), data)
                        .toString())
                .doesNotContain("positive");
    }

    @Test
    void warnsOfClassesThatDifferOnlyInCapitals() {
        JsonNode training = train(create("\"hidden\": []"), """
                "inputs": [[1],[2],[3],[4]], "targets": ["Yes","no","yes","No "], "epochs": 1""");

        assertThat(training.path("warnings").path(0).asString())
                .isEqualTo("classes \"Yes\", \"yes\" differ only in capitals and are learned as different ones");
    }

    @Test
    void warnsOfSeveralClassesThatAreNeverPredicted() {
        JsonNode training = train(create("\"hidden\": [], \"seed\": 1"), """
                "inputs": [[1],[1],[1],[1]], "targets": ["a","b","b","c"], "epochs": 300, "learningRate": 0.1""");

        assertThat(training.path("warnings").toString())
                .contains(
                        "classes \\\"a\\\", \\\"c\\\" are never predicted for the training rows, 50 % of which are of them; consider classWeights=balanced\"");
    }

    @Test
    void namesHiddenLayersWhereTheArticlesNetworkNeverPredictsClasses() {
        JsonNode training = train(create("\"layerCount\": 3, \"hiddenUnits\": [64, 32], \"seed\": 1"), """
                "inputs": [[1],[2],[3]], "targets": ["a","b","c"], "epochs": 10""");

        assertThat(training.path("warnings").toString())
                .contains("are never predicted", "; consider more epochs or a model with \\\"hidden\\\" layers");
    }

    @Test
    void weighsUnnamedClassesByNumber() {
        String fields = "\"hidden\": [], \"seed\": 1, \"task\": \"classification\"";
        String byClass = create(fields);
        String bySample = create(fields);
        String data = """
                "inputs": [[1],[2],[3]], "targets": [0,1,0], "epochs": 5""";
        train(byClass, data + ", \"classWeights\": {\"1\": 3}");
        train(bySample, data + ", \"sampleWeights\": [1,3,1]");

        assertThat(parameters(byClass)).isEqualTo(parameters(bySample));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "classWeights": {"a": 4}                         | 1
            "sampleWeights": [3,3,3,3]                       | 3
            "classWeights": {"a": 4}, "sampleWeights": [3,3,3,3] | 3
            """)
    void onlySampleWeightsAffectTheValidationLoss(String weights, int factor) {
        String data = """
                "inputs": [[1],[1],[2],[2]], "targets": ["a","a","b","b"], "validationSplit": 0.5, "epochs": 1,
                "learningRate": 1e-30""";
        double plain = validationLoss(data);

        assertThat(validationLoss(data + ", " + weights)).isCloseTo(factor * plain, within(1e-6));
    }

    private double validationLoss(String data) {
        return train(create("\"hidden\": [], \"seed\": 1"), data)
                .path("validationLoss")
                .asDouble();
    }

    private String parameters(String id) {
        return get("/models/" + id + "/parameters").body();
    }

    private static String rows(int count, IntFunction<String> row) {
        return IntStream.range(0, count).mapToObj(row).toList().toString();
    }
}
