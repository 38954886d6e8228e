package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The header {@code If-Match} of requests that change a model. */
class IfMatchTests extends ServiceTestBase {

    @ParameterizedTest
    @ValueSource(strings = {"abc", "\"abc", "abc\"", "", ",", "\"a\", *", "*, *", "\"a\" \"b\"", "w/\"a\""})
    void rejectsInvalidIfMatch(String header) {
        String id = create("");

        JsonNode problem = problem(
                send(request("/models/" + id).header("If-Match", header).DELETE()), 400, "unreadable-parameter");

        assertThat(problem.at("/errors/0/parameter").asString()).isEqualTo("If-Match");
        assertThat(problem.at("/errors/0/detail").asString())
                .isEqualTo("must be * or ETags in quotes, but was \"" + header + '"');
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            PUT  | /parameters         | {"layers": [{"weights": [[1, 2]], "biases": [0]}]}
            POST | /versions/1/restore |
            POST | /train              | {"inputs": [[1, 2]], "targets": [1], "epochs": 1}
            POST | /cross-validate     | {"inputs": [[1, 2], [2, 1]], "targets": [1, 2], "epochs": 1, "folds": 2}
            """)
    void rejectsModelOfAnotherRevision(String method, String path, String body) {
        String id = create("\"hidden\": [], \"task\": \"regression\"");
        train(id, """
                "inputs": [[1, 2]], "targets": [1], "epochs": 1""");
        String known = header(get("/models/" + id), "ETag");
        train(id, """
                "inputs": [[1, 2]], "targets": [1], "epochs": 1""");
        HttpRequest.Builder request = request("/models/" + id + path)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body == null ? "" : body));

        HttpResponse<String> refused = send(request.setHeader("If-Match", known));

        problem(refused, 412, "version-mismatch");
        assertThat(model(id).path("version").asInt()).isEqualTo(2);
        String current = header(get("/models/" + id), "ETag");
        assertThat(send(request.setHeader("If-Match", current)).statusCode()).isEqualTo(200);
        assertThat(send(request.setHeader("If-Match", "*")).statusCode()).isEqualTo(200);
    }
}
