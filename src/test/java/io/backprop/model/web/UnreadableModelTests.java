package io.backprop.model.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Bodies that are not JSON, or whose fields have other types. */
class UnreadableModelTests extends ServiceTestBase {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"layers": 2} | /layers | is unknown here; known: activation, batchSize, calibrate, classes,
        {"layerCount": 2, "layerCount": 3} | /layerCount | is given more than once
        {"layerCount": "2"} | /layerCount | must be a whole number, but was "2"
        {"layerCount": 2.5} | /layerCount | must be a whole number, but was 2.5
        {"layerCount": 1000000000000} | /layerCount | must be a whole number from -2147483648 to 2147483647
        {"learningRate": 1e400} | /learningRate | must be a number that fits float32, at most 3.4028235e38, but was 1e400
        {"learningRate": 1E+400} | /learningRate | must be a number that fits float32
        {"learningRate": 1e999999999999} | /learningRate | must be a number that fits float32
        {"learningRate": NaN} | /learningRate | must be a finite number
        {"learningRate": Infinity} | /learningRate | must be a finite number
        {"learningRate": "NaN"} | /learningRate | must be a number, but was "NaN"
        {"learningRate": []} | /learningRate | must be a number, but was a list
        {"hidden": {"units": 2}} | /hidden | must be a list, such as [64, 32], but was an object
        {"hidden": [2.5]} | /hidden/0 | must be a whole number or an object, but was 2.5
        {"hidden": ["2"]} | /hidden/0 | must be a whole number or an object, but was text
        {"hidden": [true]} | /hidden/0 | must be a whole number or an object, but was true
        {"hidden": [10000000000]} | /hidden/0 | must be a whole number or an object, but was 10000000000
        {"ensemble": 2.5} | /ensemble | must be a whole number or an object, but was 2.5
        {"hidden": 64} | /hidden | must be a list, such as [64, 32], but was a number
        {"hidden": [[2]]} | /hidden/0 | must be a whole number or an object, but was a list
        {"hidden": [{"units": 2, "width": 3}]} | /hidden/0/width | is unknown here; known: activation, dropout, units
        {"hidden": [{"units": 2, "activation": "swish"}]} | /hidden/0/activation | must be one of linear, sigmoid, tanh, relu, leaky_relu, elu, selu, gelu, silu, mish, softplus, exponential, softmax, but was "swish"
        {"hidden": [{"units": 2, "activation": "RELU"}]} | /hidden/0/activation | must be one of
        {"hiddenUnits": 4} | /hiddenUnits | must be a list, such as [4], but was a number
        {"task": "clustering"} | /task | must be one of regression, classification, but was "clustering"
        {"loss": "mse"} | /loss/type | must be one of binary_crossentropy, categorical_crossentropy, huber, mean_absolute_error, mean_squared_error, poisson, quantile, but was "mse"; did you mean mean_squared_error?
        {"loss": {"type": "huber", "q": 0.5}} | /loss/q | is unknown here; known: delta, type
        {"loss": {"type": "mean_squared_error", "delta": 1}} | /loss/delta | is unknown here; known: type
        {"loss": 1.50} | /loss | must be a name or an object, but was 1.50
        {"initializer": 1} | /initializer | must be one of uniform
        {"optimizer": "adagrad"} | /optimizer/type | must be one of adam, adamw, rmsprop, sgd, but was "adagrad"
        {"optimizer": 1} | /optimizer | must be a name or an object, but was 1
        {"optimizer": {"type": "adagrad"}} | /optimizer/type | must be one of adam, adamw, rmsprop, sgd, but was "adagrad"
        {"optimizer": {"type": "sgd", "beta1": 0.5}} | /optimizer/beta1 | is unknown here; known: momentum, nesterov, type
        {"learningRateSchedule": {"type": "constant", "x": 1}} | /learningRateSchedule/x | is unknown here; known: type
        {"optimizer": {"type": 1}} | /optimizer/type | must be one of adam, adamw, rmsprop, sgd, but was
        {"optimizer": []} | /optimizer | must be a name or an object, but was a list
        {"learningRateSchedule": {"type": "linear"}} | /learningRateSchedule/type | must be one of constant
        {"seed": 9223372036854775808} | /seed | must be a whole number from -9223372036854775808 to 9223372036854775807
        {"seed": 1.0} | /seed | must be a whole number, but was 1.0
        {"shuffle": "yes"} | /shuffle | must be true or false, but was "yes"
        {"id": 7} | /id | must be text, but was 7
        {"classes": "ab"} | /classes | must be a list, such as ["no", "yes"], but was text
        {"classes": [1, 2]} | /classes/0 | must be text, but was 1
        {"classes": [true, false]} | /classes/0 | must be text, but was true
        [] | `` | must be an object, but was a list
        "model" | `` | must be an object, but was text
        7 | `` | must be an object, but was 7
        """)
    void rejectsFieldsOfOtherTypes(String body, String pointer, String detail) {
        JsonNode problem = problem(post("/models", body), 400, "unreadable-field");

        assertThat(problem.path("errors").size()).as(problem.toString()).isEqualTo(1);
        assertThat(problem.at("/errors/0/pointer").asString(null)).isEqualTo(pointer == null ? "" : pointer);
        assertThat(problem.at("/errors/0/detail").asString()).contains(detail);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"layerCount\": 2",
                "{\"id\": \"xo",
                "layerCount=2",
                "<model/>",
                "{} {}",
                "{\"layerCount\": 2,}",
                "{\"layerCount\": 0x10}",
                "{\"layerCount\": +2}",
                "{\"learningRate\": .5}",
                "{\"learningRate\": 1e}",
                "{\"learningRate\": --1}",
                "{'id': 'xor'}",
                "{/* comment */}",
                "\u0000",
                "\uFEFF\uFEFF{}",
                "{\"id\": \"\\ud800\"",
                "{\"id\": \"a\tb\"}",
                "truefalse"
            })
    void rejectsInvalidJson(String body) {
        JsonNode problem = json(post("/models", body), 400);

        assertThat(problem.path("type").asString()).isEqualTo("/problems/unreadable-body");
        assertThat(problem.path("detail").asString()).startsWith("the body ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"hidden\":", "{\"optimizer\":{\"type\":"})
    void rejectsDeepNesting(String level) {
        assertThat(post("/models", level.repeat(100_000)).statusCode()).isEqualTo(400);
        assertThat(post("/models", "{\"hidden\": " + "[".repeat(100_000)).statusCode())
                .isEqualTo(400);
    }

    @Test
    void acceptsNumbersOfAHundredDigits() {
        String digits = "3".repeat(100);

        json(post("/models", "{\"learningRate\": 0." + digits + "}"), 201);
        problem(post("/models", "{\"learningRate\": " + digits + "}"), 400, "unreadable-field");
        problem(post("/models", "{\"layerCount\": " + digits + "}"), 400, "unreadable-field");
        problem(post("/models", "{\"seed\": " + digits + "}"), 400, "unreadable-field");
    }

    @Test
    void rejectsNullBody() {
        problem(post("/models", "null"), 400, "unreadable-body");
    }

    @Test
    void treatsNullAsAbsent() {
        StringBuilder nulls = new StringBuilder();
        for (String field : new String[] {
            "id",
            "layerCount",
            "hiddenUnits",
            "hidden",
            "inputs",
            "outputs",
            "task",
            "outputActivation",
            "loss",
            "activation",
            "initializer",
            "optimizer",
            "learningRate",
            "learningRateSchedule",
            "l1",
            "l2",
            "globalClipNorm",
            "batchSize",
            "shuffle",
            "dropRemainder",
            "seed",
            "classes"
        }) {
            nulls.append(nulls.isEmpty() ? "" : ", ").append('"').append(field).append("\": null");
        }

        JsonNode model = json(post("/models", "{" + nulls + "}"), 201);

        assertThat(model.path("learningRate").asDouble()).isEqualTo(0.06);
    }
}
