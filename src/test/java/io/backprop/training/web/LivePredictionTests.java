package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.Await;
import io.backprop.ServiceTestBase;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Predictions of a network that is being trained. */
class LivePredictionTests extends ServiceTestBase {

    private static final String INPUTS = "{\"inputs\": [[0,0],[0,1],[1,0],[1,1]]}";

    private static final String FLOWERS = "width,color,species\n" + """
            1.4,red,setosa
            1.3,red,setosa
            4.7,blue,versicolor
            4.5,blue,versicolor
            6.0,,virginica
            5.1,white,virginica
            """.repeat(300);

    private String path = "";

    private void start(String fields) {
        path = header(begin(create(fields), ENDLESS), "Location");
    }

    @AfterEach
    void cancel() {
        if (!path.isEmpty()) {
            post(path + "/cancel", "");
        }
    }

    private JsonNode live(String body) {
        return json(post(path + "/predict", body), 200);
    }

    /** Returns predictions with parameters after an epoch that is later than the given one. */
    private JsonNode liveAfter(int epoch, String body) {
        return Await.until(() -> live(body), live -> live.path("epoch").asInt() > epoch);
    }

    @Test
    void predictsWithTheParametersOfTheEpochItNames() {
        String settings = "\"hidden\": [4], \"seed\": 3";
        start(settings);
        JsonNode live = liveAfter(0, INPUTS);
        JsonNode later = liveAfter(live.path("epoch").asInt(), INPUTS);

        assertThat(later.path("predictions")).isNotEqualTo(live.path("predictions"));
        assertThat(live.propertyNames()).containsExactly("model", "training", "epoch", "predictions");
        assertThat(path)
                .isEqualTo(
                        "/models/%s/trainings/%s",
                        live.path("model").asString(), live.path("training").asString());
        cancel();
        String other = create(settings);
        train(
                other,
                ENDLESS.replace(
                        "\"epochs\": 1000000",
                        "\"epochs\": " + live.path("epoch").asInt()));
        assertThat(json(post("/models/" + other + "/predict", INPUTS), 200).path("predictions"))
                .isEqualTo(live.path("predictions"));
    }

    @Test
    void predictsForRowsDuringTheFirstTrainingOnATable() {
        String id = create("\"hidden\": [8]");
        HttpResponse<String> begun = send(request("/models/" + id + "/train?target=species&epochs=1000000")
                .header("Content-Type", "text/csv")
                .header("Prefer", "respond-async")
                .POST(BodyPublishers.ofString(FLOWERS)));
        path = header(begun, "Location");

        JsonNode live = liveAfter(0, """
                {"rows": [{"width": 1.5, "color": "red"}, {"width": null, "color": "green"}]}""");

        assertThat(live.path("classes").toString()).isEqualTo("[\"setosa\",\"versicolor\",\"virginica\"]");
        assertThat(live.path("labels").size()).isEqualTo(2);
        assertThat(live.at("/predictions/1").size()).isEqualTo(3);
        assertThat(live.path("warnings").toString()).contains("green");
        assertThat(model(id).path("version").asInt()).isZero();
        problem(post("/models/" + id + "/predict", INPUTS), 409, "model-not-trained");
        problem(post(path + "/predict", INPUTS), 422, "invalid-field");
        HttpResponse<String> table = send(request(path + "/predict")
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofString("color,width\nred,1.5\n")));
        assertThat(json(table, 200).path("labels").size()).isEqualTo(1);
    }

    @Test
    void thresholdMovesTheBorder() {
        start("\"hidden\": [4], \"task\": \"classification\"");

        assertThat(json(post(path + "/predict?threshold=0.000001", INPUTS), 200)
                        .path("labels")
                        .toString())
                .isEqualTo("[\"1\",\"1\",\"1\",\"1\"]");
        problem(post(path + "/predict?threshold=1.5", INPUTS), 422, "invalid-field");
    }

    @Test
    void trainingThatHasEndedDoesNotPredict() {
        String id = create("");
        train(id, XOR);

        JsonNode problem = problem(post("/models/" + id + "/trainings/1/predict", INPUTS), 409, "no-live-predictions");

        assertThat(problem.path("detail").asString())
                .isEqualTo("training 1 of the model \"%s\" has ended; predict with the model instead", id);
        problem(post("/models/" + id + "/trainings/2/predict", INPUTS), 404, "training-not-found");
        problem(post("/models/none/trainings/1/predict", INPUTS), 404, "model-not-found");
    }

    @Test
    void crossValidationDoesNotPredict() {
        String id = create("\"hidden\": [4]");
        HttpResponse<String> begun = send(request("/models/" + id + "/cross-validate")
                .header("Content-Type", "application/json")
                .header("Prefer", "respond-async")
                .POST(BodyPublishers.ofString("{" + ENDLESS.replace("1000000", "100000") + "}")));
        path = header(begun, "Location");

        JsonNode problem = problem(post(path + "/predict", INPUTS), 409, "no-live-predictions");

        assertThat(problem.path("detail").asString()).contains("is a cross-validation");
    }
}
