package io.backprop.model.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.net.http.HttpResponse;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class VersionsTests extends ServiceTestBase {

    /** Sets the one weight of a linear model. */
    private void setWeight(String id, int weight) {
        json(put("/models/" + id + "/parameters", """
                {"layers": [{"weights": [[%d]], "biases": [0]}]}""".formatted(weight)), 200);
    }

    private String linear() {
        return create("\"hidden\": [], \"task\": \"regression\"");
    }

    private long[] versions(String id) {
        return json(get("/models/" + id + "/versions"), 200)
                .path("versions")
                .valueStream()
                .mapToLong(version -> version.path("version").asLong())
                .toArray();
    }

    @Test
    void keepsTheLastTenVersions() {
        String id = linear();
        assertThat(versions(id)).isEmpty();
        for (int weight = 1; weight <= 12; weight++) {
            setWeight(id, weight);
        }

        assertThat(versions(id))
                .isEqualTo(LongStream.rangeClosed(3, 12).map(i -> 15 - i).toArray());
        for (String path : new String[] {"/predict?version=2", "/versions/2/restore", "/versions/99/restore"}) {
            JsonNode problem = problem(
                    post("/models/" + id + path, path.endsWith("restore") ? "" : "{\"inputs\": [[1]]}"),
                    404,
                    "version-not-found");
            assertThat(problem.path("detail").asString()).endsWith("is not kept; the current version is 12");
        }
    }

    @Test
    void predictsAndEvaluatesWithEarlierVersions() {
        String id = linear();
        setWeight(id, 3);
        setWeight(id, 5);

        JsonNode earlier = json(post("/models/" + id + "/predict?version=1", "{\"inputs\": [[2]]}"), 200);
        assertThat(earlier.toString()).isEqualTo("""
                        {"model":"%s","version":1,"predictions":[[6.0]]}""".formatted(id));
        JsonNode evaluation =
                json(post("/models/" + id + "/evaluate?version=1", "{\"inputs\": [[2],[1]], \"targets\": [6,3]}"), 200);
        assertThat(evaluation.path("version").asInt()).isEqualTo(1);
        assertThat(evaluation.path("loss").asDouble()).isZero();
        assertThat(predict(id, "[[2]]").at("/predictions/0/0").asInt()).isEqualTo(10);
    }

    @Test
    void getsEarlierVersionsAndTheirParameters() {
        String id = linear();
        setWeight(id, 3);
        String first = header(get("/models/" + id), "ETag");
        setWeight(id, 5);

        HttpResponse<String> earlier = get("/models/" + id + "?version=1");
        assertThat(json(earlier, 200).path("version").asInt()).isEqualTo(1);
        assertThat(weight("/models/" + id + "/parameters?version=1")).isEqualTo(3);
        assertThat(weight("/models/" + id + "/parameters?version=2")).isEqualTo(5);
        assertThat(json(get("/models/" + id + "?version=2"), 200)).isEqualTo(model(id));
        assertThat(header(earlier, "ETag")).isEqualTo(first).isNotEqualTo(header(get("/models/" + id), "ETag"));
        for (String path : new String[] {"?version=3", "?version=0", "/parameters?version=99"}) {
            problem(get("/models/" + id + path), 404, "version-not-found");
        }
        problem(get("/models/" + id + "?version=one"), 400, "unreadable-parameter");
        problem(get("/models/missing?version=1"), 404, "model-not-found");
    }

    @Test
    void etagOfAnEarlierVersionPermitsNoChange() {
        String id = linear();
        setWeight(id, 3);
        setWeight(id, 5);
        String earlier = header(get("/models/" + id + "?version=1"), "ETag");

        problem(send(request("/models/" + id).header("If-Match", earlier).DELETE()), 412, "version-mismatch");
    }

    private int weight(String path) {
        return json(get(path), 200).at("/layers/0/weights/0/0").asInt();
    }

    @Test
    void restoreCreatesANewVersion() {
        String id = create("\"hiddenUnits\": [4], \"seed\": 1");
        train(id, XOR + ", \"epochs\": 30");
        JsonNode first = model(id);
        String parameters = get("/models/" + id + "/parameters").body();
        train(id, XOR + ", \"epochs\": 12");

        HttpResponse<String> response = post("/models/" + id + "/versions/1/restore", "");

        JsonNode model = json(response, 200);
        assertThat(model.path("version").asInt()).isEqualTo(3);
        assertThat(model.path("epochs").asInt()).isEqualTo(30);
        assertThat(model.path("trainingMetrics")).isEqualTo(first.path("trainingMetrics"));
        assertThat(header(response, "ETag")).isEqualTo(header(get("/models/" + id), "ETag"));
        assertThat(get("/models/" + id + "/parameters").body()).isEqualTo(parameters);
        assertThat(versions(id)).containsExactly(3, 2, 1);
    }

    @Test
    void versionsHaveEpochsMetricsAndTime() {
        String id = create("\"hiddenUnits\": [4], \"seed\": 1");
        train(id, XOR + ", \"epochs\": 30");
        train(id, XOR + ", \"epochs\": 12");

        JsonNode newest = json(get("/models/" + id + "/versions"), 200).at("/versions/0");

        assertThat(newest.propertyNames())
                .containsExactly("version", "epochs", "trainingMetrics", "validationMetrics", "trainedAt");
        assertThat(newest.path("epochs").asInt()).isEqualTo(42);
        assertThat(newest.path("trainingMetrics")).isEqualTo(model(id).path("trainingMetrics"));
        assertThat(newest.path("trainedAt")).isEqualTo(model(id).path("trainedAt"));
    }

    @Test
    void restoreRejectsUnknownVersionsAndRunningTraining() {
        String id = linear();
        setWeight(id, 1);
        problem(post("/models/" + id + "/versions/0/restore", ""), 404, "version-not-found");
        problem(post("/models/" + id + "/versions/one/restore", ""), 400, "unreadable-parameter");
        problem(post("/models/missing/versions/1/restore", ""), 404, "model-not-found");
        problem(get("/models/missing/versions"), 404, "model-not-found");
        begin(id, """
                        "inputs": [%s[1]], "targets": [%s1], "epochs": 1000000""".formatted("[1],".repeat(1_000), "1,".repeat(1_000)));

        problem(post("/models/" + id + "/versions/1/restore", ""), 409, "training-running");
        delete("/models/" + id);
    }

    @Test
    void successorOfADeletedModelHasNoneOfItsVersions() {
        String id = linear();
        setWeight(id, 1);
        delete("/models/" + id);
        post("/models", "{\"id\": \"" + id + "\"}");

        assertThat(versions(id)).isEmpty();
    }

    @Test
    void versionsHaveTheWarningsOfTheirTraining() {
        String id = create("\"hidden\": []");
        String rows = "{\"x\": 1, \"z\": 7, \"y\": 2}, {\"x\": 2, \"z\": 7, \"y\": 3}, {\"x\": 3, \"z\": 7, \"y\": 5}";
        json(post("/models/" + id + "/train", "{\"rows\": [" + rows + "], \"target\": \"y\", \"epochs\": 1}"), 200);
        JsonNode warnings = model(id).path("warnings");
        assertThat(warnings.toString()).contains("column \\\"z\\\"");

        put("/models/" + id + "/parameters", """
                {"layers": [{"weights": [[1]], "biases": [0]}]}""");
        assertThat(model(id).path("version").asInt()).isEqualTo(2);
        assertThat(model(id).path("warnings").isEmpty()).isTrue();

        assertThat(json(get("/models/" + id + "?version=1"), 200).path("warnings"))
                .isEqualTo(warnings);
        json(post("/models/" + id + "/versions/1/restore", ""), 200);
        assertThat(model(id).path("warnings")).isEqualTo(warnings);
    }
}
