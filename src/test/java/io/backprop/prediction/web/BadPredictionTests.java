package io.backprop.prediction.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Predictions and evaluations that are invalid, do not fit the model, or exceed a limit. */
class BadPredictionTests extends ServiceTestBase {

    private String id = "";

    @BeforeEach
    void train() {
        id = create("""
                "hidden": [], "classes": ["a", "b"]""");
        train(id, """
                "inputs": [[0,1],[1,0]], "targets": ["a","b"], "epochs": 1""");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"inputs": [[1]]} | 422 | /inputs | row 0 of inputs has 1 numbers, but the model takes 2
            {"inputs": [[1,2],[1,2,3]]} | 422 | /inputs/1 | row 1 of inputs has 3 numbers, but row 0 has 2
            {"inputs": []} | 422 | /inputs | inputs must have at least 1 row, but has none
            {"inputs": [[]]} | 422 | /inputs/0 | row 0 of inputs must have at least 1 number, but has none
            {"inputs": null} | 422 | /inputs | is required
            {} | 422 | /inputs | is required
            {"inputs": [1,2]} | 400 | /inputs/0 | each row of inputs must be a list of numbers, as in [[5.1, 3.5], [4.9, 3.0]], but row 0 was 1
            {"inputs": [[1,"2"]]} | 400 | /inputs/0/1 | must be a number, but was "2"
            {"inputs": [[1,1e39]]} | 400 | /inputs/0/1 | must be a number that fits float32
            {"inputs": [[1,NaN]]} | 400 | /inputs/0/1 | must be a finite number
            {"inputs": [[1,2]], "input": 1} | 400 | /input | is unknown here; did you mean inputs? Known: dateFormat, decimal, inputs
            {"inputs": [[1,2]], "inputs": [[1,2]]} | 400 | /inputs | is given more than once
            {"inputs": {"a": 1}} | 400 | /inputs | must be a list of rows of numbers, such as [[5.1, 3.5], [4.9, 3.0]], but was an object
            """)
    void predictRejectsInvalidRequests(String body, int status, String pointer, String detail) {
        assertError("predict", body, status, pointer, detail);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"inputs": [[1,2]]} | 422 | /targets | is required
            {"inputs": [[1]], "targets": ["a"]} | 422 | /inputs | row 0 of inputs has 1 numbers, but the model takes 2
            {"inputs": [[1,2]], "targets": ["a","b"]} | 422 | /targets | targets must have as many rows as inputs, but have 2 and not 1
            {"inputs": [[1,2]], "targets": ["c"]} | 422 | /targets | targets do not fit: row 0 is "c", but the classes are [a, b]
            {"inputs": [[1,2]], "targets": [true]} | 422 | /targets | targets do not fit: row 0 is "true", but the classes are [a, b]
            {"inputs": [[1,2]], "targets": [1.5]} | 422 | /targets/0 | row 0 of targets has 1.5, but numbers of a classification must be between 0 and 1
            {"inputs": [[1,2]], "targets": [1]} | 422 | /targets | targets do not fit: row 0 is "1", but the classes are [a, b]
            {"inputs": [[1,2]], "targets": [[0,1]]} | 422 | /targets | row 0 of targets has 2 numbers, but the model has outputs for 1
            {"inputs": [[1,2]], "targets": ["a"], "epochs": 1} | 400 | /epochs | is unknown here; known: dateFormat, decimal, inputs, invalidCells, missing, rows, target, targets
            """)
    void evaluateRejectsInvalidRequests(String body, int status, String pointer, String detail) {
        assertError("evaluate", body, status, pointer, detail);
    }

    @Test
    void regressionRejectsLabelsAsTargets() {
        id = create("\"hidden\": []");
        train(id, """
                "inputs": [[0,1],[1,0]], "targets": [1,2], "epochs": 1""");

        assertError("evaluate", """
                        {"inputs": [[1,2]], "targets": ["a"]}""", 422, "/targets", "targets must be numbers, since the model has no classes");
    }

    @Test
    void rejectsUntrainedModel() {
        for (String fields : new String[] {"", "\"inputs\": 1, \"outputs\": 1"}) {
            id = create(fields);
            JsonNode problem =
                    problem(post("/models/" + id + "/predict", "{\"inputs\": [[1]]}"), 409, "model-not-trained");
            assertThat(problem.path("detail").asString()).contains("has not been trained yet");
            problem(post("/models/" + id + "/evaluate", "{" + XOR + "}"), 409, "model-not-trained");
        }
    }

    @Test
    void rejectsUnknownVersion() {
        String body = "{\"inputs\": [[1,2]]}";
        assertThat(json(post("/models/" + id + "/predict?version=1", body), 200)
                        .path("version")
                        .asInt())
                .isEqualTo(1);
        for (String version : new String[] {"0", "2", "-1", "9223372036854775807"}) {
            problem(post("/models/" + id + "/predict?version=" + version, body), 404, "version-not-found");
        }
        for (String version : new String[] {"abc", "1.0", "9223372036854775808"}) {
            problem(post("/models/" + id + "/predict?version=" + version, body), 400, "unreadable-parameter");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"predict", "evaluate"})
    void limitsCellsOfPredictions(String operation) {
        id = create("\"hidden\": [], \"inputs\": 1, \"outputs\": 8192, \"task\": \"regression\"");
        put("/models/" + id + "/parameters", """
                        {"layers": [{"weights": [%s[1]], "biases": [%s1]}]}""".formatted("[1],".repeat(8191), "1,".repeat(8191)));
        String targets = operation.equals("predict") ? "" : ", \"targets\": [1]";
        String body = "{\"inputs\": [" + "[1],".repeat(4096) + "[1]]" + targets + "}";

        JsonNode problem = problem(post("/models/" + id + "/" + operation, body), 422, "limit-exceeded");

        assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo("/inputs");
        assertThat(problem.at("/errors/0/detail").asString())
                .isEqualTo("a request may have at most 33554432 rows × outputs, but this one has 4097 × 8192");
    }

    @Test
    void limitsOperations() {
        id = create("\"hidden\": [{\"units\": 4000}, {\"units\": 4000}], \"inputs\": 1, \"task\": \"regression\"");
        train(id, """
                "inputs": [[1]], "targets": [1], "epochs": 1""");

        String body = "{\"inputs\": [" + "[1],".repeat(40_000) + "[1]]}";

        JsonNode problem = problem(post("/models/" + id + "/predict", body), 422, "limit-exceeded");
        assertThat(problem.at("/errors/0/detail").asString())
                .isEqualTo("a request may take at most 1.0e+12 floating-point operations (rows × parameters × 2), but"
                        + " this one would take 1.3e+12");
        assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo("/inputs");
    }

    @Test
    void limitsOperationsForTables() {
        id = create("\"hidden\": [{\"units\": 4000}, {\"units\": 4000}], \"task\": \"regression\"");
        train(id, """
                "rows": [{"x": 1, "y": 1}, {"x": 2, "y": 2}], "target": "y", "epochs": 1""");

        String body = "{\"rows\": [" + "{\"x\":1},".repeat(40_000) + "{\"x\":1}]}";

        JsonNode problem = problem(post("/models/" + id + "/predict", body), 422, "limit-exceeded");
        assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo("/rows");
    }

    private void assertError(String operation, String body, int status, String pointer, String detail) {
        String type = status == 400 ? "unreadable-field" : "invalid-field";
        JsonNode problem = problem(post("/models/" + id + "/" + operation, body), status, type);
        assertThat(problem.path("errors").size()).as(problem.toString()).isEqualTo(1);
        assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo(pointer);
        assertThat(problem.at("/errors/0/detail").asString()).contains(detail);
    }
}
