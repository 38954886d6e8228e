package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

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
    void returnsEveryEpochThoughTheTrainingIsThinned() {
        String id = create("\"seed\": 1");
        JsonNode training = train(id, XOR + ", \"epochs\": 2500");

        JsonNode history = json(history(id, "application/json"), 200);

        assertThat(training.at("/history/loss").size()).isEqualTo(1_000);
        assertThat(history.path("loss").size()).isEqualTo(2_500);
        assertThat(history.path("validationLoss").isNull()).isTrue();
        for (int i = 1; i <= 1_000; i++) {
            assertThat(history.path("loss").path((int) (i * 2.5) - 1))
                    .isEqualTo(training.at("/history/loss").path(i - 1));
        }
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

    @Test
    void returnsAMillionEpochs() {
        String id = create("");
        train(id, XOR + ", \"epochs\": 1000000");

        HttpResponse<Stream<String>> csv = lines("/models/" + id + "/trainings/1/history");

        assertThat(header(csv, "Transfer-Encoding")).isEqualTo("chunked");
        assertThat(csv.body().count()).isEqualTo(1_000_001);
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
        train(id, """
                "inputs": [[1],[2]], "targets": [1e30,2e30], "epochs": 5""");

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
