package io.backprop.model.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Settings of a model besides its layers: the request on the left, the response on the right. */
class ModelSettingsTests extends ServiceTestBase {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "sgd"               | {"type": "sgd", "momentum": 0.0, "nesterov": false}
        "adamw"             | {"type": "adamw", "beta1": 0.9, "beta2": 0.999, "epsilon": 1.0E-7, "weightDecay": 0.004}
        {"type": "sgd"}     | {"type": "sgd", "momentum": 0.0, "nesterov": false}
        {"type": "sgd", "momentum": 0.9, "nesterov": true} | {"type": "sgd", "momentum": 0.9, "nesterov": true}
        {"type": "rmsprop"} | {"type": "rmsprop", "rho": 0.9, "epsilon": 1.0E-7}
        {"type": "adam"}    | {"type": "adam", "beta1": 0.9, "beta2": 0.999, "epsilon": 1.0E-7}
        {"type": "adam", "beta1": 0.5} | {"type": "adam", "beta1": 0.5, "beta2": 0.999, "epsilon": 1.0E-7}
        {"type": "adamw"}   | {"type": "adamw", "beta1": 0.9, "beta2": 0.999, "epsilon": 1.0E-7, "weightDecay": 0.004}
        """)
    void optimizerHasTheDocumentedDefaults(String given, String shown) {
        assertThat(model(create("\"optimizer\": " + given)).path("optimizer")).isEqualTo(mapper.readTree(shown));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "constant"           | {"type": "constant"}
        {"type": "constant"} | {"type": "constant"}
        {"type": "exponential_decay", "decaySteps": 100, "decayRate": 0.5} | {"type": "exponential_decay", "decaySteps": 100, "decayRate": 0.5, "staircase": false}
        {"type": "cosine_decay", "decaySteps": 100} | {"type": "cosine_decay", "decaySteps": 100, "alpha": 0.0, "warmupTarget": null, "warmupSteps": 0}
        {"type": "step_decay", "decaySteps": 10, "decayRate": 0.5} | {"type": "step_decay", "decaySteps": 10, "decayRate": 0.5}
        {"type": "inverse_time_decay", "decaySteps": 10, "decayRate": 0.5, "staircase": true} | {"type": "inverse_time_decay", "decaySteps": 10, "decayRate": 0.5, "staircase": true}
        """)
    void scheduleHasTheDocumentedDefaults(String given, String shown) {
        String id = create("\"learningRateSchedule\": " + given);

        assertThat(model(id).path("learningRateSchedule")).isEqualTo(mapper.readTree(shown));
        assertThat(train(id, XOR).path("state").asString()).isEqualTo("succeeded");
    }

    @Test
    void warmUpMayStartFromZero() {
        String id = create("""
            "learningRate": 0, "learningRateSchedule":
            {"type": "cosine_decay", "decaySteps": 90, "warmupTarget": 0.1, "warmupSteps": 10}\
            """);

        assertThat(train(id, XOR).path("state").asString()).isEqualTo("succeeded");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sigmoid",
                "tanh",
                "relu",
                "leaky_relu",
                "elu",
                "selu",
                "gelu",
                "silu",
                "mish",
                "softplus",
                "linear"
            })
    void activationIsTheDefaultOfHiddenLayers(String activation) {
        JsonNode counted = model(create("\"layerCount\": 3, \"activation\": \"" + activation + "\""));
        assertThat(counted.at("/layers/0/activation").asString()).isEqualTo(activation);
        assertThat(counted.at("/layers/1/activation").asString()).isEqualTo(activation);

        JsonNode listed = model(create("""
            "hidden": [{"units": 2}, {"units": 2, "activation": "elu"}], "activation": "%s\"\
            """.formatted(activation)));
        assertThat(listed.at("/layers/0/activation").asString()).isEqualTo(activation);
        assertThat(listed.at("/layers/1/activation").asString()).isEqualTo("elu");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"uniform", "normal", "glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "ntk_normal"})
    void acceptsInitializer(String initializer) {
        String fields = "\"inputs\": 2, \"outputs\": 2, \"seed\": 1, \"initializer\": \"" + initializer + "\"";
        String id = create(fields);

        assertThat(model(id).path("initializer").asString()).isEqualTo(initializer);
        assertThat(get("/models/" + create(fields) + "/parameters").body())
                .isEqualTo(get("/models/" + id + "/parameters").body());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        l1           | 0.5
        l2           | 0.25
        globalClipNorm     | 1.5
        batchSize    | 7
        batchSize    | 2147483647
        shuffle      | true
        learningRate | 0.125
        learningRate | 1.0E-30
        learningRate | 1.0E30
        """)
    void returnsSettingAsGiven(String field, String value) {
        assertThat(model(create("\"" + field + "\": " + value)).path(field).toString())
                .isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "mean_squared_error"                         | "mean_squared_error"
        {"type": "mean_absolute_error"}              | "mean_absolute_error"
        "huber"                                      | {"type":"huber","delta":1.0}
        {"type": "huber", "delta": 0.5}              | {"type":"huber","delta":0.5}
        {"type": "quantile"}                         | {"type":"quantile","q":0.5}
        {"type": "quantile", "q": 0.9}               | {"type":"quantile","q":0.9}
        """)
    void returnsLossWithItsParameters(String loss, String returned) {
        assertThat(model(create("\"task\": \"regression\", \"loss\": " + loss))
                        .path("loss")
                        .toString())
                .isEqualTo(returned);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "hidden": [], "task": "regression"                    | 1 | linear  | mean_squared_error
        "hidden": [], "task": "classification"                | 1 | sigmoid | binary_crossentropy
        "hidden": [], "task": "classification"                | 3 | softmax | categorical_crossentropy
        "task": "classification"                              | 3 | softmax | categorical_crossentropy
        "task": "classification"                              | 1 | sigmoid | binary_crossentropy
        "task": "regression"                                  | 2 | linear  | mean_squared_error
        "hidden": [], "loss": "mean_absolute_error", "task": "regression" | 2 | linear | mean_absolute_error
        "outputActivation": "linear"                          | 2 | linear  | mean_squared_error
        "outputActivation": "softmax"                         | 2 | softmax | categorical_crossentropy
        "outputActivation": "tanh", "loss": "mean_absolute_error" | 1 | tanh | mean_absolute_error
        "loss": "mean_absolute_error"                         | 1 | sigmoid | mean_absolute_error
        "loss": "binary_crossentropy"                         | 4 | sigmoid | binary_crossentropy
        "loss": "categorical_crossentropy"                    | 4 | softmax | categorical_crossentropy
        "labelSmoothing": 0.1                                 | 1 | sigmoid | binary_crossentropy
        "labelSmoothing": 0.1                                 | 3 | softmax | categorical_crossentropy
        "loss": "poisson"                                     | 1 | exponential | poisson
        "hidden": [], "loss": "poisson", "outputActivation": "softplus" | 2 | softplus | poisson
        """)
    void outputsFollowFromTaskActivationAndLoss(String fields, int outputs, String activation, String loss) {
        JsonNode model = model(create(fields + ", \"inputs\": 2, \"outputs\": " + outputs));

        JsonNode layers = model.path("layers");
        assertThat(layers.path(layers.size() - 1).path("activation").asString()).isEqualTo(activation);
        assertThat(model.path("loss").asString()).isEqualTo(loss);
        assertThat(json(get("/models/" + model.path("id").asString() + "/parameters"), 200)
                        .path("layers")
                        .size())
                .isEqualTo(layers.size());
    }

    /** Nothing that is sent may be ignored. */
    @Test
    void everyFieldChangesTheModel() {
        Map<String, String> values = new HashMap<>(Map.of(
                "layerCount", "4",
                "hiddenUnits", "[5]",
                "hidden", "[3, 3]",
                "inputs", "5",
                "outputs", "5",
                "task", "\"classification\"",
                "outputActivation", "\"tanh\"",
                "loss", "\"huber\"",
                "activation", "\"elu\"",
                "initializer", "\"he_uniform\""));
        values.putAll(Map.of(
                "labelSmoothing", "0.1",
                "optimizer", "\"rmsprop\"",
                "learningRate", "0.5",
                "learningRateSchedule", "{\"type\": \"cosine_decay\", \"decaySteps\": 9}",
                "l1", "0.5",
                "l2", "0.5",
                "globalClipNorm", "0.5",
                "batchSize", "7",
                "dropout", "0.5",
                "seed", "2"));
        values.putAll(Map.of(
                "classes", "[\"a\", \"b\"]",
                "standardize", "true",
                "scaling", "\"robust\"",
                "ensemble", "3",
                "calibrate", "true",
                "shuffle", "true",
                "dropRemainder", "true",
                "learningRateFactors", "[{\"weights\": 2}, {\"biases\": 3}]",
                "description", "\"d\"",
                "tags", "{\"a\": \"b\"}"));
        values.putAll(Map.of("preset", "\"tabular\"", "folds", "3", "frontScale", "6", "keepBest", "\"accuracy\""));
        List<String> fields = Arrays.stream(CreateModelRequest.class.getRecordComponents())
                .map(RecordComponent::getName)
                .filter(field -> !List.of("id", "copyOf", "copyVersion").contains(field))
                .toList();
        assertThat(values.keySet()).containsExactlyInAnyOrderElementsOf(fields);

        for (String field : fields) {
            String others = switch (field) {
                case "calibrate" -> ", \"task\": \"classification\"";
                case "folds" -> ", \"preset\": \"tabular\"";
                default -> "";
            };
            String seed = field.equals("seed") ? "" : ", \"seed\": 1";
            assertThat(comparable("\"" + field + "\": " + values.get(field) + seed + others))
                    .as(field)
                    .isNotEqualTo(comparable("\"seed\": 1" + others));
        }
    }

    private JsonNode comparable(String fields) {
        ObjectNode model = (ObjectNode) model(create(fields));
        return model.without(List.of("id", "createdAt"));
    }
}
