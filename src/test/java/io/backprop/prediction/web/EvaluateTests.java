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

        JsonNode metrics = evaluate(id, "[[1]]", first).path("metrics");

        assertThat(metrics.path("confusionMatrix").isNull()).isTrue();
        assertThat(metrics.path("accuracy").asDouble()).isEqualTo(1);
        assertThat(metrics.path("recall").path("0").asDouble()).isEqualTo(1);
    }

    @Test
    void evaluatesOneOutputAsTwoClassesWithAuc() {
        String id = linear("""
                "hidden": [], "classes": ["no", "yes"]""", "[[1]]", "[0]");

        // predicted: no, yes, yes, yes; actual: no, no, yes, yes; 3.5 of 4 pairs in order
        JsonNode answer = evaluate(id, "[[-1],[1],[1],[2]]", "[\"no\",\"no\",\"yes\",\"yes\"]");

        JsonNode metrics = answer.path("metrics");
        assertThat(metrics.propertyNames())
                .containsExactlyInAnyOrder(
                        "accuracy", "log_loss", "auc", "classes", "confusionMatrix", "precision", "recall", "f1");
        assertThat(metrics.path("accuracy").asDouble()).isEqualTo(0.75);
        double logLoss = (2 * softplus(-1) + softplus(1) + softplus(-2)) / 4;
        assertThat(metrics.path("log_loss").asDouble()).isCloseTo(logLoss, CLOSE);
        assertThat(answer.path("loss").asDouble()).isCloseTo(logLoss, CLOSE);
        assertThat(metrics.path("auc").asDouble()).isEqualTo(0.875);
        assertThat(metrics.path("classes").toString()).isEqualTo("[\"no\",\"yes\"]");
        assertThat(metrics.path("confusionMatrix").toString()).isEqualTo("[[1,1],[0,2]]");
        assertThat(metrics.path("precision").toString()).isEqualTo("{\"no\":1.0,\"yes\":" + 2.0 / 3 + "}");
        assertThat(metrics.path("recall").toString()).isEqualTo("{\"no\":0.5,\"yes\":1.0}");
        assertThat(metrics.at("/f1/yes").asDouble()).isCloseTo(0.8, CLOSE);
    }

    @Test
    void evaluatesManyClassesWithConfusionMatrix() {
        String id = linear("""
                "hidden": [], "classes": ["a", "b", "c"]""", "[[9,0,0],[0,9,0],[0,0,9]]", "[0,0,0]");

        JsonNode metrics = evaluate(id, "[[1,0,0],[0,1,0],[0,1,0],[0,0,1]]", "[\"a\",\"b\",\"c\",\"c\"]")
                .path("metrics");

        assertThat(metrics.has("auc")).isFalse();
        assertThat(metrics.path("accuracy").asDouble()).isEqualTo(0.75);
        assertThat(metrics.path("confusionMatrix").toString()).isEqualTo("[[1,0,0],[0,1,0],[0,1,1]]");
        assertThat(metrics.path("precision").toString()).isEqualTo("""
                {"a":1.0,"b":0.5,"c":1.0}""");
        assertThat(metrics.path("recall").toString()).isEqualTo("""
                {"a":1.0,"b":1.0,"c":0.5}""");
    }

    @Test
    void acceptsProbabilitiesAsTargets() {
        String id = linear("\"hidden\": [], \"task\": \"classification\"", "[[1],[-1]]", "[0,0]");

        JsonNode metrics = evaluate(id, "[[3],[-3]]", "[[0.9,0.1],[0.2,0.8]]").path("metrics");

        assertThat(metrics.path("accuracy").asDouble()).isEqualTo(1);
        assertThat(metrics.path("classes").toString()).isEqualTo("[\"0\",\"1\"]");
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

        assertThat(predict(id, "[[9]]").path("predictions").toString()).isEqualTo("[[null]]"); // ∞ − ∞
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
