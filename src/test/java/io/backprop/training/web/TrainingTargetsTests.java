package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Task, outputs and classes that a model infers from its first targets. */
class TrainingTargetsTests extends ServiceTestBase {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "hidden": []    | ["b","a","b"]   | "classification" | 1 | sigmoid | binary_crossentropy      | ["a","b"]
            "hidden": []    | ["z","a","m"]   | "classification" | 3 | softmax | categorical_crossentropy | ["a","m","z"]
            "hidden": []    | [true,false,true] | "classification" | 1 | sigmoid | binary_crossentropy    | ["false","true"]
            "hidden": []    | [1,0,1]         | "regression"     | 1 | linear  | mean_squared_error       | null
            "hidden": []    | [[1,0],[0,1],[0,1]] | "regression" | 2 | linear  | mean_squared_error       | null
            "hidden": [], "task": "classification" | [1,0,1] | "classification" | 1 | sigmoid | binary_crossentropy | null
            "hidden": [], "task": "classification" | [[1,0],[0,1],[0,1]] | "classification" | 2 | softmax | categorical_crossentropy | null
            "hidden": [], "classes": ["a","b"]      | [0,1,1] | "classification" | 1 | sigmoid | binary_crossentropy | ["a","b"]
            "hidden": [], "classes": ["a","b"]      | ["b","b","a"] | "classification" | 1 | sigmoid | binary_crossentropy | ["a","b"]
            "hidden": [], "outputs": 2             | ["b","b","a"] | "classification" | 2 | softmax | categorical_crossentropy | ["a","b"]
            "hidden": [], "loss": "categorical_crossentropy" | [[1,0],[0,1],[0,1]] | "classification" | 2 | softmax | categorical_crossentropy | null
            "layerCount": 2 | [1,0,1]         | null             | 1 | sigmoid | mean_squared_error       | null
            "layerCount": 2 | ["z","a","m"]   | "classification" | 3 | sigmoid | mean_squared_error       | ["a","m","z"]
            "layerCount": 2, "task": "classification" | ["z","a","m"] | "classification" | 3 | softmax | categorical_crossentropy | ["a","m","z"]
            """)
    void infersTheTaskFromTheTargets(
            String fields, String targets, String task, int outputs, String activation, String loss, String classes) {
        String id = create(fields);

        train(id, "\"inputs\": [[1],[2],[3]], \"targets\": " + targets);

        JsonNode model = model(id);
        assertThat(model.path("task").toString()).isEqualTo(task);
        assertThat(model.path("outputs").asInt()).isEqualTo(outputs);
        JsonNode output = model.path("layers").path(model.path("layers").size() - 1);
        assertThat(output.path("units").asInt()).isEqualTo(outputs);
        assertThat(output.path("activation").asString()).isEqualTo(activation);
        assertThat(model.path("loss").asString()).isEqualTo(loss);
        assertThat(model.path("classes").toString()).isEqualTo(classes);
    }

    @Test
    void metricsFollowFromTheTargets() {
        assertThat(metrics("[\"a\",\"b\"]").propertyNames()).contains("accuracy", "log_loss");
        assertThat(metrics("[1.5,3]").propertyNames()).contains("r2", "mean_absolute_error");
        assertThat(metrics("[3,3]").path("r2").isNull()).isTrue();
    }

    private JsonNode metrics(String targets) {
        return train(create("\"hidden\": []"), "\"inputs\": [[1],[2]], \"targets\": " + targets)
                .path("trainingMetrics");
    }

    @Test
    void learnsTwoClassesWithOneOutput() {
        String id = create("\"hidden\": [], \"learningRate\": 0.5");
        train(id, """
                "inputs": [[-2],[-1],[1],[2]], "targets": ["grün","grün","🟥","🟥"]""");

        JsonNode answer = predict(id, "[[-3],[3]]");
        assertThat(answer.path("labels").toString()).isEqualTo("[\"grün\",\"🟥\"]");
        assertThat(answer.path("classes").toString()).isEqualTo("[\"grün\",\"🟥\"]");
        assertThat(answer.at("/predictions/0").size()).isEqualTo(2);
        assertThat(answer.at("/predictions/0/1").asDouble()).isLessThan(0.5);
        assertThat(answer.at("/predictions/1/1").asDouble()).isGreaterThan(0.5);
        assertThat(answer.at("/predictions/1/0").asDouble()
                        + answer.at("/predictions/1/1").asDouble())
                .isBetween(0.999999, 1.000001);
    }

    @Test
    void learnsBooleans() {
        String id = create("\"hidden\": [], \"learningRate\": 0.5");
        train(id, "\"inputs\": [[-2],[-1],[1],[2]], \"targets\": [true,true,false,false]");

        assertThat(predict(id, "[[-3],[3]]").path("labels").toString()).isEqualTo("[\"true\",\"false\"]");
    }

    @Test
    void learnsManyClassesWithOneOutputEach() {
        String id = create("\"hidden\": [], \"learningRate\": 0.3");
        train(id, """
                "inputs": [[1,0,0],[0,1,0],[0,0,1]], "targets": ["c","a","b"]""");

        JsonNode answer = predict(id, "[[0,0,1],[1,0,0],[0,1,0]]");
        assertThat(answer.path("labels").toString()).isEqualTo("[\"b\",\"c\",\"a\"]");
        double sum = 0;
        for (JsonNode probability : answer.at("/predictions/0")) {
            sum += probability.asDouble();
        }
        assertThat(sum).isBetween(0.99999, 1.00001);
    }
}
