package io.backprop.model.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import io.backprop.SmallLimits;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** A cache without room for any model, which is read from the store at each use. */
@SmallLimits
class SmallCacheTests extends ServiceTestBase {

    @Autowired
    private JdbcTemplate jdbc;

    @Test
    void operationsWorkWithoutCachedModels() {
        String id = create("""
                "hiddenUnits": [4], "seed": 42, "learningRate": 0.5""");
        train(id, XOR + ", \"epochs\": 4000");

        assertThat(predict(id, "[[0,0],[0,1],[1,0],[1,1]]").path("predictions").toString())
                .isEqualTo("[[0.011289564],[0.9771447],[0.97887707],[0.032158915]]");
        assertThat(json(post("/models/" + id + "/versions/1/restore", ""), 200)
                        .path("version")
                        .asInt())
                .isEqualTo(2);
        assertThat(delete("/models/" + id).statusCode()).isEqualTo(204);
        problem(get("/models/" + id), 404, "model-not-found");
    }

    @Test
    void knowsRunningTraining() {
        String id = create("");
        String path = header(begin(id, ENDLESS), "Location");

        assertThat(model(id).path("state").asString()).isEqualTo("training");
        problem(post("/models/" + id + "/train", "{" + XOR + "}"), 409, "training-running");
        json(post(path + "/cancel", ""), 200);
        awaitEnd(path);
        assertThat(model(id).path("state").asString()).isEqualTo("created");
        train(id, XOR);
    }

    @Test
    void corruptVersionIsReportedAndReplacedByAnEarlierOne() {
        String id = create("\"hidden\": []");
        train(id, XOR);
        train(id, XOR);
        String path = header(begin(id, ENDLESS), "Location");
        awaitEpoch(path);
        jdbc.update("""
                update blob_chunk set bytes = zeroblob(length(bytes))
                where blob_id = (select id from blob where model_id = ? and version = 2)""", id);

        for (HttpResponse<String> response : List.of(
                get("/models/" + id),
                get("/models/" + id + "?version=2"),
                post("/models/" + id + "/predict", "{\"inputs\": [[0,1]]}"),
                post("/models/" + id + "/versions/2/restore", ""),
                post("/models", "{\"copyOf\": \"%s\"}".formatted(id)))) {
            assertThat(problem(response, 500, "corrupt-data").path("detail").asString())
                    .isEqualTo("version 2 of the model \"%s\" is corrupt; restore another version, or delete the model"
                            .formatted(id));
        }
        problem(get("/models/" + id + "?version=9"), 404, "version-not-found");
        json(get("/models/" + id + "?version=1"), 200);
        json(post("/models/" + id + "/predict?version=1", "{\"inputs\": [[0,1]]}"), 200);
        assertThat(get("/models").body()).contains(id);
        assertThat(json(get("/models/" + id + "/versions"), 200).path("versions"))
                .hasSize(2);
        assertThat(json(get("/models/" + id + "/trainings"), 200).path("trainings"))
                .hasSize(3);
        problem(post("/models/" + id + "/versions/1/restore", ""), 409, "training-running");
        json(post(path + "/cancel", ""), 200);
        awaitEnd(path);

        JsonNode restored = json(post("/models/" + id + "/versions/1/restore", ""), 200);

        assertThat(restored.path("version").asInt()).isEqualTo(3);
        assertThat(model(id)).isEqualTo(restored);
        assertThat(get("/models/" + id + "/parameters").body())
                .isEqualTo(get("/models/" + id + "/parameters?version=1").body());
        train(id, XOR);
    }

    @Test
    void corruptModelCanBeDeleted() {
        String id = create("");
        jdbc.update("update model set checksum = checksum + 1 where id = ?", id);

        assertThat(problem(get("/models/" + id), 500, "corrupt-data")
                        .path("detail")
                        .asString())
                .isEqualTo("the settings of the model \"%s\" are corrupt; delete the model".formatted(id));
        problem(post("/models", "{\"id\": \"%s\"}".formatted(id)), 409, "model-exists");
        assertThat(delete("/models/" + id).statusCode()).isEqualTo(204);
        json(post("/models", "{\"id\": \"%s\"}".formatted(id)), 201);
    }
}
