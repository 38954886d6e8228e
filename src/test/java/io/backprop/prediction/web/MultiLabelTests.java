package io.backprop.prediction.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Several sigmoid outputs with binary cross-entropy: a row may have any number of classes. */
class MultiLabelTests extends ServiceTestBase {

    private static final String EXAMPLES = """
            "inputs": [[0,0],[0,1],[1,0],[1,1]], "targets": [[0,0,0],[1,0,0],[0,1,1],[1,1,1]]""";

    private String id = "";

    @BeforeEach
    void train() {
        id = create("""
                "hidden": [], "loss": "binary_crossentropy", "classes": ["a","b","c"], "learningRate": 0.5, "seed": 1""");
        JsonNode training = train(id, EXAMPLES + """
                , "epochs": 200, "validationInputs": [[0,1],[1,1]], "validationTargets": [[1,0,0],[1,1,1]]""");
        assertThat(training.at("/validationMetrics/accuracy").asDouble()).isEqualTo(1);
    }

    @Test
    void predictionHasAnyNumberOfLabelsPerRow() {
        JsonNode predictions = json(post("/models/" + id + "/predict", "{\"inputs\": [[0,0],[0,1],[1,1]]}"), 200);
        assertThat(predictions.path("labelSets").toString()).isEqualTo("[[],[\"a\"],[\"a\",\"b\",\"c\"]]");
        assertThat(predictions.path("classes").toString()).isEqualTo("[\"a\",\"b\",\"c\"]");
        assertThat(predictions.has("labels")).isFalse();
    }

    @Test
    void thresholdAppliesToEachLabel() {
        JsonNode all = json(post("/models/" + id + "/predict?threshold=0.0000001", "{\"inputs\": [[0,1]]}"), 200);
        assertThat(all.path("labelSets").toString()).isEqualTo("[[\"a\",\"b\",\"c\"]]");
    }

    @Test
    void metricsAreThoseOfEachLabel() {
        JsonNode evaluation = json(post("/models/" + id + "/evaluate", "{" + EXAMPLES + "}"), 200);
        assertThat(evaluation.path("metrics").propertyNames())
                .containsExactly("accuracy", "subset_accuracy", "balanced_accuracy", "log_loss", "macro_f1", "mcc");
        assertThat(evaluation.at("/metrics/accuracy").asDouble()).isEqualTo(1);
        assertThat(evaluation.at("/byClass/c/examples").asInt()).isEqualTo(2);
        assertThat(evaluation.at("/byClass/a/f1").asDouble()).isEqualTo(1);
        assertThat(evaluation.has("confusionMatrix")).isFalse();

        // the first row has none of its labels, though its most probable class is the predicted one
        JsonNode wrong =
                json(post("/models/" + id + "/evaluate", "{\"inputs\": [[0,0]], \"targets\": [[1,1,1]]}"), 200);
        assertThat(wrong.at("/metrics/accuracy").asDouble()).isZero();
    }

    @Test
    void rejectsNamesOfClassesAsTargets() {
        JsonNode problem = problem(
                post("/models/" + id + "/train", "{\"inputs\": [[0,0],[1,1]], \"targets\": [\"a\",\"b\"]}"),
                422,
                "invalid-field");
        assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo("/targets");
        assertThat(problem.path("detail").asString()).contains("rows of numbers, one for each class");
    }

    @Test
    void rejectsClassWeights() {
        problem(
                post("/models/" + id + "/train", "{" + EXAMPLES + ", \"classWeights\": \"balanced\"}"),
                422,
                "invalid-field");
    }
}
