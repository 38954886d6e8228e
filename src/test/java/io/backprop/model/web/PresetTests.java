package io.backprop.model.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import io.backprop.engine.SplitMix64;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Models that are created by a preset, before their first training. */
class PresetTests extends ServiceTestBase {

    private static final String PRESET = "\"preset\": \"tabular\"";

    private HttpResponse<String> patch(String id, String fields) {
        return send(request("/models/" + id)
                .header("Content-Type", "application/merge-patch+json")
                .method("PATCH", BodyPublishers.ofString("{" + fields + "}")));
    }

    @Test
    void leavesOpenWhatFollowsFromTheTask() {
        JsonNode model = model(create(PRESET));

        assertThat(model.path("preset").asString()).isEqualTo("tabular");
        assertThat(model.path("layers")).isEqualTo(mapper.readTree("""
            [{"units": 256, "activation": null, "dropout": 0.0, "parameters": null},
             {"units": 256, "activation": null, "dropout": 0.0, "parameters": null},
             {"units": 256, "activation": null, "dropout": 0.0, "parameters": null},
             {"units": null, "activation": null, "dropout": 0.0, "parameters": null}]
            """));
        for (String open : new String[] {"task", "loss", "labelSmoothing", "learningRate", "keepBest"}) {
            assertThat(model.path(open).isNull()).as(open).isTrue();
        }
        assertThat(model.path("learningRateFactors").isMissingNode()).isTrue();
        assertThat(model.path("learningRateSchedule")).isEqualTo(mapper.readTree("""
            {"type": "coslog", "cycles": 4}
            """));
        assertThat(model.path("optimizer")).isEqualTo(mapper.readTree("""
            {"type": "adam", "beta1": 0.9, "beta2": 0.95, "epsilon": 1.0E-8}
            """));
        assertThat(model.path("initializer").asString()).isEqualTo("ntk_normal");
        assertThat(model.path("frontScale").asDouble()).isEqualTo(6);
        assertThat(model.path("batchSize").asInt()).isEqualTo(256);
        assertThat(model.path("shuffle").asBoolean()).isTrue();
        assertThat(model.path("dropRemainder").asBoolean()).isTrue();
        assertThat(model.path("standardize").asBoolean()).isTrue();
        assertThat(model.path("scaling").asString()).isEqualTo("robust");
        assertThat(model.path("ensemble")).isEqualTo(mapper.readTree("""
            {"size": 5, "by": "fold"}
            """));
        assertThat(model.path("folds").asInt()).isEqualTo(5);
        assertThat(model.path("calibrate").asBoolean()).isTrue();
        assertThat(model.path("warnings").isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "task": "classification"             | selu | 0.04 | 0.1 | true
        "classes": ["a", "b"]                | selu | 0.04 | 0.1 | true
        "loss": "categorical_crossentropy"   | selu | 0.04 | 0.1 | true
        "task": "regression"                 | mish | 0.07 | 0.0 | false
        "loss": "poisson"                    | mish | 0.07 | 0.0 | false
        "loss": {"type": "quantile", "q": 0.9} | mish | 0.07 | 0.0 | false
        "task": "classification", "loss": "mean_squared_error" | selu | 0.04 | 0.0 | false
        """)
    void followsTheTaskIfItIsKnown(String fields, String activation, double rate, double smoothing, boolean calibrate) {
        JsonNode model = model(create(PRESET + ", " + fields));

        assertThat(model.at("/layers/0/activation").asString()).isEqualTo(activation);
        assertThat(model.path("learningRate").asDouble()).isEqualTo(rate);
        assertThat(model.path("labelSmoothing").asDouble()).isEqualTo(smoothing);
        assertThat(model.path("calibrate").asBoolean()).isEqualTo(calibrate);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "task": "regression"                                  | 3 | mean_squared_error
        "task": "regression", "loss": "mean_absolute_error"   | 1 | validation_loss
        "task": "classification"                              | 3 | accuracy
        "task": "classification", "loss": "binary_crossentropy" | 3 | validation_loss
        "task": "classification", "keepBest": "log_loss"      | 3 | log_loss
        """)
    void keepsTheEpochThatTheTargetsAreMeasuredBy(String fields, int outputs, String metric) {
        JsonNode model = model(create(PRESET + ", \"inputs\": 4, \"outputs\": %d, ".formatted(outputs) + fields));

        assertThat(model.path("keepBest").asString()).isEqualTo(metric);
    }

    /** A single sigmoid stands for two logits, so that its layer takes steps that are twice as long. */
    @Test
    void factorsFollowFromTheWidths() {
        String layers = PRESET + ", \"hidden\": [16, 64], \"inputs\": 4, \"task\": \"classification\", \"outputs\": ";

        assertThat(model(create(layers + 3)).path("learningRateFactors").toString())
                .isEqualTo("""
                    [{"weights":0.5,"biases":0.1},{"weights":0.25,"biases":0.1},{"weights":0.125,"biases":0.1}]\
                    """);
        assertThat(model(create(layers + 1)).at("/learningRateFactors/2").toString())
                .isEqualTo("{\"weights\":0.25,\"biases\":0.2}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "hidden": [7]                        | /layers/0/units             | 7
        "hidden": [{"units": 7, "activation": "tanh"}] | /layers/0/activation | "tanh"
        "activation": "gelu"                 | /layers/2/activation        | "gelu"
        "dropout": 0.25                      | /layers/1/dropout           | 0.25
        "learningRate": 0.5                  | /learningRate               | 0.5
        "learningRateSchedule": "constant"   | /learningRateSchedule/type  | "constant"
        "learningRateFactors": [{"biases": 2}] | /learningRateFactors/0/biases | 2.0
        "optimizer": "sgd"                   | /optimizer/type             | "sgd"
        "initializer": "he_normal"           | /initializer                | "he_normal"
        "frontScale": 0                      | /frontScale                 | 0.0
        "labelSmoothing": 0.25               | /labelSmoothing             | 0.25
        "labelSmoothing": 0                  | /labelSmoothing             | 0.0
        "batchSize": 9                       | /batchSize                  | 9
        "shuffle": false                     | /shuffle                    | false
        "dropRemainder": false               | /dropRemainder              | false
        "keepBest": "loss"                   | /keepBest                   | "loss"
        "standardize": false                 | /standardize                | false
        "scaling": "standard"                | /scaling                    | "standard"
        "calibrate": false                   | /calibrate                  | false
        "folds": 3                           | /ensemble/size              | 3
        "folds": 1                           | /ensemble                   | {"size":1,"by":"seed"}
        "ensemble": 2                        | /ensemble                   | {"size":2,"by":"seed"}
        """)
    void eachFieldCanBeOverridden(String field, String pointer, String value) {
        assertThat(model(create(PRESET + ", " + field)).at(pointer).toString()).isEqualTo(value);
    }

    @Test
    void aChangedSettingCanBeLeftToThePresetAgain() {
        String id = create(PRESET + ", \"task\": \"regression\"");

        JsonNode changed = json(patch(id, "\"learningRate\": 0.5, \"keepBest\": \"loss\", \"frontScale\": 2"), 200);
        assertThat(changed.path("learningRate").asDouble()).isEqualTo(0.5);
        assertThat(changed.path("keepBest").asString()).isEqualTo("loss");
        assertThat(changed.path("frontScale").asDouble()).isEqualTo(2);

        JsonNode reset = json(patch(id, "\"learningRate\": null, \"keepBest\": null, \"frontScale\": null"), 200);
        assertThat(reset.path("learningRate").asDouble()).isEqualTo(0.07);
        assertThat(reset.path("frontScale").asDouble()).isEqualTo(6);
        assertThat(reset).isEqualTo(model(id));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "preset": "tabula"                  | 400 | /preset      | did you mean tabular?
        "preset": "tabular", "layerCount": 3 | 422 | /layerCount | layerCount and preset exclude each other
        "preset": "tabular", "hiddenUnits": [3] | 422 | /hiddenUnits | hiddenUnits and preset exclude each other
        "folds": 3                          | 422 | /folds       | folds goes with preset
        "preset": "tabular", "folds": 0     | 422 | /folds       | must be at least 1, but was 0
        "preset": "tabular", "folds": 101   | 422 | /folds       | must be at most 100, but was 101
        "preset": "tabular", "folds": 3, "ensemble": 3 | 422 | /folds | folds and ensemble exclude each other
        "preset": "tabular", "frontScale": -1 | 422 | /frontScale | must be at least 0, but was -1.0
        "preset": "tabular", "keepBest": "acuracy" | 400 | /keepBest | did you mean accuracy?
        "preset": "tabular", "labelSmoothing": 0.1, "task": "regression" | 422 | /labelSmoothing | labelSmoothing is for a classification
        "preset": "tabular", "hidden": [{"units": 3, "activation": "relu"}, 4] | 422 | /hidden | hidden must give all layers an activation, or none
        """)
    void rejectsWhatMakesNoSense(String fields, int status, String pointer, String detail) {
        JsonNode error = json(post("/models", "{" + fields + "}"), status).at("/errors/0");

        assertThat(error.path("pointer").asString()).isEqualTo(pointer);
        assertThat(error.path("detail").asString()).contains(detail);
    }

    /** Returns rows of two numbers with their sum as the target. */
    private static String sums(int rows) {
        SplitMix64 random = new SplitMix64(7);
        return IntStream.range(0, rows)
                .mapToObj(row -> {
                    float first = random.nextFloat();
                    float second = random.nextFloat();
                    return "{\"a\": %s, \"b\": %s, \"sum\": %s}".formatted(first, second, first + second);
                })
                .collect(Collectors.joining(", ", "\"target\": \"sum\", \"rows\": [", "]"));
    }

    @Test
    void aCopyHasThePresetToo() {
        String id = create(PRESET + ", \"hidden\": [4], \"folds\": 2");
        train(id, sums(8) + ", \"epochs\": 2");

        JsonNode copy = model(create("\"copyOf\": \"%s\"".formatted(id)));

        JsonNode model = model(id);
        for (String field : new String[] {"preset", "folds", "ensemble", "layers", "learningRate", "keepBest"}) {
            assertThat(copy.path(field)).as(field).isEqualTo(model.path(field));
        }
    }

    @Test
    void anotherTaskIsLearnedAfterAReset() {
        String id = create(PRESET + ", \"hidden\": [4], \"folds\": 2");
        train(id, sums(8) + ", \"epochs\": 2");
        JsonNode regression = model(id);
        assertThat(regression.at("/layers/0/activation").asString()).isEqualTo("mish");
        assertThat(regression.path("calibrate").asBoolean()).isFalse();

        train(id, """
            "inputs": [[1, 0], [2, 1], [3, 0], [4, 1]], "targets": ["no", "yes", "no", "yes"], "epochs": 2, "reset": true\
            """);

        JsonNode classification = model(id);
        assertThat(classification.at("/layers/0/activation").asString()).isEqualTo("selu");
        assertThat(classification.path("learningRate").asDouble()).isEqualTo(0.04);
        assertThat(classification.path("labelSmoothing").asDouble()).isEqualTo(0.1);
        assertThat(classification.path("keepBest").asString()).isEqualTo("accuracy");
        assertThat(classification.path("calibrate").asBoolean()).isTrue();
    }
}
