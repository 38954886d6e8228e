package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The service's own metrics, which count what was done. */
class MetricsTests extends ServiceTestBase {

    private double value(String series) {
        return get("/actuator/prometheus")
                .body()
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .sum();
    }

    private List<Double> values(String... series) {
        return List.of(series).stream().map(this::value).toList();
    }

    @Test
    void countsPredictionsAndTheirRows() {
        String id = create("\"hidden\": [4]");
        train(id, XOR + ", \"epochs\": 1");
        String[] series = {
            "backprop_predictions_total{operation=\"predict\"}",
            "backprop_prediction_rows_total{operation=\"predict\"}",
            "backprop_predictions_total{operation=\"evaluate\"}",
            "backprop_prediction_rows_total{operation=\"evaluate\"}",
            "backprop_predictions_total{operation=\"importance\"}",
            "backprop_prediction_rows_total{operation=\"importance\"}"
        };
        List<Double> before = values(series);

        predict(id, "[[0, 1], [1, 1], [0, 0]]");
        json(post("/models/" + id + "/predict", "{\"inputs\": [[1]]}"), 422);
        json(post("/models/" + id + "/evaluate", "{" + XOR + "}"), 200);
        json(post("/models/" + id + "/importance", "{" + XOR + "}"), 200);

        assertThat(differences(before, values(series))).containsExactly(1.0, 3.0, 1.0, 4.0, 1.0, 4.0);
    }

    @Test
    void countsTrainingsWithTheirEpochsAndExamples() {
        String[] series = {
            "backprop_training_attempts_total{start=\"started\"}",
            "backprop_training_epochs_total",
            "backprop_training_examples_total",
            "backprop_training_queue_time_seconds_count",
            "backprop_training_time_seconds_count{kind=\"training\",state=\"succeeded\"}",
            "backprop_training_time_seconds_count{kind=\"training\",state=\"failed\"}"
        };
        String id = create("\"hidden\": [4]");
        List<Double> before = values(series);

        train(id, XOR + ", \"epochs\": 5");
        failure(
                post(
                        "/models/" + create("\"hidden\": [], \"optimizer\": \"sgd\", \"standardize\": false")
                                + "/train",
                        "{\"inputs\": [[1e30],[1]], \"targets\": [[1e30],[1]], \"learningRate\": 1, \"epochs\": 1}"),
                422,
                "training-diverged");

        Await.until(() -> differences(before, values(series)).subList(3, 6).equals(List.of(2.0, 1.0, 1.0)));
        assertThat(value(series[0]) - before.get(0)).isEqualTo(2);
        assertThat(value(series[1]) - before.get(1)).isBetween(5.0, 6.0);
        assertThat(value(series[2]) - before.get(2)).isBetween(20.0, 22.0);
    }

    @Test
    void measuresRunningTrainings() {
        String id = create("\"hidden\": [4]");
        double before = value("backprop_training_epochs_total");
        JsonNode training = json(begin(id, ENDLESS), 202);
        String path =
                "/models/%s/trainings/%d".formatted(id, training.path("number").asInt());
        awaitEpoch(path);

        Await.until(() -> value("backprop_training_epochs_total") > before);
        Await.until(() -> value("backprop_trainings{state=\"running\"}") == 1);
        assertThat(value("backprop_training_checkpoint_age_seconds")).isPositive();

        json(post(path + "/cancel", ""), 200);
        Await.until(() -> value("backprop_training_checkpoint_age_seconds") == 0);
    }

    @Test
    void countsProblemsByTheirType() {
        String series = "backprop_problems_total{status=\"404\",type=\"model-not-found\"}";
        double before = value(series);

        problem(get("/models/unknown"), 404, "model-not-found");

        assertThat(value(series) - before).isOne();
    }

    @Test
    void measuresRequestsThatReachNoOperation() {
        String series = "http_server_requests_seconds_count{method=\"OTHER\",outcome=\"CLIENT_ERROR\",status=\"%s\","
                + "uri=\"UNKNOWN\"}";
        int status =
                send(request("/models").method("BREW", BodyPublishers.noBody())).statusCode();

        Await.until(() -> value(series.formatted(status)) > 0); // recorded after the response
    }

    private static List<Double> differences(List<Double> before, List<Double> after) {
        return IntStream.range(0, before.size())
                .mapToObj(i -> after.get(i) - before.get(i))
                .toList();
    }
}
