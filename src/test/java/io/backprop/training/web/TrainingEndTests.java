package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The ways in which a training ends. */
class TrainingEndTests extends ServiceTestBase {

    @Test
    void earlyStoppingPublishesTheBestEpoch() {
        String id = create("""
                        "hidden": [{"units": 8}], "task": "regression", "learningRate": 0.3, "seed": 3""");
        String held = "\"inputs\": [[0.5]], \"targets\": [0.25]";

        JsonNode training = train(id, """
                "inputs": [[0],[1],[2],[3]], "targets": [0,1,4,9], "epochs": 5000,
                "validationInputs": [[0.5]], "validationTargets": [0.25],
                "earlyStopping": {"patience": 5, "minDelta": 0.001}""");

        assertThat(training.path("state").asString()).isEqualTo("succeeded");
        assertThat(training.path("stopReason").asString()).isEqualTo("early_stopping");
        int best = training.path("bestEpoch").asInt();
        assertThat(training.path("epochsCompleted").asInt()).isEqualTo(best + 5).isLessThan(5000);
        assertThat(training.path("progress").asDouble()).isEqualTo(1);
        JsonNode losses = history(training).path("validationLoss");
        JsonNode evaluation = json(post("/models/" + id + "/evaluate", "{" + held + "}"), 200);
        assertThat(evaluation.path("loss")).isEqualTo(losses.path(best - 1));
    }

    @Test
    void earlyStoppingMonitorsTheTrainingLoss() {
        JsonNode training = train(create("\"hidden\": [], \"task\": \"regression\""), XOR + """
                , "epochs": 5000, "earlyStopping": {"patience": 1, "minDelta": 1, "monitor": "loss"}""");

        assertThat(training.path("stopReason").asString()).isEqualTo("early_stopping");
        assertThat(training.path("epochsCompleted").asInt()).isEqualTo(2);
        assertThat(training.path("bestEpoch").asInt()).isEqualTo(1);
    }

    @Test
    void timeLimitEndsATrainingAndPublishesTheResult() {
        String id = create("");

        JsonNode training = train(id, ENDLESS + ", \"timeLimitSeconds\": 1");

        assertThat(training.path("state").asString()).isEqualTo("succeeded");
        assertThat(training.path("stopReason").asString()).isEqualTo("time_limit");
        assertThat(training.path("epochsCompleted").asInt()).isBetween(1, 999_999);
        assertThat(training.path("version").asInt()).isEqualTo(1);
        assertThat(model(id).path("epochs")).isEqualTo(training.path("epochsCompleted"));
    }

    private JsonNode diverged(String id, String fields) {
        JsonNode training = failure(post("/models/" + id + "/train", "{" + fields + "}"), 422, "training-diverged");
        assertThat(json(get("/models/" + id + "/trainings/" + training.path("number")), 200))
                .isEqualTo(training);
        return training;
    }

    @Test
    void divergedTrainingWithEarlyStoppingPublishesTheBestParameters() {
        String id = create("\"hidden\": [], \"task\": \"regression\", \"standardize\": false, \"seed\": 1,"
                + " \"optimizer\": {\"type\": \"sgd\"}");
        String rows = "\"inputs\": [[1],[2]], \"targets\": [1,2]";

        JsonNode training = diverged(id, rows + """
                , "epochs": 500, "learningRate": 10, "earlyStopping": {"monitor": "loss", "patience": 500}""");

        assertThat(training.path("state").asString()).isEqualTo("failed");
        assertThat(training.path("stopReason").asString()).isEqualTo("diverged");
        assertThat(training.path("bestEpoch").asInt()).isEqualTo(1);
        assertThat(training.path("error").asString())
                .endsWith(
                        "(a model with standardize scales them); the parameters of epoch 1, the best one, are published");
        assertThat(training.path("version").asInt()).isEqualTo(1);
        assertThat(training.at("/trainingMetrics/r2").isNumber()).isTrue();
        assertThat(model(id).path("version").asInt()).isEqualTo(1);
        assertThat(model(id).path("state").asString()).isEqualTo("trained");
        String once = create("\"hidden\": [], \"task\": \"regression\", \"standardize\": false, \"seed\": 1,"
                + " \"optimizer\": {\"type\": \"sgd\"}");
        train(once, rows + ", \"epochs\": 1, \"learningRate\": 10");
        assertThat(get("/models/" + id + "/parameters").body())
                .isEqualTo(get("/models/" + once + "/parameters").body());
    }

    @Test
    void repeatedRequestOfAFailedTrainingIsAnsweredWithTheSameProblem() {
        String id = create("\"hidden\": [], \"optimizer\": {\"type\": \"sgd\"}");
        HttpRequest.Builder request = request("/models/" + id + "/train")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "key")
                .header("Prefer", "wait=60")
                .header("X-Request-Id", "the-same")
                .POST(BodyPublishers.ofString(
                        "{\"inputs\": [[1e30],[2e30]], \"targets\": [1,2], \"learningRate\": 1e30}"));
        HttpResponse<String> first = send(request);

        JsonNode problem = problem(first, 422, "training-diverged");
        assertThat(problem(send(request), 422, "training-diverged")).isEqualTo(problem);
        assertThat(header(first, "Preference-Applied")).isEqualTo("wait=60");
    }

    @Test
    void crossValidationThatTimesOutIsAProblem() {
        String id = create("");

        JsonNode training = failure(
                post(
                        "/models/" + id + "/cross-validate",
                        "{" + ENDLESS.replace("1000000", "100000") + ", \"folds\": 2, \"timeLimitSeconds\": 0.5}"),
                422,
                "training-timed-out");

        assertThat(training.path("state").asString()).isEqualTo("failed");
        assertThat(training.path("stopReason").asString()).isEqualTo("time_limit");
    }

    @Test
    void divergedTrainingKeepsTheModelsParameters() {
        String id = create("\"hidden\": [], \"task\": \"regression\", \"optimizer\": {\"type\": \"sgd\"}");
        train(id, "\"inputs\": [[1],[2]], \"targets\": [1,2], \"epochs\": 3");
        String before = get("/models/" + id + "/parameters").body();

        JsonNode training =
                diverged(id, "\"inputs\": [[1000],[2000]], \"targets\": [1,2], \"epochs\": 500, \"learningRate\": 10");

        assertThat(training.path("state").asString()).isEqualTo("failed");
        assertThat(training.path("stopReason").asString()).isEqualTo("diverged");
        int epoch = training.path("epochsCompleted").asInt() + 1;
        assertThat(training.path("error").asString())
                .contains("became infinite or NaN in epoch " + epoch + ";", "smaller learningRate");
        assertThat(training.path("version").isNull()).isTrue();
        assertThat(training.path("bestEpoch").isNull()).isTrue();
        assertThat(training.path("progress").asDouble()).isLessThan(1);
        assertThat(get("/models/" + id + "/parameters").body()).isEqualTo(before);
        JsonNode model = model(id);
        assertThat(model.path("version").asInt()).isEqualTo(1);
        assertThat(model.path("state").asString()).isEqualTo("trained");
        assertThat(model.path("epochs").asInt()).isEqualTo(3);
    }

    @Test
    void modelIsUntrainedAfterItsFirstTrainingDiverged() {
        String id = create("\"hidden\": [], \"optimizer\": {\"type\": \"sgd\"}");

        JsonNode training = diverged(id, "\"inputs\": [[1e30],[2e30]], \"targets\": [1,2], \"learningRate\": 1e30");

        assertThat(training.path("stopReason").asString()).isEqualTo("diverged");
        assertThat(model(id).path("state").asString()).isEqualTo("created");
        assertThat(model(id).path("version").asInt()).isZero();
        problem(post("/models/" + id + "/predict", "{\"inputs\": [[1]]}"), 409, "model-not-trained");
        train(id, "\"inputs\": [[1],[2]], \"targets\": [1,2], \"epochs\": 3");
        assertThat(model(id).path("version").asInt()).isEqualTo(1);
    }

    @Test
    void doesNotPublishIfTheLastStepDiverged() {
        String id = create("""
                "hidden": [{"units": 3}, {"units": 3}], "activation": "linear", "task": "regression", "seed": 1,
                "optimizer": {"type": "sgd"}""");

        JsonNode training = diverged(id, XOR + ", \"epochs\": 1, \"learningRate\": 1e30");

        assertThat(training.path("stopReason").asString()).isEqualTo("diverged");
        assertThat(training.path("error").asString()).startsWith("a prediction became infinite or NaN in epoch 1;");
        assertThat(model(id).path("version").asInt()).isZero();
    }

    @Test
    void acceptsBatchLargerThanTheData() {
        assertThat(train(create(""), XOR + ", \"batchSize\": 2147483647")
                        .path("state")
                        .asString())
                .isEqualTo("succeeded");
    }

    @Test
    void learnsXor() {
        String id = create("""
                "hiddenUnits": [4], "learningRate": 0.5, "seed": 42""");
        JsonNode training = train(id, XOR + ", \"epochs\": 20000");

        assertThat(training.at("/trainingMetrics/accuracy").asDouble()).isEqualTo(1);
        JsonNode predictions = predict(id, "[[0,0],[0,1],[1,0],[1,1]]").path("predictions");
        assertThat(predictions.at("/0/0").asDouble()).isLessThan(0.1);
        assertThat(predictions.at("/1/0").asDouble()).isGreaterThan(0.9);
        assertThat(predictions.at("/2/0").asDouble()).isGreaterThan(0.9);
        assertThat(predictions.at("/3/0").asDouble()).isLessThan(0.1);
    }
}
