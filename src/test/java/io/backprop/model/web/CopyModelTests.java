package io.backprop.model.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** New models with the settings and parameters of others. */
class CopyModelTests extends ServiceTestBase {

    private static final String ROWS = """
            "rows": [{"x": 1, "c": "a", "y": 2}, {"x": 2, "c": "b", "y": 3}, {"x": 3, "c": "a", "y": 5}], "target": "y\"""";

    private static JsonNode without(JsonNode model, String... fields) {
        ObjectNode rest = (ObjectNode) model.deepCopy();
        for (String field : fields) {
            rest.remove(field);
        }
        return rest;
    }

    @Test
    void copiesATrainedModelAsVersion1() {
        String source = create("\"hidden\": [4], \"seed\": 3, \"description\": \"d\", \"tags\": {\"a\": \"b\"}");
        train(source, ROWS + ", \"epochs\": 2");
        train(source, ROWS + ", \"epochs\": 3");

        String copy = create("\"copyOf\": \"" + source + "\"");

        JsonNode model = model(copy);
        assertThat(model.path("version").asInt()).isEqualTo(1);
        assertThat(model.path("state").asString()).isEqualTo("trained");
        assertThat(model.path("epochs").asInt()).isEqualTo(5);
        String[] own = {"id", "version", "createdAt", "trainedAt"};
        assertThat(without(model, own)).isEqualTo(without(model(source), own));
        assertThat(get("/models/" + copy + "/parameters").body())
                .isEqualTo(get("/models/" + source + "/parameters").body());
        String row = "{\"rows\": [{\"x\": 1, \"c\": \"a\"}]}";
        assertThat(json(post("/models/" + copy + "/predict", row)).path("predictions"))
                .isEqualTo(json(post("/models/" + source + "/predict", row)).path("predictions"));
        delete("/models/" + source);
        assertThat(train(copy, ROWS + ", \"epochs\": 1").path("version").asInt())
                .isEqualTo(2);
    }

    @Test
    void copiesAnUntrainedModelWithItsSeed() {
        String source = create("\"layerCount\": 4, \"inputs\": 2, \"outputs\": 1");

        JsonNode model = model(create("\"copyOf\": \"" + source + "\""));

        assertThat(model.path("version").asInt()).isZero();
        assertThat(without(model, "id", "createdAt")).isEqualTo(without(model(source), "id", "createdAt"));
        assertThat(get("/models/" + model.path("id").asString() + "/parameters").body())
                .isEqualTo(get("/models/" + source + "/parameters").body());
    }

    @Test
    void copiesAnEarlierVersion() {
        String source = create("\"hidden\": [], \"seed\": 3");
        train(source, XOR + ", \"epochs\": 2");
        String first = get("/models/" + source + "/parameters").body();
        train(source, XOR + ", \"epochs\": 3");

        String copy = create("\"copyOf\": \"" + source + "\", \"copyVersion\": 1");

        assertThat(get("/models/" + copy + "/parameters").body()).isEqualTo(first);
        assertThat(model(copy).path("epochs").asInt()).isEqualTo(2);
    }

    @Test
    void givenFieldsOverrideThoseOfTheSource() {
        String source = create("\"hidden\": [4, 2], \"seed\": 3, \"description\": \"d\", \"tags\": {\"a\": \"b\"}");

        JsonNode model = model(create("""
                "copyOf": "%s", "description": "other", "tags": {"c": "d"}, "learningRate": 0.5, "optimizer": "sgd",
                "batchSize": 7, "shuffle": false, "l1": 0.1, "l2": 0.2, "globalClipNorm": 3, "dropout": [0.1, 0.2],
                "learningRateSchedule": {"type": "cosine_decay", "decaySteps": 10}""".formatted(source)));

        assertThat(model.path("description").asString()).isEqualTo("other");
        assertThat(model.path("tags")).isEqualTo(mapper.readTree("{\"c\": \"d\"}"));
        assertThat(model.path("learningRate").asDouble()).isEqualTo(0.5);
        assertThat(model.at("/optimizer/type").asString()).isEqualTo("sgd");
        assertThat(model.path("batchSize").asInt()).isEqualTo(7);
        assertThat(model.path("shuffle").asBoolean()).isFalse();
        assertThat(model.path("l1").asDouble()).isEqualTo(0.1);
        assertThat(model.path("l2").asDouble()).isEqualTo(0.2);
        assertThat(model.path("globalClipNorm").asDouble()).isEqualTo(3);
        assertThat(model.at("/layers/1/dropout").asDouble()).isEqualTo(0.2);
        assertThat(model.at("/learningRateSchedule/type").asString()).isEqualTo("cosine_decay");
        assertThat(model(source).path("learningRate").asDouble()).isEqualTo(0.001);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "copyOf": "missing"                     | /copyOf | there is no model "missing"
            "copyOf": "%s", "copyVersion": 7        | /copyVersion | version 7 of the model "%s" is not kept; the current version is 0
            "copyOf": "%s", "copyVersion": -1       | /copyVersion | is not kept
            "copyOf": "%s", "hidden": [3]           | /hidden | hidden goes with a model that is not a copy; beside copyOf there may be batchSize, copyOf, copyVersion, description, dropRemainder, dropout
            "copyOf": "%s", "seed": 3               | /seed | seed goes with a model that is not a copy
            "copyOf": "%s", "standardize": true     | /standardize | standardize goes with a model that is not a copy
            "copyOf": "%s", "dropout": [0.5, 0.5]   | /dropout | dropout must be a number, or a list of one number for each of the 1 hidden layers, but has 2
            "copyVersion": 1                        | /copyVersion | copyVersion goes with copyOf
            """)
    void rejectsOtherCopies(String fields, String pointer, String detail) {
        String source = create("\"hidden\": [4]");

        JsonNode problem = problem(post("/models", "{" + fields.replace("%s", source) + "}"), 422, "invalid-field");

        assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo(pointer);
        assertThat(problem.at("/errors/0/detail").asString()).contains(detail.replace("%s", source));
    }

    @Test
    void rejectsATakenId() {
        String source = create("\"hidden\": [4]");

        problem(post("/models", "{\"id\": \"%s\", \"copyOf\": \"%s\"}".formatted(source, source)), 409, "model-exists");
    }
}
