package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The settings that a training records. */
class TrainingSettingsTests extends ServiceTestBase {

    private static final String ROWS = """
        "rows": [{"x": 1, "z": 5, "y": "a"}, {"x": 2, "z": 6, "y": "b"}, {"x": 3, "z": 7, "y": "a"}, {"x": 4, "z": 8, "y": "b"}],
        "target": "y\"\
        """;

    @Test
    void containOptionsOfTheRequestAndSettingsOfTheModel() {
        String id = create("""
            "hidden": [{"units": 3}], "learningRate": 0.25, "optimizer": {"type": "adamw"}, "l2": 0.5, "globalClipNorm": 2,
            "learningRateSchedule": {"type": "step_decay", "decaySteps": 7, "decayRate": 0.5}\
            """);

        JsonNode settings = train(id, ROWS + """
            , "epochs": 3, "batchSize": 2, "shuffle": false, "validationSplit": 0.5, "reset": true,
            "columns": {"z": "categorical"}, "missing": ["-"], "invalidCells": "missing", "classWeights": {"a": 2}, "timeLimitSeconds": 12.5,
            "earlyStopping": {"patience": 4}\
            """).path("settings");

        assertThat(settings).isEqualTo(mapper.readTree("""
            {"task": "classification", "target": "y", "columns": {"z": "categorical"}, "missing": ["-"],
             "decimal": ".", "invalidCells": "missing", "epochs": 3, "batchSize": 2, "shards": 1,
             "shuffle": false, "dropRemainder": false, "learningRate": 0.25,
             "learningRateSchedule": {"type": "step_decay", "decaySteps": 7, "decayRate": 0.5},
             "optimizer": {"type": "adamw", "beta1": 0.9, "beta2": 0.999, "epsilon": 1.0E-7, "weightDecay": 0.004},
             "frontScale": 0.0, "l1": 0.0, "l2": 0.5, "globalClipNorm": 2.0, "validationSplit": 0.5, "validationExamples": 2,
             "earlyStopping": {"patience": 4, "minDelta": 0.0, "monitor": "validation_loss"}, "keepBest": null,
             "classWeights": {"a": 2.0}, "timeLimitSeconds": 12.5, "reset": true}\
            """));
        assertThat(json(get("/models/" + id + "/trainings/1"), 200).path("settings"))
                .isEqualTo(settings);
        assertThat(json(get("/models/" + id + "/trainings"), 200).at("/trainings/0/settings"))
                .isEqualTo(settings);
    }

    @Test
    void nameBalancedClassWeights() {
        JsonNode training = train(create("\"hidden\": []"), ROWS + ", \"classWeights\": \"balanced\"");

        assertThat(training.at("/settings/classWeights").asString()).isEqualTo("balanced");
    }

    @Test
    void crossValidationsHaveTheirOwnKindAndFolds() {
        String id = create("\"hidden\": []");
        String path = "/models/" + id + "/cross-validate";

        JsonNode training = json(post(path, "{" + ROWS + ", \"folds\": 2, \"epochs\": 3}"), 200);

        assertThat(training.path("kind").asString()).isEqualTo("cross_validation");
        assertThat(training.at("/settings/folds").asInt()).isEqualTo(2);
        assertThat(training.at("/settings/epochs").asInt()).isEqualTo(3);
        assertThat(training.path("epochs").asInt()).isEqualTo(6);
        assertThat(train(id, ROWS).path("kind").asString()).isEqualTo("training");
    }
}
