package io.backprop.model.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import io.backprop.SmallLimits;
import org.junit.jupiter.api.Test;

/** A cache without room for any model, which is read from the store at each use. */
@SmallLimits
class SmallCacheTests extends ServiceTestBase {

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
}
