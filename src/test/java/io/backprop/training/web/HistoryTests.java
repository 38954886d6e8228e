package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.backprop.ServiceTestBase;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The losses of all epochs, as JSON and as CSV. */
class HistoryTests extends ServiceTestBase {

    @Test
    void returnsEveryEpoch() {
        String id = create("\"seed\": 1");
        JsonNode training = train(id, XOR + ", \"epochs\": 2500");

        JsonNode history = json(history(id, "application/json"), 200);

        assertThat(training.has("history")).isFalse();
        assertThat(history.propertyNames()).containsExactly("epochs", "loss", "validationLoss", "validationMetrics");
        assertThat(history.path("loss").size()).isEqualTo(2_500);
        assertThat(history.path("loss").path(2_499)).isEqualTo(training.path("loss"));
        for (int i = 0; i < 2_500; i++) {
            assertThat(history.path("epochs").path(i).asInt()).isEqualTo(i + 1);
        }
        assertThat(history.path("validationLoss").isNull()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"2", "3", "7", "24", "25", "26", "10000"})
    void thinsEvenlyFromTheFirstToTheLastEpoch(int points) {
        String id = create("\"seed\": 1");
        train(id, XOR + ", \"epochs\": 25");
        String path = "/models/" + id + "/trainings/1/history";
        JsonNode all = json(get(path), 200);

        JsonNode thinned = json(get(path + "?points=" + points), 200);

        JsonNode epochs = thinned.path("epochs");
        int count = Math.min(points, 25);
        assertThat(epochs.size()).isEqualTo(count);
        assertThat(epochs.path(0).asInt()).isEqualTo(1);
        assertThat(epochs.path(count - 1).asInt()).isEqualTo(25);
        for (int i = 0; i < count; i++) {
            assertThat(epochs.path(i).asDouble()).isCloseTo(1 + i * 24.0 / (count - 1), within(0.5));
            assertThat(thinned.path("loss").path(i))
                    .isEqualTo(all.path("loss").path(epochs.path(i).asInt() - 1));
        }
        List<String> cells = send(request(path + "?points=" + points)
                        .header("Accept", "text/csv")
                        .GET())
                .body()
                .lines()
                .skip(1)
                .map(row -> row.substring(0, row.indexOf(',')))
                .toList();
        assertThat(cells)
                .containsExactlyElementsOf(
                        epochs.valueStream().map(JsonNode::asString).toList());
    }

    @ParameterizedTest
    @CsvSource({"1, 422", "0, 422", "-1, 422", "10001, 422", "many, 400", "2.5, 400"})
    void rejectsPoints(String points, int status) {
        String id = create("");
        for (String accept : List.of("application/json", "text/csv")) {
            HttpResponse<String> response = send(request("/models/" + id + "/trainings/1/history?points=" + points)
                    .header("Accept", accept)
                    .GET());
            problem(response, status, status == 422 ? "invalid-field" : "unreadable-parameter");
        }
    }

    @Test
    void onlyTheHistoryOfAMillionEpochsIsLong() {
        String id = create("");
        String path = "/models/" + id + "/trainings/1";
        train(id, XOR + ", \"epochs\": 1000000");

        assertThat(get(path).body().length()).isLessThan(2_000);
        assertThat(get(path + "/history?points=500").body().length()).isLessThan(20_000);
        HttpResponse<Stream<String>> csv = lines(path + "/history");
        assertThat(header(csv, "Transfer-Encoding")).isEqualTo("chunked");
        assertThat(csv.body().count()).isEqualTo(1_000_001);
    }

    @ParameterizedTest
    @CsvSource({"regression, r2", "classification, accuracy"})
    void csvEqualsJson(String task, String metric) {
        String id = create("\"seed\": 1, \"task\": \"%s\"".formatted(task));
        train(id, XOR + ", \"epochs\": 300, \"validationInputs\": [[0,0],[0,1]], \"validationTargets\": [0,1]");

        JsonNode history = json(history(id, "application/json"), 200);
        HttpResponse<String> csv = history(id, "text/csv");

        assertThat(csv.statusCode()).isEqualTo(200);
        assertThat(header(csv, "Content-Type")).isEqualToIgnoringCase("text/csv;charset=UTF-8");
        List<String> expected = new ArrayList<>(List.of("epoch,loss,validation_loss,validation_" + metric));
        for (int i = 0; i < 300; i++) {
            expected.add("%d,%s,%s,%s"
                    .formatted(
                            i + 1,
                            history.at("/loss/" + i).doubleValue(),
                            history.at("/validationLoss/" + i).doubleValue(),
                            history.at("/validationMetrics/" + metric + "/" + i).doubleValue()));
        }
        assertThat(csv.body()).isEqualTo(String.join("\n", expected) + "\n");
    }

    @Test
    void csvIsAFileNamedAfterTheModel() {
        String id = "0.._-" + newId() + ".exe.";
        json(post("/models", "{\"id\": \"%s\"}".formatted(id)), 201);
        train(id, XOR + ", \"epochs\": 2");

        assertThat(header(history(id, "text/csv"), "Content-Disposition"))
                .isEqualTo("attachment; filename=\"" + id + "-training-1.csv\"");
        assertThat(history(id, "application/json").headers().map()).doesNotContainKey("content-disposition");
    }

    @Test
    void leavesValidationColumnEmptyWithoutValidation() {
        String id = create("\"seed\": 1");
        train(id, XOR + ", \"epochs\": 2");

        JsonNode history = json(history(id, "application/json"), 200);

        assertThat(history.path("validationMetrics").isNull()).isTrue();
        assertThat(history(id, "text/csv").body())
                .isEqualTo("epoch,loss,validation_loss\n1,%s,\n2,%s,\n"
                        .formatted(
                                history.at("/loss/0").doubleValue(),
                                history.at("/loss/1").doubleValue()));
    }

    private HttpResponse<Stream<String>> lines(String path) {
        HttpRequest request = request(path).header("Accept", "text/csv").build();
        return HttpClient.newHttpClient()
                .sendAsync(request, HttpResponse.BodyHandlers.ofLines())
                .join();
    }

    @Test
    void historyGrowsWhileTheTrainingRuns() {
        String id = create("");
        String path = header(begin(id, ENDLESS), "Location");
        int before = 0;
        for (int i = 0; i < 3; i++) {
            int size = before;
            while (size == before) {
                size = json(get(path + "/history"), 200).path("loss").size();
            }
            assertThat(size).isGreaterThan(before);
            before = size;
        }
        delete("/models/" + id);
    }

    @Test
    void writesNonFiniteLossAsEmptyCellAndNull() {
        String id = create("""
                "hidden": [], "learningRate": 1e30, "optimizer": {"type": "sgd"}""");
        failure(post("/models/" + id + "/train", """
                {"inputs": [[1],[2]], "targets": [1e30,2e30], "epochs": 5}"""), 422, "training-diverged");

        JsonNode losses = json(history(id, "application/json"), 200).path("loss");
        List<String> rows = history(id, "text/csv").body().lines().skip(1).toList();

        assertThat(rows).hasSameSizeAs(losses);
        for (int i = 0; i < rows.size(); i++) {
            String cell = rows.get(i).split(",", -1)[1];
            assertThat(cell)
                    .isEqualTo(
                            losses.path(i).isNull()
                                    ? ""
                                    : Double.toString(losses.path(i).doubleValue()));
        }
    }

    @Test
    void returnsJsonByDefault() {
        String id = create("");
        train(id, XOR + ", \"epochs\": 2");

        assertThat(header(get("/models/" + id + "/trainings/1/history"), "Content-Type"))
                .isEqualTo("application/json");
        assertThat(header(history(id, "text/csv;q=0.5, application/json"), "Content-Type"))
                .isEqualTo("application/json");
        assertThat(header(history(id, "application/json;q=0.5, text/*"), "Content-Type"))
                .startsWith("text/csv");
        JsonNode problem = problem(history(id, "text/html"), 406, "not-acceptable");
        assertThat(problem.path("detail").asString()).contains("available: ", "application/json", "text/csv");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/csv", "text/html"})
    void rejectsUnknownTraining(String accept) {
        String id = create("");

        int status = accept.equals("text/html") ? 406 : 404;
        problem(history(id, accept), status, status == 404 ? "training-not-found" : "not-acceptable");
        problem(history("missing", accept), status, status == 404 ? "model-not-found" : "not-acceptable");
    }

    private HttpResponse<String> history(String id, String accept) {
        return send(request("/models/" + id + "/trainings/1/history")
                .header("Accept", accept)
                .GET());
    }
}
