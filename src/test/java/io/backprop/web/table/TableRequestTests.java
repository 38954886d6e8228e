package io.backprop.web.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.web.WebTestBase;
import io.backprop.web.problem.ProblemType;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A table as a body, with the other fields of the request in its query, or all of it as JSON. */
class TableRequestTests extends WebTestBase {

    private static final String CSV = "a,b,y\n1,x,yes\n2,,no\n";
    private static final String NDJSON = """
            {"a": 1, "b": "x", "y": "yes"}
            {"y": "no", "a": 2, "b": null}
            """;

    @Test
    void bindsQueryLikeJson() {
        String query = "target=y&epochs=5&shuffle=true&rate=2.5e-3&loss=huber&patience.epochs=3&patience.delta=0.1"
                + "&columns.zip.code=categorical&columns.5=ignore&weights.yes=2&weights.a%20b=0.5&of=me";
        String json = """
                {"rows": [{"a": 1, "b": "x", "y": "yes"}, {"a": 2, "y": "no", "b": null}], "target": "y", "epochs": 5,
                 "shuffle": true, "rate": 2.5e-3, "loss": "huber", "patience": {"epochs": 3, "delta": 0.1},
                 "columns": {"zip.code": "categorical", "5": "ignore"}, "weights": {"yes": 2, "a b": 0.5}}""";

        JsonNode expected = json(post("/echo/table?of=me", json), 200);

        assertThat(expected.path("target").path("names").toString()).isEqualTo("[\"yes\",\"no\"]");
        assertThat(expected.path("types").toString()).isEqualTo("""
                {"zip.code":"categorical","5":"ignore"}""");
        assertThat(json(table("text/csv", query, CSV), 200)).isEqualTo(expected);
        assertThat(json(table("application/x-ndjson", query, NDJSON), 200)).isEqualTo(expected);
    }

    @Test
    void bindsFieldThatIsTextOrObject() {
        JsonNode answer = json(table("text/csv", "target=y&weights=balanced", CSV), 200);

        assertThat(answer.path("weights").toString()).isEqualTo("{\"balanced\":1.0}");
    }

    @Test
    void bindsNumberAsText() {
        JsonNode answer = json(table("text/csv", "target=5", "a,5\n1,true\n2,false\n"), 200);

        assertThat(answer.path("target").path("names").toString()).isEqualTo("[\"true\",\"false\"]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            epochs=3.9        | epochs         | must be a whole number, but was 3.9
            epochs=many       | epochs         | must be a whole number, but was "many"
            epochs=           | epochs         | must be a whole number, but was ""
            epochs=99999999999| epochs         | must be a whole number from -2147483648 to 2147483647, but was 99999999999
            rate=NaN          | rate           | must be a number, but was "NaN"
            rate=1e400        | rate           | must be a number that fits float64, at most 1.7976931348623157e308, but was 1e400
            shuffle=yes       | shuffle        | must be true or false, but was "yes"
            loss=what         | loss           | must be one of mean_squared_error, huber, but was "what"
            patience.epochs=x | patience.epochs| must be a whole number, but was "x"
            columns.a=word    | columns.a      | must be one of numeric, categorical, ignore, but was "word"
            weights.a=b       | weights.a      | must be a number, but was "b"
            epochs=1&epochs=1 | epochs         | is given more than once
            weights=balanced&weights.a=1 | weights.a | and weights exclude each other
            weights.a=1&weights=balanced | weights   | and weights.NAME exclude each other
            epoch=1           | epoch          | is unknown here; did you mean epochs? Known: columns.NAME, dateFormat, decimal, epochs, invalidCells, loss, missing, of, patience.delta, patience.epochs, rate, shuffle, target, weights, weights.NAME
            patience=1        | patience       | is unknown here; did you mean patience.delta? Known: columns.NAME, dateFormat, decimal, epochs, invalidCells, loss, missing, of, patience.delta, patience.epochs, rate, shuffle, target, weights, weights.NAME
            columns.=ignore   | columns.       | is unknown here; did you mean columns.NAME? Known: columns.NAME, dateFormat, decimal, epochs, invalidCells, loss, missing, of, patience.delta, patience.epochs, rate, shuffle, target, weights, weights.NAME
            inputs=1          | inputs         | is unknown here; known: columns.NAME, dateFormat, decimal, epochs, invalidCells, loss, missing, of, patience.delta, patience.epochs, rate, shuffle, target, weights, weights.NAME
            rows=1            | rows           | is unknown here; known: columns.NAME, dateFormat, decimal, epochs, invalidCells, loss, missing, of, patience.delta, patience.epochs, rate, shuffle, target, weights, weights.NAME
            """)
    void rejectsUnreadableParameter(String query, String parameter, String detail) {
        HttpResponse<String> response = table("text/csv", "target=y&" + query, CSV);

        assertOneParameter(response, ProblemType.UNREADABLE_PARAMETER, parameter, detail);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            target=y&epochs=0           | epochs          | must be at least 1, but was 0
            target=y&rate=-1            | rate            | must be greater than 0, but was -1.0
            target=y&patience.epochs=0  | patience.epochs | must be at least 1, but was 0
            target=y&patience.delta=0   | patience.epochs | is required
            target=y&weights.a.b=-1     | weights.a.b     | must be at least 0, but was -1.0
            target=y&weights=even       | weights         | weights must be balanced
            epochs=1                    | target          | is required
            """)
    void rejectsInvalidParameter(String query, String parameter, String detail) {
        HttpResponse<String> response = table("text/csv", query, CSV);

        assertOneParameter(response, ProblemType.INVALID_FIELD, parameter, detail);
    }

    @Test
    void pointsToFieldOfJson() {
        String rows = "{\"rows\": [{\"a\": 1}], \"target\": \"a\", ";

        assertOneError(
                post("/echo/table", rows + "\"weights\": {\"a.b\": -1}}"),
                ProblemType.INVALID_FIELD,
                "/weights/a.b",
                "must be at least 0, but was -1.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"target=%zz", "target=%ff", "target=y%"})
    void rejectsInvalidQuery(String query) throws IOException {
        try (Socket socket = new Socket("localhost", port)) {
            String request = "POST /echo/table?%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n".formatted(query)
                    + "Content-Type: text/csv\r\nContent-Length: %d\r\n\r\n%s".formatted(CSV.length(), CSV);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 400 ").contains("/problems/malformed-request");
        }
    }

    private void assertOneParameter(HttpResponse<String> response, ProblemType type, String parameter, String detail) {
        JsonNode errors = problem(response, type).path("errors");
        assertThat(errors.size()).as(response.body()).isEqualTo(1);
        assertThat(errors.path(0).path("parameter").asString()).isEqualTo(parameter);
        assertThat(errors.path(0).path("detail").asString()).isEqualTo(detail);
    }

    private HttpResponse<String> table(String type, String query, String body) {
        return send(request("/echo/table?" + query).header("Content-Type", type).POST(BodyPublishers.ofString(body)));
    }
}
