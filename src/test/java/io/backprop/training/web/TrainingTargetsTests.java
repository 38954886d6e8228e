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
            "hidden": [], "task": "classification" | [1,0,1] | "classification" | 1 | sigmoid | binary_crossentropy | ["0","1"]
            "hidden": [], "task": "classification" | [2,10,1]  | "classification" | 3 | softmax | categorical_crossentropy | ["1","2","10"]
            "hidden": [], "task": "classification" | [1,-1,1.0] | "classification" | 1 | sigmoid | binary_crossentropy | ["-1","1"]
            "hidden": [], "task": "classification", "outputs": 3 | [2,0,2] | "classification" | 3 | softmax | categorical_crossentropy | ["0","1","2"]
            "hidden": [], "task": "classification", "outputs": 1 | [1,1,1] | "classification" | 1 | sigmoid | binary_crossentropy | ["0","1"]
            "hidden": [], "task": "classification" | [0.2,0.9,1] | "classification" | 1 | sigmoid | binary_crossentropy | ["0","1"]
            "hidden": [], "task": "classification" | [[1],[0],[1]] | "classification" | 1 | sigmoid | binary_crossentropy | ["0","1"]
            "hidden": [], "task": "classification" | [[1,0],[0,1],[0,1]] | "classification" | 2 | softmax | categorical_crossentropy | ["0","1"]
            "hidden": [], "loss": "binary_crossentropy" | [[1,0],[1,1],[0,1]] | "classification" | 2 | sigmoid | binary_crossentropy | null
            "hidden": [], "classes": ["a","b"]      | [[0],[1],[1]] | "classification" | 1 | sigmoid | binary_crossentropy | ["a","b"]
            "hidden": [], "classes": ["2","1"]      | [1,2,2] | "classification" | 1 | sigmoid | binary_crossentropy | ["2","1"]
            "hidden": [], "classes": ["a","b"]      | ["b","b","a"] | "classification" | 1 | sigmoid | binary_crossentropy | ["a","b"]
            "hidden": [], "outputs": 2             | ["b","b","a"] | "classification" | 2 | softmax | categorical_crossentropy | ["a","b"]
            "hidden": [], "loss": "categorical_crossentropy" | [[1,0],[0,1],[0,1]] | "classification" | 2 | softmax | categorical_crossentropy | ["0","1"]
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
        assertThat(metrics("[3,3]").path("r2").asDouble()).isBetween(0.0, 1.0);
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

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "hidden": []    | [2,0,1] | "classification" | 3 | softmax | categorical_crossentropy | ["0","1","2"]
            "hidden": []    | [true,false,true] | "classification" | 1 | sigmoid | binary_crossentropy | ["false","true"]
            "hidden": [], "outputActivation": "softmax" | [1,0,1] | "classification" | 2 | softmax | categorical_crossentropy | ["0","1"]
            "layerCount": 2 | [1,0,1] | "classification" | 1 | sigmoid | binary_crossentropy      | ["0","1"]
            "layerCount": 2 | ["z","a","m"] | "classification" | 3 | softmax | categorical_crossentropy | ["a","m","z"]
            "layerCount": 2, "loss": "mean_squared_error" | [1,0,1] | "classification" | 1 | sigmoid | mean_squared_error | ["0","1"]
            """)
    void firstTrainingMaySayTheTask(
            String fields, String targets, String task, int outputs, String activation, String loss, String classes) {
        infersTheTaskFromTheTargets(
                fields, targets + ", \"task\": \"classification\"", task, outputs, activation, loss, classes);
    }

    @Test
    void firstTrainingMaySayRegression() {
        String id = create("\"layerCount\": 2");
        JsonNode training = train(id, """
                "inputs": [[1],[2],[3]], "targets": [1,0,1], "task": "regression", "epochs": 1""");

        assertThat(training.path("warnings")).isEmpty();
        assertThat(model(id).path("task").asString()).isEqualTo("regression");
        assertThat(model(id).at("/layers/1/activation").asString()).isEqualTo("linear");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "hidden": [], "task": "regression" | classification | task must be regression, as the model has it, but was classification
            "hidden": [], "classes": ["0","1"] | regression     | task must be classification, as the model has it, but was regression
            """)
    void rejectsAnotherTask(String fields, String task, String detail) {
        assertTaskRejected(create(fields), task, detail);
    }

    @Test
    void taskOfATrainedModelIsFixedUntilReset() {
        String numbers = create("\"hidden\": []");
        train(numbers, "\"inputs\": [[1],[2]], \"targets\": [1,0]");
        assertTaskRejected(
                numbers, "classification", "task must be regression, as the model has it, but was classification");
        String article = create("");
        train(article, "\"inputs\": [[1],[2]], \"targets\": [1,0]");
        assertTaskRejected(
                article,
                "classification",
                "task is for a model that has not been trained yet; set reset to start fresh");

        train(article, """
                "inputs": [[1],[2]], "targets": [1,0], "task": "classification", "reset": true""");

        assertThat(model(article).path("classes").toString()).isEqualTo("[\"0\",\"1\"]");
    }

    private void assertTaskRejected(String id, String task, String detail) {
        String body = """
                {"inputs": [[1],[2]], "targets": [1,0], "task": "%s"}""".formatted(task);
        JsonNode problem = problem(post("/models/" + id + "/train", body), 422, "invalid-field");
        assertThat(problem.path("detail").asString()).isEqualTo(detail);
        assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo("/task");
    }

    @Test
    void acceptsCodesWhereverTargetsAre() {
        String id = create("\"hidden\": [], \"learningRate\": 0.5");
        String data = """
                "inputs": [[-2],[-1],[1],[2]], "targets": [5,5,7,7]""";
        JsonNode training = train(id, data + """
                , "task": "classification", "validationInputs": [[3],[-3]], "validationTargets": [7,5]""");

        assertThat(training.at("/validationMetrics/accuracy").asDouble()).isEqualTo(1);
        assertThat(predict(id, "[[-3],[3]]").path("labels").toString()).isEqualTo("[\"5\",\"7\"]");
        assertThat(json(post("/models/" + id + "/evaluate", "{" + data + "}"), 200)
                        .path("confusionMatrix")
                        .toString())
                .isEqualTo("[[2,0],[0,2]]");
        assertThat(json(post("/models/" + id + "/importance", "{" + data + "}"), 200)
                        .path("score")
                        .asDouble())
                .isEqualTo(1);
        assertThat(json(post("/models/" + id + "/predict?threshold=0.999999", "{\"inputs\": [[0.01]]}"), 200)
                        .at("/labels/0")
                        .asString())
                .isEqualTo("5");
        train(id, "\"inputs\": [[1],[2]], \"targets\": [7,7]");
        train(id, data + ", \"reset\": true"); // codes are learned as classes again
        assertThat(model(id).path("classes").toString()).isEqualTo("[\"5\",\"7\"]");
        JsonNode folds = json(post("/models/" + id + "/cross-validate", "{" + data + ", \"folds\": 2}"), 200);
        assertThat(folds.at("/crossValidation/metrics/accuracy/mean").asDouble())
                .isEqualTo(1);
        String untrained = "/models/" + create("\"hidden\": []") + "/cross-validate";
        String body = "{" + data + ", \"task\": \"classification\", \"folds\": 2}";
        assertThat(json(post(untrained, body), 200)
                        .at("/crossValidation/metrics")
                        .propertyNames())
                .contains("mcc", "average_precision");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "hidden": []                       | [0,1,2,0,1,2]  | 3
            "hidden": []                       | [[0],[1],[0],[1],[0],[1]] | 2
            "hidden": []                       | [0,1,2,3,4,5]  | 0
            "hidden": []                       | [0,1,0,1,0,1.5] | 0
            "hidden": []                       | [3,3,3,3,3,3]  | 0
            "hidden": [], "task": "regression" | [0,1,2,0,1,2]  | 0
            "hidden": [], "task": "classification" | [0,1,2,0,1,2] | 0
            "hidden": [], "loss": "mean_absolute_error" | [0,1,2,0,1,2] | 0
            "layerCount": 2                    | [0,1,0,0,1,1]  | 0
            """)
    void warnsOfFewDistinctIntegersWithoutATask(String fields, String targets, int classes) {
        JsonNode training =
                train(create(fields), "\"inputs\": [[1],[2],[3],[4],[5],[6]], \"epochs\": 1, \"targets\": " + targets);

        String warning =
                "targets are %d different integers, which are learned as numbers by a regression; if they are classes, set task: classification"
                        .formatted(classes);
        if (classes > 0) {
            assertThat(training.path("warnings").toString()).isEqualTo("[\"" + warning + "\"]");
        } else {
            assertThat(training.path("warnings").toString()).doesNotContain("integers");
        }
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
