package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import io.backprop.SmallLimits;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A service with one worker and one place in the queue, both taken. */
@SmallLimits
class TrainingQueueTests extends ServiceTestBase {

    private String running = "";
    private String queued = "";
    private String late = "";

    @BeforeEach
    void fill() {
        running = create("");
        queued = create("");
        late = create("");
        awaitEpoch(header(begin(running, ENDLESS), "Location"));
        json(begin(queued, XOR), 202);
    }

    @AfterEach
    void empty() {
        for (String id : new String[] {running, queued, late}) {
            delete("/models/" + id);
        }
    }

    @Test
    void rejectsTrainingWhenTheQueueIsFull() {
        HttpResponse<String> response = begin(late, XOR);

        JsonNode problem = problem(response, 503, "queue-full");
        assertThat(problem.path("detail").asString())
                .isEqualTo("all 1 places in the queue of trainings are taken; try again later");
        assertThat(Integer.parseInt(header(response, "Retry-After"))).isPositive();
        assertThat(model(late).path("state").asString()).isEqualTo("created");
        assertThat(get("/models/" + late + "/trainings").body()).isEqualTo("{\"trainings\":[]}");

        post("/models/" + running + "/trainings/1/cancel", "");
        awaitEnd("/models/" + queued + "/trainings/1");
        assertThat(train(late, XOR).path("state").asString()).isEqualTo("succeeded");
    }

    @Test
    void fullQueueDoesNotUseTheIdempotencyKey() {
        HttpRequest.Builder request = request("/models/" + late + "/train")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "key")
                .POST(BodyPublishers.ofString("{" + XOR + "}"));
        problem(send(request), 503, "queue-full");

        post("/models/" + running + "/trainings/1/cancel", "");
        awaitEnd("/models/" + queued + "/trainings/1");

        assertThat(json(send(request), 200).path("state").asString()).isEqualTo("succeeded");
    }

    @Test
    void queuedTrainingPredictsWithTheParametersThatItStartsWith() {
        JsonNode live = json(post("/models/" + queued + "/trainings/1/predict", "{\"inputs\": [[0,1],[1,1]]}"), 200);

        assertThat(live.path("epoch").asInt()).isZero();
        assertThat(live.path("predictions").size()).isEqualTo(2);
    }

    @Test
    void queuedTrainingSucceedsLater() {
        String path = "/models/" + queued + "/trainings/1";
        JsonNode waiting = json(get(path), 200);
        assertThat(waiting.path("state").asString()).isEqualTo("queued");
        assertThat(waiting.path("queuePosition").asInt()).isEqualTo(1);
        assertThat(waiting.path("startedAt").isNull()).isTrue();
        assertThat(waiting.path("progress").asDouble()).isZero();
        assertThat(waiting.path("loss").isNull()).isTrue();
        assertThat(get(path + "/history").body()).isEqualTo("""
                        {"epochs":[],"loss":[],"validationLoss":null,"validationMetrics":null}""");

        post("/models/" + running + "/trainings/1/cancel", "");

        JsonNode ended = awaitEnd(path);
        assertThat(ended.path("state").asString()).isEqualTo("succeeded");
        assertThat(ended.has("queuePosition")).isFalse();
    }

    @Test
    void cancelsQueuedTrainingImmediately() {
        JsonNode training = json(post("/models/" + queued + "/trainings/1/cancel?keep=true", ""), 200);

        assertThat(training.path("state").asString()).isEqualTo("cancelled");
        assertThat(training.path("epochsCompleted").asInt()).isZero();
        assertThat(training.path("version").isNull()).isTrue();
        assertThat(model(queued).path("state").asString()).isEqualTo("created");
        assertThat(begin(late, XOR).statusCode()).isEqualTo(202);
    }

    @Test
    void deletionRemovesQueuedTraining() {
        delete("/models/" + queued);

        assertThat(begin(late, XOR).statusCode()).isEqualTo(202);
    }

    @Test
    void deletedTrainingDoesNotAffectASuccessorOfItsModel() {
        delete("/models/" + queued);
        assertThat(delete("/models/" + running).statusCode()).isEqualTo(204);

        json(post("/models", "{\"id\": \"" + running + "\"}"), 201);
        assertThat(get("/models/" + running + "/trainings").body()).isEqualTo("{\"trainings\":[]}");
        assertThat(model(running).path("version").asInt()).isZero();
        JsonNode training = train(running, XOR); // after the deleted one, since there is one worker

        assertThat(training.path("number").asInt()).isEqualTo(1);
        assertThat(training.path("version").asInt()).isEqualTo(1);
        assertThat(model(running).path("version").asInt()).isEqualTo(1);
    }
}
