package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Trainings as a resource: list, get, cancel, and delete with their model. */
class TrainingResourceTests extends ServiceTestBase {

    @Test
    void listsTheNewestFirst() {
        String id = create("");
        assertThat(get("/models/" + id + "/trainings").body()).isEqualTo("{\"trainings\":[]}");
        JsonNode first = train(id, XOR + ", \"epochs\": 1");
        JsonNode second = train(id, XOR + ", \"epochs\": 2");

        JsonNode listed = json(get("/models/" + id + "/trainings"), 200).path("trainings");

        assertThat(listed.size()).isEqualTo(2);
        assertThat(listed.path(0)).isEqualTo(second);
        assertThat(listed.path(1)).isEqualTo(first);
    }

    @Test
    void rejectsUnknownTraining() {
        String id = create("");
        for (String number : new String[] {"1", "0", "-1", "2147483647"}) {
            problem(get("/models/" + id + "/trainings/" + number), 404, "training-not-found");
            problem(post("/models/" + id + "/trainings/" + number + "/cancel", ""), 404, "training-not-found");
        }
        for (String number : new String[] {"abc", "1.5", "99999999999"}) {
            JsonNode problem = problem(get("/models/" + id + "/trainings/" + number), 400, "unreadable-parameter");
            assertThat(problem.at("/errors/0/parameter").asString()).isEqualTo("number");
        }
        problem(post("/models/" + id + "/trainings/1/cancel?keep=maybe", ""), 400, "unreadable-parameter");
    }

    @Test
    void cancelKeepsTheModel() {
        String id = create("");
        train(id, XOR);
        String before = get("/models/" + id + "/parameters").body();
        String path = header(begin(id, ENDLESS), "Location");
        awaitEpoch(path); // a queued training has nothing to keep

        JsonNode training = json(post(path + "/cancel", ""), 200);

        assertThat(model(id).path("state").asString()).isEqualTo("trained");
        assertThat(training.path("state").asString()).isEqualTo("cancelled");
        assertThat(training.path("stopReason").asString()).isEqualTo("cancelled");
        assertThat(training.path("version").isNull()).isTrue();
        assertThat(get("/models/" + id + "/parameters").body()).isEqualTo(before);
        assertThat(model(id).path("version").asInt()).isEqualTo(1);
        assertThat(json(post(path + "/cancel", ""), 200)).isEqualTo(training);
        JsonNode problem = problem(post(path + "/cancel?keep=true", ""), 409, "training-not-kept");
        assertThat(problem.path("detail").asString())
                .isEqualTo(
                        "training 2 of the model \"%s\" was cancelled without keep, so that its parameters are lost",
                        id);
        assertThat(train(id, XOR).path("version").asInt()).isEqualTo(2);
    }

    @Test
    void cancelPublishesTheResultIfKept() {
        String id = create("");
        String path = header(begin(id, ENDLESS), "Location");
        awaitEpoch(path);

        JsonNode training = json(post(path + "/cancel?keep=true", ""), 200);

        assertThat(training.path("state").asString()).isEqualTo("cancelled");
        assertThat(training.path("version").asInt()).isEqualTo(1);
        assertThat(training.path("epochsCompleted").asInt()).isBetween(1, 999_999);
        assertThat(model(id).path("epochs")).isEqualTo(training.path("epochsCompleted"));
        assertThat(json(post(path + "/cancel?keep=true", ""), 200)).isEqualTo(training);
        assertThat(json(post(path + "/cancel", ""), 200)).isEqualTo(training);
        predict(id, "[[0,1]]");
    }

    @Test
    void cancelOfATrainingThatHasSucceededReturnsIt() {
        String id = create("");
        JsonNode training = train(id, XOR);

        for (String query : List.of("", "?keep=false", "?keep=true")) {
            assertThat(json(post("/models/" + id + "/trainings/1/cancel" + query, ""), 200))
                    .isEqualTo(training);
        }
    }

    @Test
    void rejectsSecondTrainingWithALinkToTheFirst() {
        String id = create("");
        train(id, XOR);
        String path = header(begin(id, ENDLESS), "Location");

        JsonNode problem = problem(post("/models/" + id + "/train", "{" + XOR + "}"), 409, "training-running");

        assertThat(problem.path("runningTraining").asString()).isEqualTo(path).endsWith("/trainings/2");
        assertThat(json(get(path), 200).path("state").asString()).isIn("queued", "running");
        post(path + "/cancel", "");
        assertThat(train(id, XOR).path("number").asInt()).isEqualTo(3);
    }

    @Test
    void rejectedTrainingIsNotStored() {
        String id = create("\"inputs\": 3");

        problem(post("/models/" + id + "/train", "{" + XOR + "}"), 422, "invalid-field");

        assertThat(model(id).path("state").asString()).isEqualTo("created");
        assertThat(get("/models/" + id + "/trainings").body()).isEqualTo("{\"trainings\":[]}");
    }

    @Test
    void keepsTheLastTwentyTrainings() {
        String id = create("");
        for (int i = 0; i < 25; i++) {
            train(id, XOR + ", \"epochs\": 1");
        }

        JsonNode listed = json(get("/models/" + id + "/trainings"), 200).path("trainings");
        assertThat(listed.size()).isEqualTo(20);
        assertThat(listed.at("/0/number").asInt()).isEqualTo(25);
        assertThat(listed.at("/19/number").asInt()).isEqualTo(6);
        problem(get("/models/" + id + "/trainings/5"), 404, "training-not-found");
        assertThat(model(id).path("version").asInt()).isEqualTo(25);
    }
}
