package io.backprop.model.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ParametersTests extends ServiceTestBase {

    private static final String ONE_THREE_TWO = """
        {"layers":[{"weights":[[0.1],[0.2],[0.3]],"biases":[0.0,1.0,-1.0]},\
        {"weights":[[1.0,2.0,3.0],[4.0,5.0,6.0]],"biases":[0.5,-0.5]}]}\
        """;

    @Test
    void parametersHaveOneRowPerUnitAndOneColumnPerInput() {
        String id = create("""
            "hiddenUnits": [3], "inputs": 2, "outputs": 1\
            """);

        JsonNode parameters = json(get("/models/" + id + "/parameters"), 200);

        assertThat(parameters.propertyNames()).containsExactly("layers");
        assertThat(parameters.path("layers").size()).isEqualTo(2);
        assertThat(parameters.at("/layers/0").propertyNames()).containsExactly("weights", "biases");
        assertThat(parameters.at("/layers/0/weights").size()).isEqualTo(3);
        assertThat(parameters.at("/layers/0/weights/0").size()).isEqualTo(2);
        assertThat(parameters.at("/layers/0/biases").size()).isEqualTo(3);
        assertThat(parameters.at("/layers/1/weights/0").size()).isEqualTo(3);
    }

    @Test
    void returnsAndPublishesTheGivenParameters() {
        String id = create("""
            "hiddenUnits": [3], "inputs": 1, "outputs": 2\
            """);

        HttpResponse<String> response = put("/models/" + id + "/parameters", ONE_THREE_TWO);

        JsonNode model = json(response, 200);
        assertThat(model.path("version").asInt()).isEqualTo(1);
        assertThat(model.path("state").asString()).isEqualTo("trained");
        assertThat(header(response, "ETag")).isEqualTo(header(get("/models/" + id), "ETag"));
        assertThat(model).isEqualTo(model(id));
        assertThat(get("/models/" + id + "/parameters").body()).isEqualTo(ONE_THREE_TWO);
        assertThat(predict(id, "[[1]]").path("version").asInt()).isEqualTo(1);
        put("/models/" + id + "/parameters", ONE_THREE_TWO);
        assertThat(model(id).path("version").asInt()).isEqualTo(2);
    }

    @Test
    void parametersDetermineUnknownWidths() {
        String id = create("\"hiddenUnits\": [3]");
        problem(get("/models/" + id + "/parameters"), 409, "model-not-trained");

        json(put("/models/" + id + "/parameters", ONE_THREE_TWO), 200);

        JsonNode model = model(id);
        assertThat(model.path("inputs").asInt()).isEqualTo(1);
        assertThat(model.path("outputs").asInt()).isEqualTo(2);
        assertThat(model.path("parameters").asInt()).isEqualTo(14);
    }

    @Test
    void predictionsFollowTheFormula() {
        String id = create("\"hidden\": [{\"units\": 2}], \"task\": \"regression\"");
        json(put("/models/" + id + "/parameters", """
            {"layers": [{"weights": [[1, -1], [2, 0.5]], "biases": [0, -10]},
                        {"weights": [[3, 4]], "biases": [0.5]}]}\
            """), 200);

        JsonNode answer = predict(id, "[[5, 2], [0, 1], [10, 2]]");

        assertThat(answer.propertyNames()).containsExactly("model", "version", "predictions");
        assertThat(answer.path("model").asString()).isEqualTo(id);
        assertThat(answer.path("predictions").toString()).isEqualTo("[[13.5],[0.5],[68.5]]");
    }

    @Test
    void trainingContinuesFromTheGivenParameters() {
        String id = create("""
            "hidden": [], "task": "regression", "optimizer": {"type": "sgd"}\
            """);
        json(put("/models/" + id + "/parameters", """
            {"layers": [{"weights": [[2]], "biases": [1]}]}\
            """), 200);

        // p = 2·3 + 1 = 7, dL/dp = 2·(7 − 9) = −4, so w = 2 + 0.1·4·3 = 3.2 and b = 1 + 0.1·4 = 1.4
        JsonNode training = train(id, """
            "inputs": [[3]], "targets": [9], "epochs": 1, "learningRate": 0.1\
            """);

        assertThat(training.path("loss").asDouble()).isEqualTo(4);
        JsonNode layer = json(get("/models/" + id + "/parameters"), 200).at("/layers/0");
        assertThat(layer.at("/weights/0/0").floatValue()).isEqualTo(3.2f);
        assertThat(layer.at("/biases/0").floatValue()).isEqualTo(1.4f);
        assertThat(model(id).path("version").asInt()).isEqualTo(2);
    }

    @Test
    void predictsTheGivenLabels() {
        String id = create("""
            "hidden": [], "classes": ["no", "yes"]\
            """);
        json(put("/models/" + id + "/parameters", """
            {"layers": [{"weights": [[1]], "biases": [0]}]}\
            """), 200);

        assertThat(predict(id, "[[-5], [5]]").path("labels").toString()).isEqualTo("[\"no\",\"yes\"]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"layers": [{"weights": [[1]], "biases": [1]}]} | /layers | layers must have 2 entries, one for each layer of the model, but has 1
        {"layers": [{"weights": [[1],[2]], "biases": [1,2]}, {"weights": [[1,1]], "biases": [1]}]} | /layers/0 | weights of layer 0 must be 3 × 1, one row per unit, but are 2 × 1
        {"layers": [{"weights": [[1],[2],[3]], "biases": [1,2]}, {"weights": [[1,1,1]], "biases": [1]}]} | /layers/0 | layer 0 must have 3 biases, but has 2
        {"layers": [{"weights": [[1],[2],[3]], "biases": [1,2,3]}, {"weights": [[1,1]], "biases": [1]}]} | /layers/1 | weights of layer 1 must be 1 × 3, one row per unit, but are 1 × 2
        {"layers": [{"weights": [[1,1],[2,2],[3,3]], "biases": [1,2,3]}, {"weights": [[1,1,1]], "biases": [1]}]} | /layers/0 | weights of layer 0 must be 3 × 1, one row per unit, but are 3 × 2
        {"layers": [{"weights": [[1],[2],[3]], "biases": [1,2,3]}, {"weights": [[1,1,1]], "biases": []}]} | /layers/1 | layer 1 must have 1 biases, but has 0
        {"layers": [{"weights": [[1],[2],[3]]}, {"weights": [[1,1,1]], "biases": [1]}]} | /layers/0/biases | is required
        {"layers": [{"biases": [1]}, null]} | /layers/1 | is required
        {"layers": []} | /layers | must have a length of at least 1, but has 0
        {"layers": null} | /layers | layers is required, or networks for an ensemble
        {} | /layers | layers is required, or networks for an ensemble
        {"layers": [{"weights": [[1]], "biases": [1]}], "networks": [{"layers": [{"weights": [[1]], "biases": [1]}]}]} | /layers | layers and networks exclude each other; networks are those of an ensemble
        {"networks": [{"layers": []}]} | /networks/0/layers | must not be empty
        {"networks": [{"layers": [{"weights": [[1]], "biases": [1]}]}]} | /networks/0/layers | layers must have 2 entries, one for each layer of the model, but has 1
        {"networks": [{"layers": [{"weights": [[1]], "biases": [1]}]}, {"layers": [{"weights": [[1]], "biases": [1]}]}]} | /networks | networks must be at most as many as the model averages, 1, but are 2
        """)
    void rejectsParametersThatDoNotFit(String body, String pointer, String detail) {
        String id = create("""
            "hiddenUnits": [3], "inputs": 1, "outputs": 1\
            """);

        JsonNode problem = problem(put("/models/" + id + "/parameters", body), 422, "invalid-field");

        assertThat(problem.path("errors")).as(problem.toString()).anySatisfy(error -> {
            assertThat(error.path("pointer").asString()).isEqualTo(pointer);
            assertThat(error.path("detail").asString()).isEqualTo(detail);
        });
        assertThat(model(id).path("version").asInt()).isZero();
    }

    @Test
    void warnsOfNetworksWithoutParameters() {
        String id = create("""
            "hiddenUnits": [], "layerCount": 1, "inputs": 1, "outputs": 1, "ensemble": 3\
            """);
        JsonNode model = json(put("/models/" + id + "/parameters", """
            {"layers": [{"weights": [[1]], "biases": [1]}]}\
            """), 200);

        assertThat(model.path("parameters").asInt()).isEqualTo(2);
        assertThat(model.path("warnings").toString())
                .contains(
                        "the parameters are those of 1 of 3 networks, whose predictions are averaged; the next training"
                                + " adds the others");
    }

    @Test
    void rejectsParametersDuringTraining() {
        String id = create("""
            "hiddenUnits": [3], "inputs": 2, "outputs": 1\
            """);
        begin(id, ENDLESS);

        problem(put("/models/" + id + "/parameters", """
            {"layers": [{"weights": [[1]], "biases": [1]}]}\
            """), 409, "training-running");
        delete("/models/" + id);
    }
}
