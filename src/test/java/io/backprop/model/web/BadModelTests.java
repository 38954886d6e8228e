package io.backprop.model.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Descriptions of models that are invalid or exceed a limit. */
class BadModelTests extends ServiceTestBase {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"layerCount": 0}  | /layerCount | must be at least 1, but was 0
        {"layerCount": -1} | /layerCount | must be at least 1, but was -1
        {"learningRate": 0} | /learningRate | must be greater than 0, but was 0.0
        {"learningRate": -0} | /learningRate | must be greater than 0, but was
        {"learningRate": -0.5} | /learningRate | must be at least 0, but was -0.5
        {"learningRate": 0, "learningRateSchedule": {"type": "cosine_decay", "decaySteps": 9}} | /learningRate | must be greater than 0, but was 0.0
        {"learningRate": 1e-50} | /learningRate | must be greater than 0, but was 0.0
        {"learningRate": 1E-400} | /learningRate | must be greater than 0, but was 0.0
        {"hidden": [{"units": 0}]} | /hidden/0/units | must be at least 1, but was 0
        {"hidden": [4, 0]} | /hidden/1/units | must be at least 1, but was 0
        {"hidden": [{"units": 2}, {}]} | /hidden/1/units | is required
        {"hidden": [{"units": null}]} | /hidden/0/units | is required
        {"hidden": [null]} | /hidden/0 | is required
        {"hidden": [{"units": 2, "dropout": 1}]} | /hidden/0/dropout | must be less than 1, but was 1.0
        {"hidden": [{"units": 2, "dropout": -0.1}]} | /hidden/0/dropout | must be at least 0, but was -0.1
        {"hidden": [{"units": 2, "activation": "softmax"}]} | /hidden/0/activation | softmax is for the output layer, not for a hidden one
        {"hidden": [{"units": 2}, {"units": 2}], "activation": "softmax"} | /activation | softmax is for the output layer, not for a hidden one
        {"activation": "exponential"} | /activation | exponential is for the output layer, not for a hidden one
        {"activation": "softmax"} | /activation | softmax is for the output layer, not for a hidden one
        {"layerCount": 3, "hiddenUnits": [4]} | /hiddenUnits | hiddenUnits must have layerCount − 1 = 2 widths, but has 1
        {"layerCount": 1, "hiddenUnits": [4]} | /hiddenUnits | hiddenUnits must have layerCount − 1 = 0 widths, but has 1
        {"hiddenUnits": [4, 0]} | /hiddenUnits/1 | must be at least 1, but was 0
        {"hiddenUnits": [4, null]} | /hiddenUnits/1 | is required
        {"layerCount": 2, "hidden": []} | /layerCount | layerCount and hidden exclude each other
        {"hiddenUnits": [2], "hidden": []} | /hiddenUnits | hiddenUnits and hidden exclude each other
        {"inputs": 0} | /inputs | must be at least 1, but was 0
        {"outputs": -5} | /outputs | must be at least 1, but was -5
        {"batchSize": 0} | /batchSize | must be at least 1, but was 0
        {"learningRateFactors": [{"weights": -1}]} | /learningRateFactors/0/weights | must be at least 0, but was -1.0
        {"hidden": [3], "learningRateFactors": [{}, {}, {}]} | /learningRateFactors | learningRateFactors must have one element, or one for each of the 2 layers, but have 3
        {"learningRateSchedule": {"type": "coslog", "cycles": 31}} | /learningRateSchedule/cycles | must be at most 30, but was 31
        {"learningRateSchedule": {"type": "reduce_on_plateau", "factor": 1}} | /learningRateSchedule/factor | must be less than 1, but was 1.0
        {"l1": -1} | /l1 | must be at least 0, but was -1.0
        {"l2": -1e-9} | /l2 | must be at least 0, but was -1.0E-9
        {"globalClipNorm": 0} | /globalClipNorm | must be greater than 0, but was 0.0
        {"loss": "poisson", "outputActivation": "tanh"} | /loss | loss poisson does not fit output activation tanh; fitting losses: mean_squared_error, mean_absolute_error, huber, quantile
        {"loss": "poisson", "task": "classification"} | /loss | loss poisson does not fit a classification; fitting losses: mean_squared_error, mean_absolute_error, binary_crossentropy, categorical_crossentropy
        {"loss": "huber", "task": "classification", "outputActivation": "sigmoid"} | /loss | loss huber does not fit a classification; fitting losses: mean_squared_error, mean_absolute_error, binary_crossentropy
        {"loss": {"type": "quantile", "q": 0.9}, "classes": ["a", "b"]} | /loss | loss quantile does not fit a classification; fitting losses: mean_squared_error, mean_absolute_error, binary_crossentropy
        {"loss": "poisson", "outputActivation": "softmax"} | /loss | loss poisson does not fit output activation softmax; fitting losses: categorical_crossentropy
        {"labelSmoothing": 1} | /labelSmoothing | must be less than 1, but was 1.0
        {"labelSmoothing": -0.1} | /labelSmoothing | must be at least 0, but was -0.1
        {"labelSmoothing": 0.1, "task": "regression"} | /labelSmoothing | labelSmoothing is for a classification, but task is regression
        {"labelSmoothing": 0.1, "loss": "huber"} | /labelSmoothing | labelSmoothing is for binary_crossentropy and categorical_crossentropy, but loss is huber
        {"labelSmoothing": 0.1, "loss": "poisson"} | /labelSmoothing | labelSmoothing is for binary_crossentropy and categorical_crossentropy, but loss is poisson
        {"labelSmoothing": 0.1, "outputActivation": "tanh"} | /labelSmoothing | labelSmoothing is for sigmoid and softmax outputs, but outputActivation is tanh
        {"outputs": 1, "outputActivation": "softmax"} | /outputs | softmax needs at least 2 outputs, but there is 1; use sigmoid for one output
        {"outputs": 1, "loss": "categorical_crossentropy"} | /outputs | softmax needs at least 2 outputs
        {"outputActivation": "softmax", "loss": "huber"} | /loss | loss huber does not fit output activation softmax; fitting losses: categorical_crossentropy
        {"outputActivation": "sigmoid", "loss": "categorical_crossentropy"} | /loss | loss categorical_crossentropy does not fit output activation sigmoid; fitting losses: mean_squared_error, mean_absolute_error, huber, quantile, binary_crossentropy
        {"loss": {"type": "quantile", "q": 1}} | /loss/q | must be less than 1, but was 1.0
        {"loss": {"type": "quantile", "q": 0}} | /loss/q | must be greater than 0, but was 0.0
        {"loss": {"type": "huber", "delta": 0}} | /loss/delta | must be greater than 0, but was 0.0
        {"loss": {"delta": 1}} | /loss/type | is required
        {"outputActivation": "linear", "loss": "binary_crossentropy"} | /loss | loss binary_crossentropy does not fit output activation linear
        {"task": "regression", "loss": "binary_crossentropy"} | /task | task must be classification with softmax or a cross-entropy, but is regression
        {"task": "regression", "outputActivation": "softmax"} | /task | task must be classification with softmax or a cross-entropy, but is regression
        {"classes": ["a"]} | /classes | must have a length of at least 2, but has 1
        {"classes": []} | /classes | must have a length of at least 2, but has 0
        {"classes": ["a", "a"]} | /classes | classes must differ from one another, but are [a, a]
        {"classes": ["\\ud83d", "b"]} | /classes | classes must not contain NUL characters or unpaired surrogates, but class 0 does
        {"classes": ["a", " "]} | /classes/1 | must not be blank
        {"classes": ["a", null]} | /classes/1 | must not be blank
        {"classes": ["a", "b", "c"], "outputs": 2} | /classes | 3 classes do not fit 2 outputs
        {"classes": ["a", "b"], "task": "regression"} | /classes | classes are for a classification, but task is regression
        {"description": "a\\u0000"} | /description | description must be without NUL characters and unpaired surrogates
        {"tags": {"a": "\\ud800"}} | /tags | tags must be without NUL characters and unpaired surrogates
        {"tags": {"": "a"}} | /tags/ | must not be blank
        {"tags": {"a": null}} | /tags/a | is required
        {"id": ""} | /id | must match [a-z0-9][a-z0-9._-]{0,63}, but was ""
        {"id": "Xor"} | /id | must match [a-z0-9][a-z0-9._-]{0,63}, but was "Xor"
        {"id": "-xor"} | /id | must match
        {"id": "a/b"} | /id | must match
        {"id": "ä"} | /id | must match [a-z0-9][a-z0-9._-]{0,63}, but was "ä"
        {"id": "a\\n"} | /id | must match
        {"id": "../../etc"} | /id | must match
        {"learningRateSchedule": "step_decay"} | /learningRateSchedule/decaySteps | is required
        {"learningRateSchedule": {"type": "cosine_decay", "decaySteps": 9, "warmupSteps": 3}} | /learningRateSchedule | warmupSteps need a warmupTarget, but there is none
        {"hidden": [], "activation": "relu"} | /activation | activation is the default of the hidden layers, but there are none
        {"layerCount": 1, "activation": "relu"} | /activation | activation is the default of the hidden layers, but there are none
        {"hidden": [{"units": 2, "activation": "elu"}], "activation": "relu"} | /activation | activation is the default of the hidden layers, but each of them has its own
        {"hidden": [], "dropout": 0.5} | /dropout | dropout is for hidden layers, but the model has none
        {"hidden": [{"units": 2, "dropout": 0.1}, 3], "dropout": 0.5} | /dropout | dropout is for all hidden layers, but hidden has a layer with its own
        {"hiddenUnits": [3, 2], "dropout": [0.5]} | /dropout | dropout must be a number, or a list of one number for each of the 2 hidden layers, but has 1
        {"optimizer": {}} | /optimizer/type | is required
        {"optimizer": {"type": null}} | /optimizer/type | is required
        {"optimizer": {"type": ["sgd"]}} | /optimizer/type | is required
        {"optimizer": {"momentum": 0.5}} | /optimizer/type | is required
        {"optimizer": {"type": "sgd", "momentum": 1}} | /optimizer/momentum | must be less than 1, but was 1.0
        {"optimizer": {"type": "sgd", "nesterov": true}} | /optimizer | nesterov needs a momentum greater than 0
        {"optimizer": {"type": "adam", "epsilon": 0}} | /optimizer/epsilon | must be greater than 0, but was 0.0
        {"optimizer": {"type": "adamw", "weightDecay": -1}} | /optimizer/weightDecay | must be at least 0, but was -1.0
        {"learningRateSchedule": {"type": "step_decay"}} | /learningRateSchedule/decaySteps | is required
        {"learningRateSchedule": {"type": "cosine_decay", "decaySteps": 0}} | /learningRateSchedule/decaySteps | must be at least 1, but was 0
        {"learningRateSchedule": {"type": "cosine_decay", "decaySteps": 9, "alpha": 2}} | /learningRateSchedule/alpha | must be at most 1, but was 2.0
        """)
    void rejectsInvalidFields(String body, String pointer, String detail) {
        assertError(body, "invalid-field", pointer, detail);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"layerCount": 65} | /layerCount | a model may have at most 64 layers, but this one would have 65
        {"layerCount": 1000000000} | /layerCount | a model may have at most 64 layers, but this one would have 1000000000
        {"hiddenUnits": [8193]} | /hiddenUnits/0 | a layer may have at most 8192 units, but this one would have 8193
        {"hidden": [{"units": 2}, {"units": 1000000000}]} | /hidden/1/units | a layer may have at most 8192 units, but this one would have 1000000000
        {"outputs": 8193} | /outputs | a layer may have at most 8192 units, but this one would have 8193
        {"outputs": 1000000000} | /outputs | a layer may have at most 8192 units
        {"outputs": 2147483647, "inputs": 2147483647} | /outputs | a layer may have at most 8192 units
        {"inputs": 1000000000} | `` | a model may have at most 50000000 parameters, but this one would have
        {"inputs": 2147483647, "hidden": [{"units": 8192}]} | `` | a model may have at most 50000000 parameters, but this one would have 17592186052609
        {"hiddenUnits": [8192, 8192]} | `` | a model may have at most 50000000 parameters, but this one would have 67141633
        """)
    void rejectsTooLargeModels(String body, String pointer, String detail) {
        assertError(body, "limit-exceeded", pointer == null ? "" : pointer, detail);
    }

    @Test
    void rejectsMoreLayersThanTheLimit() {
        String widths = "8192,".repeat(64) + "8192";
        assertError("{\"hiddenUnits\": [" + widths + "]}", "limit-exceeded", "/hiddenUnits", "at most 64 layers");
        String layers = "{\"units\": 1},".repeat(63) + "{\"units\": 1}";
        assertError("{\"hidden\": [" + layers + "]}", "limit-exceeded", "/hidden", "at most 64 layers");
    }

    @Test
    void rejectsMoreLabelsThanUnits() {
        String names = IntStream.range(0, 8193).mapToObj(i -> "\"" + i + '"').collect(Collectors.joining(","));

        assertError(
                "{\"classes\": [" + names + "]}", "limit-exceeded", "/classes", "a layer may have at most 8192 units");
    }

    @Test
    void rejectsLongDescriptionsAndManyTags() {
        assertError(
                "{\"description\": \"" + "x".repeat(2_001) + "\"}",
                "invalid-field",
                "/description",
                "must have a length of at most 2000, but has 2001");
        assertError(
                "{\"tags\": {\"a\": \"" + "x".repeat(257) + "\"}}",
                "invalid-field",
                "/tags/a",
                "must have a length of at most 256, but has 257");
        assertError(
                "{\"tags\": {\"" + "x".repeat(65) + "\": \"\"}}",
                "invalid-field",
                "/tags/" + "x".repeat(60) + "…",
                "must have a length of at most 64, but has 65");
        String tags =
                IntStream.range(0, 51).mapToObj(i -> "\"t" + i + "\": \"\"").collect(Collectors.joining(","));
        assertError("{\"tags\": {" + tags + "}}", "invalid-field", "/tags", "must have a length of at most 50");
    }

    @Test
    void rejectsTooLongId() {
        assertError("{\"id\": \"" + "x".repeat(65) + "\"}", "invalid-field", "/id", "must match");
        String longest = newId() + "x".repeat(64);
        json(post("/models", "{\"id\": \"" + longest.substring(0, 64) + "\"}"), 201);
    }

    @Test
    void shortensReceivedTextInMessages() {
        String label = "\"" + "x".repeat(200) + "\",";
        String body = "{\"classes\": [" + label.repeat(1_000) + "\"y\"]}";

        assertError(body, "invalid-field", "/classes", "classes must differ from one another, but are [xxx");
        assertThat(post("/models", body).body()).hasSizeLessThan(1_500);
    }

    private void assertError(String body, String type, String pointer, String detail) {
        JsonNode problem = problem(post("/models", body), 422, type);
        assertThat(problem.path("errors")).as(problem.toString()).anySatisfy(error -> {
            assertThat(error.path("pointer").asString(null)).isEqualTo(pointer);
            assertThat(error.path("detail").asString()).contains(detail);
        });
    }
}
