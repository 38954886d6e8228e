package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.backprop.ServiceTestBase;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Trainings that monitor a metric of their validation rows. */
class MonitoredMetricTests extends ServiceTestBase {

    private static final String CLASSIFIER =
            "\"hidden\": [{\"units\": 8, \"activation\": \"tanh\"}], \"task\": \"classification\", \"seed\": 3,"
                    + " \"learningRate\": 0.05";

    private static final String ROWS = """
        "inputs": %s, "targets": %s, "validationSplit": 0.3\
        """.formatted(
                    IntStream.range(0, 60)
                            .mapToObj(i -> "[%d,%d]".formatted(i % 7, i % 5))
                            .toList(),
                    IntStream.range(0, 60)
                            .mapToObj(i -> i % 7 * (i % 5) > 6 ? "\"many\"" : "\"few\"")
                            .toList());

    @ParameterizedTest
    @CsvSource({
        "accuracy, true",
        "macro_f1, true",
        "mcc, true",
        "auc, true",
        "average_precision, true",
        "log_loss, false"
    })
    void bestEpochIsTheLastWithTheBestValue(String metric, boolean higher) {
        JsonNode training =
                train(create(CLASSIFIER), ROWS + ", \"epochs\": 30, \"keepBest\": \"%s\"".formatted(metric));

        double[] values = new double[30];
        JsonNode history = history(training).path("validationMetrics").path(metric);
        assertThat(history.size()).isEqualTo(30);
        int best = 0;
        for (int i = 0; i < 30; i++) {
            values[i] = history.path(i).asDouble();
            best = (higher ? values[i] >= values[best] : values[i] <= values[best]) ? i : best;
        }
        assertThat(training.path("epochsCompleted").asInt()).isEqualTo(30);
        assertThat(training.path("bestEpoch").asInt()).isEqualTo(best + 1);
        assertThat(training.path("validationMetrics").path(metric).asDouble()).isEqualTo(values[best]);
        assertThat(training.at("/settings/keepBest").asString()).isEqualTo(metric);
        assertThat(training.at("/settings/earlyStopping").isNull()).isTrue();
    }

    @Test
    void stopsEarlyByAMetric() {
        JsonNode training = train(
                create(CLASSIFIER),
                ROWS + ", \"epochs\": 1000, \"earlyStopping\": {\"monitor\": \"mcc\", \"patience\": 7}");

        assertThat(training.path("stopReason").asString()).isEqualTo("early_stopping");
        assertThat(training.path("epochsCompleted").asInt())
                .isEqualTo(training.path("bestEpoch").asInt() + 7);
        assertThat(training.at("/settings/earlyStopping/monitor").asString()).isEqualTo("mcc");
        assertThat(training.at("/settings/keepBest").isNull()).isTrue();
    }

    @Test
    void errorsAreMonitoredInTheUnitOfTheTarget() {
        String targets = IntStream.range(0, 40)
                .mapToObj(i -> String.valueOf(1000 + 50 * (i % 9)))
                .collect(Collectors.joining(",", "[", "]"));
        String inputs = IntStream.range(0, 40)
                .mapToObj(i -> "[%d]".formatted(i % 9))
                .toList()
                .toString();
        JsonNode training =
                train(create("\"hidden\": [], \"task\": \"regression\", \"seed\": 1"), """
                    "inputs": %s, "targets": %s, "validationSplit": 0.5, "epochs": 5, "keepBest": "mean_absolute_error\"\
                    """.formatted(inputs, targets));

        JsonNode history = history(training).path("validationMetrics");
        assertThat(history.propertyNames()).containsExactlyInAnyOrder("r2", "mean_absolute_error");
        assertThat(training.path("bestEpoch").asInt()).isEqualTo(5);
        assertThat(history.at("/mean_absolute_error/4").asDouble())
                .isEqualTo(training.at("/validationMetrics/mean_absolute_error").asDouble())
                .isBetween(10.0, 100.0);
    }

    @Test
    void tableTakesTheMetricAsAQueryParameter() {
        String csv = IntStream.range(0, 30)
                .mapToObj(i -> i % 7 + "," + (i % 7 > 3 ? "yes" : "no"))
                .collect(Collectors.joining("\n", "x,y\n", "\n"));
        JsonNode training = json(
                send(request("/models/" + create("\"hidden\": []")
                                + "/train?target=y&validationSplit=0.3&keepBest=auc&epochs=4")
                        .header("Content-Type", "text/csv")
                        .POST(BodyPublishers.ofString(csv))),
                200);

        assertThat(training.at("/settings/keepBest").asString()).isEqualTo("auc");
    }

    @Test
    void crossValidationSetsRowsApartForTheMetric() {
        String path = "/models/" + create(CLASSIFIER) + "/cross-validate";
        String rows = ROWS.replace("\"validationSplit\": 0.3", "\"folds\": 3, \"epochs\": 40");

        JsonNode all = json(post(path, "{" + rows + "}"), 200);
        JsonNode best = json(post(path, "{" + rows + ", \"keepBest\": \"accuracy\", \"validationSplit\": 0.3}"), 200);

        assertThat(best.path("epochsCompleted")).isEqualTo(all.path("epochsCompleted"));
        assertThat(best.path("crossValidation")).isNotEqualTo(all.path("crossValidation"));
    }

    @Test
    void topAccuraciesAreMetricsOfManyClasses() {
        String inputs = IntStream.range(0, 48)
                .mapToObj(i -> "[%d]".formatted(i))
                .toList()
                .toString();
        String targets = IntStream.range(0, 48)
                .mapToObj(i -> "\"c%d\"".formatted(i % 6))
                .toList()
                .toString();
        String id = create("\"hidden\": [], \"seed\": 1");
        String rows = "\"inputs\": " + inputs + ", \"targets\": " + targets;
        JsonNode training =
                train(id, rows + ", \"validationSplit\": 0.5, \"epochs\": 9, \"keepBest\": \"top_3_accuracy\"");

        JsonNode metrics =
                json(post("/models/" + id + "/evaluate", "{" + rows + "}"), 200).path("metrics");
        assertThat(metrics.propertyNames())
                .containsExactly(
                        "accuracy",
                        "balanced_accuracy",
                        "top_3_accuracy",
                        "top_5_accuracy",
                        "log_loss",
                        "macro_f1",
                        "mcc");
        assertThat(metrics.path("top_3_accuracy").asDouble())
                .isBetween(
                        metrics.path("accuracy").asDouble(),
                        metrics.path("top_5_accuracy").asDouble());
        assertThat(training.path("validationMetrics").has("top_5_accuracy")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        , "keepBest": "r2" | /keepBest | keepBest must be one of loss, validation_loss, accuracy, balanced_accuracy, log_loss, macro_f1, mcc, auc, average_precision for these targets, but was r2
        , "earlyStopping": {"monitor": "top_3_accuracy"} | /earlyStopping | earlyStopping.monitor must be one of loss, validation_loss, accuracy
        , "earlyStopping": {}, "keepBest": "loss" | /keepBest | keepBest is for trainings without earlyStopping, which keeps the best epoch by its own monitor
        """)
    void rejectsMetricThatDoesNotFit(String option, String pointer, String detail) {
        JsonNode problem = problem(
                post("/models/" + create(CLASSIFIER) + "/train", "{" + ROWS + option + "}"), 422, "invalid-field");
        assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo(pointer);
        assertThat(problem.at("/errors/0/detail").asString()).startsWith(detail);
    }

    @Test
    void rejectsMetricWithoutValidationRows() {
        JsonNode problem = problem(
                post("/models/" + create(CLASSIFIER) + "/train", "{" + XOR + ", \"keepBest\": \"accuracy\"}"),
                422,
                "invalid-field");
        assertThat(problem.at("/errors/0/detail").asString())
                .isEqualTo("keepBest monitors accuracy, which needs rows for validation, such as validationSplit");
    }

    @Test
    void rejectsMetricThatIsUndefinedForTheValidationRows() {
        String rows = """
            "inputs": [[1],[2]], "targets": ["a","b"], "validationInputs": [[3]], "validationTargets": ["a"]\
            """;
        JsonNode problem = problem(
                post("/models/" + create("\"hidden\": []") + "/train", "{" + rows + ", \"keepBest\": \"auc\"}"),
                422,
                "invalid-field");
        assertThat(problem.at("/errors/0/detail").asString())
                .isEqualTo("keepBest monitors auc, which is undefined for the validation rows: they do not have both"
                        + " classes");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "keepBest": "auc" | "targets": ["a","b","b"] | keepBest monitors auc, which is undefined for the validation rows of fold 1: they do not have both classes
        "earlyStopping": {"monitor": "r2"} | "targets": [1,2,4] | earlyStopping monitors r2, which is undefined for the validation rows of fold 1: there is only one
        """)
    void rejectsMetricThatIsUndefinedForAFold(String option, String targets, String detail) {
        String id = create("\"hidden\": [], \"ensemble\": {\"size\": 3, \"by\": \"fold\"}");
        JsonNode problem = problem(
                post("/models/" + id + "/train", "{\"inputs\": [[1],[2],[3]], " + targets + ", " + option + "}"),
                422,
                "invalid-field");
        assertThat(problem.at("/errors/0/detail").asString()).isEqualTo(detail);
    }

    @Test
    void rejectsMetricThatIsUndefinedForTheMonitoredRowsOfAFold() {
        JsonNode problem =
                problem(post("/models/" + create("\"hidden\": []") + "/cross-validate", """
                    {"inputs": [[1],[2],[3],[4]], "targets": [1,2,4,3], "folds": 2, "validationSplit": 0.5,
                    "keepBest": "r2"}\
                    """), 422, "invalid-field");
        assertThat(problem.at("/errors/0/detail").asString())
                .isEqualTo("keepBest monitors r2, which is undefined for the validation rows of fold 1: there is only"
                        + " one");
    }

    private static final String PLATEAU = CLASSIFIER
            + ", \"learningRateSchedule\": {\"type\": \"reduce_on_plateau\", \"patience\": 2, \"factor\": 0.25,"
            + " \"minDelta\": 0.5, \"monitor\": \"macro_f1\"}";

    @Test
    void learningRateIsReducedByAMetric() {
        JsonNode reduced = train(create(PLATEAU), ROWS + ", \"epochs\": 9");
        JsonNode constant = train(create(CLASSIFIER), ROWS + ", \"epochs\": 9");

        assertThat(history(reduced).path("validationMetrics").path("macro_f1").size())
                .isEqualTo(9);
        assertThat(reduced.at("/settings/learningRateSchedule/minLearningRate").asDouble())
                .isZero();
        // the third epoch is the second without an improvement, after which the rate is reduced
        for (int epoch = 0; epoch < 9; epoch++) {
            boolean equal = history(reduced)
                    .path("loss")
                    .path(epoch)
                    .equals(history(constant).path("loss").path(epoch));
            assertThat(equal).as("epoch %d", epoch + 1).isEqualTo(epoch < 3);
        }
    }

    @Test
    void crossValidationSetsRowsApartForTheLearningRate() {
        String rows = ROWS.replace("\"validationSplit\": 0.3", "\"folds\": 3, \"epochs\": 5");
        JsonNode result = json(post("/models/" + create(PLATEAU) + "/cross-validate", "{" + rows + "}"), 200);
        assertThat(history(result).path("validationLoss").size()).isEqualTo(15);
        assertThat(result.at("/settings/validationSplit").asDouble()).isCloseTo(0.1, within(1e-6));
    }

    @Test
    void rejectsScheduleThatMonitorsNothing() {
        String rows = ROWS.replace(", \"validationSplit\": 0.3", "");
        JsonNode problem =
                problem(post("/models/" + create(PLATEAU) + "/train", "{" + rows + "}"), 422, "invalid-field");
        assertThat(problem.at("/errors/0/detail").asString())
                .isEqualTo("learningRateSchedule of the model monitors macro_f1, which needs rows for"
                        + " validation, such as validationSplit");
    }
}
