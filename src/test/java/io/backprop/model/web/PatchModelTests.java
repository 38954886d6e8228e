package io.backprop.model.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Changes of the description and of the settings of the next training. */
class PatchModelTests extends ServiceTestBase {

    private HttpResponse<String> patch(String id, String body) {
        return patch(id, "application/merge-patch+json", body);
    }

    private HttpResponse<String> patch(String id, String type, String body) {
        return send(
                request("/models/" + id).header("Content-Type", type).method("PATCH", BodyPublishers.ofString(body)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        description          | "a text"           | "a text"
        learningRate         | 0.25               | 0.25
        learningRateSchedule | {"type": "step_decay", "decaySteps": 5, "decayRate": 0.5} | {"type": "step_decay", "decaySteps": 5, "decayRate": 0.5}
        optimizer            | "sgd"              | {"type": "sgd", "momentum": 0.0, "nesterov": false}
        optimizer            | {"type": "rmsprop", "rho": 0.5} | {"type": "rmsprop", "rho": 0.5, "epsilon": 1.0E-7}
        l1                   | 0.5                | 0.5
        l2                   | 0.25               | 0.25
        globalClipNorm       | 1.5                | 1.5
        batchSize            | 7                  | 7
        shuffle              | false              | false
        dropRemainder        | true               | true
        learningRateFactors  | [{"biases": 0.5}]  | [{"weights": 1.0, "biases": 0.5}]
        learningRateSchedule | "coslog"           | {"type": "coslog", "cycles": 4}
        tags                 | {"a": "b"}         | {"a": "b"}
        """)
    void changesOneFieldAndResetsItByNull(String field, String given, String shown) {
        String id = create("\"hidden\": [3], \"seed\": 5");
        JsonNode before = model(id);

        JsonNode changed = json(patch(id, "{\"%s\": %s}".formatted(field, given)), 200);

        ObjectNode expected = ((ObjectNode) before.deepCopy()).set(field, mapper.readTree(shown));
        assertThat(changed).isEqualTo(expected).isEqualTo(model(id));
        assertThat(json(patch(id, "{\"%s\": null}".formatted(field)), 200)).isEqualTo(before);
    }

    /** The defaults of the article's network are others. */
    @Test
    void nullResetsToTheDefaultsOfTheForm() {
        String id = create("\"layerCount\": 2, \"optimizer\": \"adam\", \"learningRate\": 0.5, \"batchSize\": 9");

        JsonNode model = json(patch(id, "{\"optimizer\": null, \"learningRate\": null, \"batchSize\": null}"), 200);

        assertThat(model.at("/optimizer/type").asString()).isEqualTo("sgd");
        assertThat(model.path("learningRate").asDouble()).isEqualTo(0.06);
        assertThat(model.path("batchSize").asInt()).isEqualTo(1);
    }

    @Test
    void mergesTags() {
        String id = create("\"tags\": {\"a\": \"1\", \"b\": \"2\"}");

        JsonNode model =
                json(patch(id, "application/json", "{\"tags\": {\"a\": null, \"c\": \"3\", \"d\": null}}"), 200);

        assertThat(model.path("tags")).isEqualTo(mapper.readTree("{\"b\": \"2\", \"c\": \"3\"}"));
    }

    @Test
    void changesDropoutOfAllLayersOrOfEach() {
        String id =
                create("\"hidden\": [3, {\"units\": 2, \"dropout\": 0.1}], \"inputs\": 2, \"outputs\": 1, \"seed\": 1");
        train(id, XOR + ", \"epochs\": 2");

        JsonNode all = json(patch(id, "{\"dropout\": 0.5}"), 200);
        assertThat(all.path("layers").findValuesAsString("dropout")).containsExactly("0.5", "0.5", "0.0");
        JsonNode each = json(patch(id, "{\"dropout\": [0.25, 0]}"), 200);
        assertThat(each.path("layers").findValuesAsString("dropout")).containsExactly("0.25", "0.0", "0.0");
        assertThat(train(id, XOR + ", \"epochs\": 2").path("version").asInt()).isEqualTo(2);
        assertThat(model(id).path("layers")).isEqualTo(each.path("layers"));
        JsonNode none = json(patch(id, "{\"dropout\": null}"), 200);
        assertThat(none.path("layers").findValuesAsString("dropout")).containsExactly("0.0", "0.0", "0.0");
    }

    @Test
    void changedSettingsApplyToTheNextTraining() {
        String patched = create("\"hidden\": [3], \"seed\": 1");
        String created = create("""
            "hidden": [{"units": 3, "dropout": 0.5}], "seed": 1, "optimizer": "rmsprop", "learningRate": 0.01,
            "l2": 0.1, "batchSize": 2, "shuffle": false\
            """);
        json(patch(patched, """
            {"dropout": 0.5, "optimizer": "rmsprop", "learningRate": 0.01, "l2": 0.1, "batchSize": 2,
             "shuffle": false}\
            """), 200);

        for (String id : new String[] {patched, created}) {
            train(id, XOR + ", \"epochs\": 3");
            json(patch(id, "{\"dropout\": 0.25}"), 200);
            train(id, XOR + ", \"epochs\": 3");
        }

        assertThat(get("/models/" + patched + "/parameters").body())
                .isEqualTo(get("/models/" + created + "/parameters").body());
    }

    @Test
    void runningTrainingKeepsItsSettingsAndTheModelItsChange() {
        String id = create("\"hidden\": [4], \"batchSize\": 4, \"seed\": 1");
        String path = header(begin(id, ENDLESS), "Location");
        awaitEpoch(path);

        JsonNode changed = json(patch(id, "{\"batchSize\": 16, \"description\": \"changed\", \"dropout\": 0.5}"), 200);
        assertThat(changed.path("state").asString()).isEqualTo("training");
        post(path + "/cancel?keep=true", "");
        JsonNode training = awaitEnd(path);

        assertThat(training.at("/settings/batchSize").asInt()).isEqualTo(4);
        JsonNode model = model(id);
        assertThat(model.path("version").asInt()).isEqualTo(1);
        assertThat(model.path("batchSize").asInt()).isEqualTo(16);
        assertThat(model.path("description").asString()).isEqualTo("changed");
        assertThat(model.at("/layers/0/dropout").asDouble()).isEqualTo(0.5);
    }

    @Test
    void settingsBelongToAllVersions() {
        String id = create("\"hidden\": [], \"seed\": 1");
        train(id, XOR + ", \"epochs\": 1");
        train(id, XOR + ", \"epochs\": 1");

        json(patch(id, "{\"learningRate\": 0.5, \"tags\": {\"a\": \"b\"}}"), 200);

        JsonNode earlier = json(get("/models/" + id + "?version=1"), 200);
        assertThat(earlier.path("learningRate").asDouble()).isEqualTo(0.5);
        assertThat(earlier.at("/tags/a").asString()).isEqualTo("b");
        JsonNode restored = json(post("/models/" + id + "/versions/1/restore", ""), 200);
        assertThat(restored.path("learningRate").asDouble()).isEqualTo(0.5);
    }

    @Test
    void etagChangesWithEachChange() {
        String id = create("");
        String first = header(get("/models/" + id), "ETag");
        String second = header(patch(id, "{\"batchSize\": 2}"), "ETag");
        assertThat(second).isNotEqualTo(first).isEqualTo(header(get("/models/" + id), "ETag"));
        assertThat(header(patch(id, "{\"batchSize\": 2}"), "ETag")).isEqualTo(second);
        assertThat(header(patch(id, "{}"), "ETag")).isEqualTo(second);

        HttpResponse<String> refused = send(request("/models/" + id)
                .header("Content-Type", "application/merge-patch+json")
                .header("If-Match", first)
                .method("PATCH", BodyPublishers.ofString("{\"batchSize\": 3}")));
        problem(refused, 412, "version-mismatch");
        HttpResponse<String> accepted = send(request("/models/" + id)
                .header("Content-Type", "application/merge-patch+json")
                .header("If-Match", second)
                .method("PATCH", BodyPublishers.ofString("{\"batchSize\": 1}")));
        assertThat(json(accepted, 200).path("batchSize").asInt()).isEqualTo(1);
        assertThat(header(accepted, "ETag")).isNotEqualTo(first);
        problem(send(request("/models/" + id).header("If-Match", first).DELETE()), 412, "version-mismatch");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"layers": []}            | 400 | /layers | can't be changed; for another value create a model, with copyOf if it is to have these parameters. Fields that can be changed: batchSize, description, dropRemainder, dropout, frontScale, globalClipNorm, keepBest, l1, l2, learningRate, learningRateFactors, learningRateSchedule, optimizer, shuffle, tags
        {"seed": 7}               | 400 | /seed | can't be changed
        {"ensemble": 2}           | 400 | /ensemble | can't be changed
        {"id": "other"}           | 400 | /id | can't be changed
        {"batchSize": 2.5}        | 400 | /batchSize | must be a whole number, but was 2.5
        {"batchSize": "2"}        | 400 | /batchSize | must be a whole number, but was "2"
        {"shuffle": 1}            | 400 | /shuffle | must be true or false, but was
        {"optimizer": "adagrad"}  | 400 | /optimizer/type | must be one of adam, adamw, rmsprop, sgd, but was "adagrad"
        {"tags": {"a": 1}}        | 400 | /tags/a | must be text, but was 1
        {"tags": []}              | 400 | /tags | must be an object, such as {"team": "a"}, but was a list
        {"batchSize": 0}          | 422 | /batchSize | must be at least 1, but was 0
        {"learningRate": 0}       | 422 | /learningRate | must be greater than 0, but was 0.0
        {"l1": -1}                | 422 | /l1 | must be at least 0, but was -1.0
        {"optimizer": {"type": "sgd", "momentum": 1}} | 422 | /optimizer/momentum | must be less than 1, but was 1.0
        {"optimizer": {"momentum": 0.5}} | 422 | /optimizer/type | is required
        {"learningRateSchedule": "step_decay"} | 422 | /learningRateSchedule/decaySteps | is required
        {"dropout": 1}            | 422 | /dropout | dropout must be
        {"dropout": [0.1]}        | 422 | /dropout | dropout must be a number, or a list of one number for each of the 2 hidden layers, but has 1
        {"dropout": [0.1, -1]}    | 422 | /dropout/1 | dropout must be
        {"dropout": [0.1, null]}  | 422 | /dropout | dropout must be numbers, but has null
        {"tags": {"": "x"}}       | 422 | /tags/ | must not be blank
        """)
    void rejectsInvalidChanges(String body, int status, String pointer, String detail) {
        String id = create("\"hidden\": [3, 2]");
        JsonNode before = model(id);

        JsonNode problem = problem(patch(id, body), status, status == 400 ? "unreadable-field" : "invalid-field");

        assertThat(problem.path("errors")).as(problem.toString()).anySatisfy(error -> {
            assertThat(error.path("pointer").asString()).isEqualTo(pointer);
            assertThat(error.path("detail").asString()).contains(detail);
        });
        assertThat(model(id)).isEqualTo(before);
    }

    @Test
    void warmUpFromZeroIsReplacedTogetherWithItsLearningRate() {
        String id = create("""
            "learningRate": 0, "learningRateSchedule": {"type": "cosine_decay", "decaySteps": 9, "warmupTarget": 1}\
            """);

        JsonNode problem = problem(patch(id, "{\"learningRateSchedule\": \"constant\"}"), 422, "invalid-field");
        assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo("/learningRate");
        json(patch(id, "{\"learningRateSchedule\": \"constant\", \"learningRate\": 0.1}"), 200);
    }

    @Test
    void rejectsMoreTagsThanTheLimit() {
        String id = create("");
        for (int tag = 0; tag < 50; tag++) {
            json(patch(id, "{\"tags\": {\"t%d\": \"\"}}".formatted(tag)), 200);
        }

        JsonNode problem = problem(patch(id, "{\"tags\": {\"another\": \"\"}}"), 422, "invalid-field");

        assertThat(problem.path("detail").asString()).isEqualTo("a model may have at most 50 tags, but would have 51");
    }

    @Test
    void rejectsOtherBodies() {
        String id = create("");
        problem(patch(id, "text/plain", "x"), 415, "unsupported-media-type");
        problem(patch(id, "null"), 400, "unreadable-body");
        problem(patch(id, "[]"), 400, "unreadable-field");
        problem(patch("missing", "{}"), 404, "model-not-found");
    }
}
