package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class TrainTests extends ServiceTestBase {

    private static final String CLASSIC = """
        "layerCount": 2, "hiddenUnits": [4], "learningRate": 0.5, "seed": 42\
        """;

    @Test
    void returnsDocumentedRepresentation() {
        String id = create(CLASSIC);

        JsonNode training = train(id, XOR + ", \"epochs\": 5");

        JsonNode expected = mapper.readTree("""
            {"model": "%s", "number": 1, "kind": "training", "state": "succeeded", "stopReason": "epochs", "epochs": 5,
             "epochsCompleted": 5, "progress": 1.0, "loss": %s, "validationLoss": null, "bestEpoch": 5,
             "trainingMetrics": %s, "validationMetrics": null,
             "settings": {"task": null, "target": null, "epochs": 5, "batchSize": 1, "shards": 1, "shuffle": false, "dropRemainder": false,
               "learningRate": 0.5, "learningRateSchedule": {"type": "constant"},
               "optimizer": {"type": "sgd", "momentum": 0.0, "nesterov": false}, "frontScale": 0.0, "l1": 0.0, "l2": 0.0,
               "globalClipNorm": null, "validationSplit": 0.0, "validationExamples": 0, "earlyStopping": null, "keepBest": null, "classWeights": null,
               "timeLimitSeconds": 3600.0, "reset": false},
             "examples": 4, "examplesPerSecond": %s, "version": 1, "queuedAt": %s, "startedAt": %s, "finishedAt": %s,
             "warnings": [], "error": null}\
            """.formatted(
                        id,
                        training.path("loss"),
                        training.path("trainingMetrics"),
                        training.path("examplesPerSecond"),
                        training.path("queuedAt"),
                        training.path("startedAt"),
                        training.path("finishedAt")));
        assertThat(training).isEqualTo(expected);
        assertThat(Instant.parse(training.path("startedAt").asString()))
                .isBetween(
                        Instant.parse(training.path("queuedAt").asString()),
                        Instant.parse(training.path("finishedAt").asString()));
        assertThat(json(get("/models/" + id + "/trainings/1"), 200)).isEqualTo(training);
    }

    @Test
    void modelShowsItsTraining() {
        String id = create("\"layerCount\": 2, \"hiddenUnits\": [4]");
        train(id, XOR + ", \"epochs\": 5");

        JsonNode model = model(id);
        assertThat(model.path("state").asString()).isEqualTo("trained");
        assertThat(model.path("version").asInt()).isEqualTo(1);
        assertThat(model.path("epochs").asInt()).isEqualTo(5);
        assertThat(model.path("inputs").asInt()).isEqualTo(2);
        assertThat(model.path("outputs").asInt()).isEqualTo(1);
        assertThat(model.path("parameters").asInt()).isEqualTo(17);
        assertThat(model.at("/layers/0/parameters").asInt()).isEqualTo(12);
        assertThat(model.at("/layers/1/units").asInt()).isEqualTo(1);
        assertThat(model.at("/trainingMetrics/accuracy").isNumber()).isTrue();
        assertThat(Instant.parse(model.path("trainedAt").asString()))
                .isAfter(Instant.parse(model.path("createdAt").asString()));
    }

    @Test
    void trainsAHundredEpochsByDefault() {
        assertThat(train(create(CLASSIC), XOR).path("epochsCompleted").asInt()).isEqualTo(100);
    }

    @Test
    void acceptsFlatTargets() {
        String rows = create(CLASSIC);
        String flat = create(CLASSIC);
        train(rows, XOR);
        train(flat, "\"inputs\": [[0,0],[0,1],[1,0],[1,1]], \"targets\": [0,1,1,0]");

        assertThat(parameters(flat)).isEqualTo(parameters(rows));
    }

    @Test
    void secondTrainingContinuesTheFirst() {
        String once = create(CLASSIC);
        String twice = create(CLASSIC);
        train(once, XOR + ", \"epochs\": 60");
        train(twice, XOR + ", \"epochs\": 30");
        JsonNode second = train(twice, XOR + ", \"epochs\": 30");

        assertThat(parameters(twice)).isEqualTo(parameters(once));
        assertThat(second.path("number").asInt()).isEqualTo(2);
        assertThat(second.path("version").asInt()).isEqualTo(2);
        assertThat(second.path("epochsCompleted").asInt()).isEqualTo(30);
        assertThat(model(twice).path("epochs").asInt()).isEqualTo(60);
        assertThat(model(twice).path("version").asInt()).isEqualTo(2);
    }

    @Test
    void resetStartsFromFreshParameters() {
        String id = create(CLASSIC + ", \"shuffle\": true, \"batchSize\": 2");
        train(id, XOR + ", \"epochs\": 7");
        String first = parameters(id);
        train(id, XOR + ", \"epochs\": 7");
        assertThat(parameters(id)).isNotEqualTo(first);

        JsonNode training = train(id, XOR + ", \"epochs\": 7, \"reset\": true");

        assertThat(parameters(id)).isEqualTo(first);
        assertThat(training.path("version").asInt()).isEqualTo(3);
        assertThat(model(id).path("epochs").asInt()).isEqualTo(7);
    }

    @Test
    void sameSeedDataAndCallsGiveTheSameBits() {
        String fields = """
            "hidden": [{"units": 8, "dropout": 0.3}], "seed": 7\
            """;
        String[] ids = {create(fields), create(fields)};
        for (String id : ids) {
            train(id, XOR + ", \"epochs\": 3, \"batchSize\": 3");
            train(id, XOR + ", \"epochs\": 2");
        }

        assertThat(parameters(ids[1])).isEqualTo(parameters(ids[0]));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"batchSize\": 4",
                "\"shuffle\": true",
                "\"learningRate\": 0.1",
                "\"sampleWeights\": [1,2,3,4]",
                "\"validationSplit\": 0.3"
            })
    void optionsAffectOneTrainingOnly(String option) {
        String plain = create(CLASSIC);
        String other = create(CLASSIC);
        JsonNode before = model(other);
        train(plain, XOR);
        train(other, XOR + ", " + option);

        assertThat(parameters(other)).isNotEqualTo(parameters(plain));
        for (String kept : new String[] {"batchSize", "shuffle", "learningRate"}) {
            assertThat(model(other).path(kept)).isEqualTo(before.path(kept));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"batchSize\": 1",
                "\"shuffle\": false",
                "\"learningRate\": 0.5",
                "\"sampleWeights\": [1,1,1,1]",
                "\"validationSplit\": 0",
                "\"reset\": false",
                "\"timeLimitSeconds\": 60",
                """
                "batchSize": null, "shuffle": null, "earlyStopping": null, "classWeights": null\
                """
            })
    void usesTheModelsDefaults(String option) {
        String plain = create(CLASSIC);
        String other = create(CLASSIC);
        train(plain, XOR);
        train(other, XOR + ", " + option);

        assertThat(parameters(other)).isEqualTo(parameters(plain));
    }

    private String parameters(String id) {
        return get("/models/" + id + "/parameters").body();
    }
}
