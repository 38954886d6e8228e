package io.backprop.prediction.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.time.Duration;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Metrics compared with arithmetic, for given parameters and thus known predictions. */
class EvaluateTests extends ServiceTestBase {

    private static final Offset<Double> CLOSE = Offset.offset(1e-6);

    @Test
    void regressionIsMeasuredByErrorsAndR2() {
        String id = linear("\"hidden\": [], \"task\": \"regression\"", "[[1]]", "[0]");

        // errors 1, -1, 2, 0: squares 6, absolutes 4; targets' mean 1.5, their squares around it 5
        JsonNode answer = evaluate(id, "[[1],[0],[4],[3]]", "[0,1,2,3]");

        assertThat(answer.propertyNames()).containsExactly("model", "version", "examples", "loss", "metrics");
        assertThat(answer.path("model").asString()).isEqualTo(id);
        assertThat(answer.path("version").asInt()).isEqualTo(1);
        assertThat(answer.path("examples").asInt()).isEqualTo(4);
        assertThat(answer.path("loss").asDouble()).isEqualTo(1.5);
        JsonNode metrics = answer.path("metrics");
        assertThat(metrics.propertyNames())
                .containsExactly("mean_squared_error", "mean_absolute_error", "root_mean_squared_error", "r2");
        assertThat(metrics.path("mean_squared_error").asDouble()).isEqualTo(1.5);
        assertThat(metrics.path("mean_absolute_error").asDouble()).isEqualTo(1);
        assertThat(metrics.path("root_mean_squared_error").asDouble()).isCloseTo(Math.sqrt(1.5), CLOSE);
        assertThat(metrics.path("r2").asDouble()).isCloseTo(1 - 6.0 / 5, CLOSE);
    }

    @Test
    void omitsConfusionMatrixOfMoreThanAThousandClasses() {
        String id = create("""
                "hidden": [], "task": "classification", "inputs": 1, "outputs": 1001""");
        String first = "[[1" + ",0".repeat(1_000) + "]]";
        json(post("/models/" + id + "/train", "{\"inputs\": [[1]], \"targets\": " + first + "}"), 200);

        JsonNode answer = evaluate(id, "[[1]]", first);

        assertThat(answer.has("confusionMatrix")).isFalse();
        assertThat(answer.at("/metrics/accuracy").asDouble()).isEqualTo(1);
        assertThat(answer.at("/byClass/0/recall").asDouble()).isEqualTo(1);
    }

    @Test
    void evaluatesOneOutputAsTwoClasses() {
        String id = linear("""
                "hidden": [], "classes": ["no", "yes"]""", "[[1]]", "[0]");

        // predicted: no, yes, yes, yes; actual: no, no, yes, yes; 3.5 of 4 pairs in order
        JsonNode answer = evaluate(id, "[[-1],[1],[1],[2]]", "[\"no\",\"no\",\"yes\",\"yes\"]");

        assertThat(answer.propertyNames())
                .containsExactly(
                        "model", "version", "examples", "loss", "metrics", "confusionMatrix", "classes", "byClass");
        JsonNode metrics = answer.path("metrics");
        assertThat(metrics.propertyNames())
                .containsExactly(
                        "accuracy", "balanced_accuracy", "log_loss", "macro_f1", "mcc", "auc", "average_precision");
        assertThat(metrics.path("balanced_accuracy").asDouble()).isEqualTo(0.75);
        assertThat(metrics.path("macro_f1").asDouble()).isCloseTo((2.0 / 3 + 0.8) / 2, CLOSE);
        assertThat(metrics.path("mcc").asDouble()).isCloseTo(2 / Math.sqrt(12), CLOSE); // (3·4 − 8) / √(6·8)
        assertThat(metrics.path("average_precision").asDouble()).isCloseTo(0.5 + 1.0 / 3, CLOSE);
        assertThat(metrics.path("accuracy").asDouble()).isEqualTo(0.75);
        double logLoss = (2 * softplus(-1) + softplus(1) + softplus(-2)) / 4;
        assertThat(metrics.path("log_loss").asDouble()).isCloseTo(logLoss, CLOSE);
        assertThat(answer.path("loss").asDouble()).isCloseTo(logLoss, CLOSE);
        assertThat(metrics.path("auc").asDouble()).isEqualTo(0.875);
        assertThat(answer.path("classes").toString()).isEqualTo("[\"no\",\"yes\"]");
        assertThat(answer.path("confusionMatrix").toString()).isEqualTo("[[1,1],[0,2]]");
        assertThat(answer.path("byClass").toString()).isEqualTo("""
                {"no":{"precision":1.0,"recall":0.5,"f1":%s,"examples":2},\
                "yes":{"precision":%s,"recall":1.0,"f1":0.8,"examples":2}}""".formatted(2.0 / 3, 2.0 / 3));
    }

    @Test
    void labelSmoothingAffectsTheLossButNotTheMetrics() {
        String id = linear("""
                "hidden": [], "classes": ["no", "yes"], "labelSmoothing": 0.2""", "[[1]]", "[0]");

        JsonNode answer = evaluate(id, "[[2]]", "[\"yes\"]");

        double smoothed = 0.9 * softplus(-2) + 0.1 * softplus(2);
        assertThat(answer.path("loss").asDouble()).isCloseTo(smoothed, CLOSE);
        assertThat(answer.at("/metrics/log_loss").asDouble()).isCloseTo(softplus(-2), CLOSE);
    }

    @Test
    void thresholdMovesTheBorderOfTheSecondClass() {
        String id = linear("""
                "hidden": [], "classes": ["no", "yes"]""", "[[1]]", "[0]");
        String body = """
                {"inputs": [[-1],[1],[1],[2]], "targets": ["no","no","yes","yes"]}""";

        JsonNode answer = json(post("/models/" + id + "/evaluate?threshold=0.8", body), 200);

        assertThat(answer.path("confusionMatrix").toString()).isEqualTo("[[2,0],[1,1]]"); // P(yes) is 0.73 for 1
        assertThat(answer.at("/metrics/accuracy").asDouble()).isEqualTo(0.75);
        assertThat(answer.at("/metrics/auc").asDouble()).isEqualTo(0.875);
        assertThat(answer.path("loss"))
                .isEqualTo(json(post("/models/" + id + "/evaluate", body), 200).path("loss"));
    }

    @Test
    void evaluatesManyClassesWithConfusionMatrix() {
        String id = linear("""
                "hidden": [], "classes": ["a", "b", "c"]""", "[[9,0,0],[0,9,0],[0,0,9]]", "[0,0,0]");

        JsonNode answer = evaluate(id, "[[1,0,0],[0,1,0],[0,1,0],[0,0,1]]", "[\"a\",\"b\",\"c\",\"c\"]");

        assertThat(answer.path("metrics").propertyNames())
                .containsExactly("accuracy", "balanced_accuracy", "log_loss", "macro_f1", "mcc");
        assertThat(answer.at("/metrics/accuracy").asDouble()).isEqualTo(0.75);
        assertThat(answer.at("/metrics/balanced_accuracy").asDouble()).isCloseTo(2.5 / 3, CLOSE);
        assertThat(answer.path("confusionMatrix").toString()).isEqualTo("[[1,0,0],[0,1,0],[0,1,1]]");
        assertThat(answer.at("/byClass/b/precision").asDouble()).isEqualTo(0.5);
        assertThat(answer.at("/byClass/c/recall").asDouble()).isEqualTo(0.5);
        assertThat(answer.at("/byClass/c/examples").asInt()).isEqualTo(2);
    }

    @Test
    void acceptsProbabilitiesAsTargets() {
        String id = linear("\"hidden\": [], \"task\": \"classification\"", "[[1],[-1]]", "[0,0]");

        JsonNode answer = evaluate(id, "[[3],[-3]]", "[[0.9,0.1],[0.2,0.8]]");

        assertThat(answer.at("/metrics/accuracy").asDouble()).isEqualTo(1);
        assertThat(answer.path("classes").toString()).isEqualTo("[\"0\",\"1\"]");
    }

    @Test
    void aucIsNullIfAClassIsMissing() {
        String id = linear("""
                "hidden": [], "classes": ["no", "yes"]""", "[[1]]", "[0]");

        assertThat(evaluate(id, "[[1],[2]]", "[\"yes\",\"yes\"]")
                        .path("metrics")
                        .path("auc")
                        .asDouble(-1))
                .isEqualTo(-1);
    }

    @Test
    void nonFinitePredictionsAreNullAndRejectedByEvaluate() {
        String id = create("""
                "hidden": [{"units": 2, "activation": "linear"}], "classes": ["no", "yes"]""");
        json(put("/models/" + id + "/parameters", """
                {"layers": [{"weights": [[3e38], [-3e38]], "biases": [0, 0]},
                            {"weights": [[1, 1]], "biases": [0]}]}"""), 200);

        assertThat(predict(id, "[[9]]").path("predictions").toString()).isEqualTo("[[null,null]]"); // ∞ − ∞
        JsonNode answer = Assertions.assertTimeoutPreemptively(
                Duration.ofMinutes(2), () -> evaluate(id, "[[9],[0],[9]]", "[\"no\",\"yes\",\"yes\"]"));
        assertThat(answer.path("loss").isNull()).isTrue();
        assertThat(answer.at("/metrics/log_loss").isNull()).isTrue();
    }

    @Test
    void nonFiniteRegressionMetricsAreNull() {
        String id = linear("\"hidden\": [], \"task\": \"regression\"", "[[3e38]]", "[0]");

        JsonNode metrics = evaluate(id, "[[10],[1]]", "[1,2]").path("metrics");
        for (String name : List.of("mean_squared_error", "mean_absolute_error", "root_mean_squared_error", "r2")) {
            assertThat(metrics.path(name).isNull()).as(name).isTrue();
        }
    }

    private JsonNode evaluate(String id, String inputs, String targets) {
        String body = "{\"inputs\": %s, \"targets\": %s}".formatted(inputs, targets);
        return json(post("/models/" + id + "/evaluate", body), 200);
    }

    /** A model of one layer with these parameters. */
    private String linear(String fields, String weights, String biases) {
        String id = create(fields);
        String body = """
                {"layers": [{"weights": %s, "biases": %s}]}""".formatted(weights, biases);
        json(put("/models/" + id + "/parameters", body), 200);
        return id;
    }

    private static double softplus(double x) {
        return Math.log1p(Math.exp(x));
    }
}
