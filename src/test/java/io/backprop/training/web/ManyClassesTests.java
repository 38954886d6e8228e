package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Data that would need much more memory than was sent are rejected before it is allocated. */
class ManyClassesTests extends ServiceTestBase {

    @Test
    void limitsRowsTimesOutputs() {
        String csv = table(300_000, 8_000);

        HttpResponse<String> response = trainOn(csv, "");

        assertThat(problem(response, 422, "limit-exceeded").path("detail").asString())
                .isEqualTo("a request may have at most 33554432 rows × outputs, but this one has 300000 × 8000");
        problem(trainOn(csv, "&validationSplit=0.2"), 422, "limit-exceeded");
    }

    @Test
    void limitsOutputs() {
        JsonNode problem = problem(trainOn(table(10_000, 9_000), ""), 422, "limit-exceeded");

        assertThat(problem.at("/errors/0/parameter").asString()).isEqualTo("target");
        assertThat(problem.at("/errors/0/detail").asString())
                .isEqualTo("a layer may have at most 8192 units, but this one would have 9000");
    }

    private static String table(int rows, int classes) {
        return IntStream.range(0, rows)
                .mapToObj(row -> row % 7 + ",w" + row % classes)
                .collect(Collectors.joining("\n", "x,y\n", "\n"));
    }

    private HttpResponse<String> trainOn(String csv, String options) {
        return send(request("/models/" + create("\"hidden\": []") + "/train?target=y" + options)
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofString(csv)));
    }
}
