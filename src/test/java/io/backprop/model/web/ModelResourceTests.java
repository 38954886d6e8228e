package io.backprop.model.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ModelResourceTests extends ServiceTestBase {

    @Test
    void etagChangesWithTheModel() {
        String id = create("");
        String tag = header(get("/models/" + id), "ETag");

        HttpResponse<String> unchanged = send(request("/models/" + id).header("If-None-Match", tag));
        assertThat(unchanged.statusCode()).isEqualTo(304);
        assertThat(unchanged.body()).isEmpty();

        train(id, XOR);
        HttpResponse<String> changed = send(request("/models/" + id).header("If-None-Match", tag));
        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(header(changed, "ETag")).isNotEqualTo(tag);
    }

    @Test
    void etagChangesWithTheTrainingState() {
        String id = create("");
        train(id, XOR);
        String trained = header(get("/models/" + id), "ETag");
        String path = header(begin(id, ENDLESS), "Location");

        HttpResponse<String> inTraining = send(request("/models/" + id).header("If-None-Match", trained));
        assertThat(json(inTraining, 200).path("state").asString()).isEqualTo("training");

        post(path + "/cancel", "");
        awaitEnd(path);
        assertThat(header(get("/models/" + id), "ETag")).isEqualTo(trained);
    }

    @Test
    void etagOfADeletedModelDoesNotMatchItsSuccessor() {
        String id = create("");
        String tag = header(get("/models/" + id), "ETag");
        delete("/models/" + id);
        post("/models", "{\"id\": \"" + id + "\"}");

        assertThat(header(get("/models/" + id), "ETag")).isNotEqualTo(tag);
    }

    @Test
    void deleteRemovesModelAndTrainings() {
        String id = create("\"inputs\": 1, \"outputs\": 1");

        HttpResponse<String> deleted = delete("/models/" + id);
        assertThat(deleted.statusCode()).isEqualTo(204);
        assertThat(deleted.body()).isEmpty();
        for (String path : new String[] {"", "/parameters", "/trainings", "/trainings/1"}) {
            problem(get("/models/" + id + path), 404, "model-not-found");
        }
        problem(delete("/models/" + id), 404, "model-not-found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"other\"", "W/\"other\"", "\"a\", \"b\""})
    void deleteRejectsOtherEtag(String tag) {
        String id = create("");

        HttpResponse<String> refused =
                send(request("/models/" + id).header("If-Match", tag).DELETE());

        problem(refused, 412, "version-mismatch");
        assertThat(model(id).path("id").asString()).isEqualTo(id);
    }

    @Test
    void deleteAcceptsMatchingEtag() {
        String first = create("");
        String tag = header(get("/models/" + first), "ETag");
        assertThat(send(request("/models/" + first)
                                .header("If-Match", "\"other\", " + tag)
                                .DELETE())
                        .statusCode())
                .isEqualTo(204);
        String second = create("");
        assertThat(send(request("/models/" + second).header("If-Match", "*").DELETE())
                        .statusCode())
                .isEqualTo(204);
    }

    @Test
    void listsModelsPageByPageNewestFirst() {
        List<String> created = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            created.add(0, create(""));
        }

        List<String> listed = new ArrayList<>();
        String query = "?limit=3";
        while (listed.size() < 7) {
            JsonNode page = json(get("/models" + query), 200);
            assertThat(page.path("models").size()).isEqualTo(3);
            page.path("models").forEach(model -> listed.add(model.path("id").asString()));
            delete("/models/" + listed.get(listed.size() - 1)); // the model of the cursor need not exist
            query = "?limit=3&cursor=" + page.path("next").asString();
        }
        assertThat(listed.subList(0, 7)).isEqualTo(created.subList(0, 7));
    }

    @Test
    void listsSummariesWithoutLargeParts() {
        String id = create("\"hidden\": [4], \"description\": \"d\", \"tags\": {\"a\": \"b\"}");
        train(id, """
                "rows": [{"x": 10, "y": "a"}, {"x": 30, "y": "b"}], "target": "y", "epochs": 1""");

        JsonNode summary = json(get("/models?limit=1"), 200).at("/models/0");

        assertThat(summary.propertyNames())
                .containsExactly(
                        "id",
                        "state",
                        "version",
                        "task",
                        "inputs",
                        "outputs",
                        "parameters",
                        "target",
                        "epochs",
                        "trainingMetrics",
                        "validationMetrics",
                        "description",
                        "tags",
                        "createdAt",
                        "trainedAt");
        JsonNode model = model(id);
        summary.forEachEntry((name, value) -> assertThat(value).as(name).isEqualTo(model.path(name)));
    }

    @Test
    void lastPageHasNoCursor() {
        String id = create("");

        JsonNode all = json(get("/models?limit=1000"), 200);
        assertThat(all.has("next")).isFalse();
        assertThat(all.at("/models/0/id").asString()).isEqualTo(id);
        assertThat(json(get("/models"), 200).path("models").size()).isLessThanOrEqualTo(50);
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0, 422, invalid-field, limit",
        "limit=-1, 422, invalid-field, limit",
        "limit=1001, 422, invalid-field, limit",
        "limit=abc, 400, unreadable-parameter, limit",
        "limit=1.5, 400, unreadable-parameter, limit",
        "limit=99999999999, 400, unreadable-parameter, limit",
        "cursor=%00, 422, invalid-field, cursor",
        "cursor=garbage, 422, invalid-field, cursor",
        "cursor=bm8gZGF0ZQ, 422, invalid-field, cursor",
        "cursor=MjAyNi0wMS0wMVQwMDowMDowMFo, 422, invalid-field, cursor"
    })
    void listRejectsInvalidParameters(String query, int status, String type, String parameter) {
        JsonNode problem = problem(get("/models?" + query), status, type);

        assertThat(problem.at("/errors/0/parameter").asString()).isEqualTo(parameter);
        assertThat(problem.at("/errors/0/detail").asString()).contains("must be", "but was");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+300000-01-01T00:00:00Z a",
                "+1000000000-12-31T23:59:59Z a",
                "-1000000000-01-01T00:00:00Z a",
                "2020-02-31T00:00:00Z a",
                "2020-01-01T00:00:00Z \0",
                "2020-01-01T00:00:00Z A",
                "2020-01-01T00:00:00Z "
            })
    void listRejectsInvalidCursor(String place) {
        String cursor = Base64.getUrlEncoder().encodeToString(place.getBytes(UTF_8));

        JsonNode problem = problem(get("/models?cursor=" + cursor), 422, "invalid-field");

        assertThat(problem.at("/errors/0/detail").asString())
                .isEqualTo("must be the \"next\" of a page, but was \"" + cursor + '"');
    }

    @Test
    void unknownModelIsNotFoundByAnyOperation() {
        for (String id : new String[] {"missing", "MISSING", "a%20b", "%C3%A4", "x".repeat(65), "..%2e", "%00"}) {
            JsonNode problem = json(get("/models/" + id));
            assertThat(problem.path("status").asInt()).as(id).isBetween(400, 404);
            assertThat(problem.toString()).doesNotContain("Exception", "java.");
        }
        problem(post("/models/missing/train", "{" + XOR + "}"), 404, "model-not-found");
        problem(post("/models/missing/evaluate", "{" + XOR + "}"), 404, "model-not-found");
        problem(post("/models/missing/predict", "{\"inputs\": [[1]]}"), 404, "model-not-found");
        problem(get("/models/missing/trainings"), 404, "model-not-found");
        problem(post("/models/missing/trainings/1/cancel", ""), 404, "model-not-found");
        problem(put("/models/missing/parameters", """
                        {"layers": [{"weights": [[1]], "biases": [1]}]}"""), 404, "model-not-found");
    }

    @Test
    void reportsUnsupportedMethodsAndMediaTypesAsProblems() {
        String id = create("");
        problem(put("/models/" + id, "{}"), 405, "method-not-allowed");
        problem(delete("/models"), 405, "method-not-allowed");
        problem(get("/models/" + id + "/train"), 405, "method-not-allowed");
        for (String type : List.of("text/plain", "application/yaml", "application/x-www-form-urlencoded")) {
            HttpResponse<String> response = send(request("/models/" + id + "/train")
                    .header("Content-Type", type)
                    .POST(BodyPublishers.ofString("{" + XOR + "}")));
            JsonNode problem = problem(response, 415, "unsupported-media-type");
            assertThat(problem.path("detail").asString())
                    .startsWith("the body must be ")
                    .contains("application/json", "but was " + type);
        }
        for (String type : List.of("image/png", "application/yaml")) {
            problem(send(request("/models/" + id).header("Accept", type)), 406, "not-acceptable");
        }
    }
}
