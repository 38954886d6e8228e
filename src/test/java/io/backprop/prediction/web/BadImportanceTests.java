package io.backprop.prediction.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Importance requests that are invalid, have no result, or exceed a limit. */
class BadImportanceTests extends ServiceTestBase {

    private static final String TWO_ROWS = "\"inputs\": [[0,1],[1,0]], \"targets\": [1,2]";

    private String id = "";

    @BeforeEach
    void train() {
        id = create("\"hidden\": [], \"task\": \"regression\"");
        train(id, TWO_ROWS + ", \"epochs\": 1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"inputs": [[1,2]], "targets": [1]} | 422 | /inputs | there must be at least 2 rows, since values are permuted between rows, but there is 1
            {"inputs": [[1,2],[3,4]], "targets": [5,5]} | 422 | /targets | r2 needs targets that differ between rows, but all in column 0 are 5.0
            {"inputs": [[1],[2]], "targets": [1,2]} | 422 | /inputs | row 0 of inputs has 1 numbers, but the model takes 2
            {"inputs": [[1,2],[3,4]], "targets": [1]} | 422 | /targets | targets must have as many rows as inputs, but have 1 and not 2
            {"inputs": [[1,2],[3,4]], "targets": ["a","b"]} | 422 | /targets | targets must be numbers, since the model has no classes
            {} | 422 | /inputs | inputs is required, unless there are rows of a table
            {"inputs": [[1,2],[3,4]], "rows": [{"a": 1}]} | 422 | /inputs | inputs and rows exclude each other
            {"targets": [1,2], "rows": [{"a": 1}]} | 422 | /targets | targets go with inputs; rows of a table have the target among their columns
            {"rows": [{"a": 1}, {"a": 2}]} | 422 | /rows | the model learned from rows of numbers, not from a table; send JSON with inputs
            {"inputs": [[1,2],[3,4]]} | 422 | /targets | targets is required with inputs
            {"inputs": [[1,2],[3,4]], "targets": [1,2], "repeats": 0} | 422 | /repeats | must be at least 1, but was 0
            {"inputs": [[1,2],[3,4]], "targets": [1,2], "repeats": 101} | 422 | /repeats | must be at most 100, but was 101
            {"inputs": [[1,2],[3,4]], "targets": [1,2], "repeats": 1.5} | 400 | /repeats | must be a whole number
            {"inputs": [[1,2],[3,4]], "targets": [1,2], "seed": "a"} | 400 | /seed | must be a whole number
            {"inputs": [[1,2],[3,4]], "targets": [1,2], "metric": "r2"} | 400 | /metric | is unknown here; known: dateFormat, decimal, inputs, invalidCells, missing, repeats, rows, seed, target, targets
            """)
    void rejectsInvalidRequests(String body, int status, String pointer, String detail) {
        String type = status == 400 ? "unreadable-field" : "invalid-field";
        JsonNode problem = problem(post("/models/" + id + "/importance", body), status, type);
        assertThat(problem.path("errors").size()).as(problem.toString()).isEqualTo(1);
        assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo(pointer);
        assertThat(problem.at("/errors/0/detail").asString()).contains(detail);
    }

    @Test
    void onlyOneConstantColumnOfManyLeavesNoR2() {
        id = create("\"hidden\": [], \"task\": \"regression\"");
        train(id, """
                "inputs": [[0],[1]], "targets": [[1,2],[2,1]], "epochs": 1""");

        JsonNode problem = problem(
                post("/models/" + id + "/importance", "{\"inputs\": [[0],[1]], \"targets\": [[1,2],[2,2]]}"),
                422,
                "invalid-field");

        assertThat(problem.at("/errors/0/detail").asString()).endsWith("but all in column 1 are 2.0");
    }

    @Test
    void predictionsBeyondAllNumbersHaveNoR2() {
        id = create("\"hidden\": [], \"task\": \"regression\"");
        json(put("/models/" + id + "/parameters", """
                {"layers": [{"weights": [[3e38]], "biases": [0]}]}"""), 200);

        JsonNode problem = problem(
                post("/models/" + id + "/importance", "{\"inputs\": [[10],[1]], \"targets\": [1,2]}"),
                422,
                "invalid-field");

        assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo("/inputs");
        assertThat(problem.at("/errors/0/detail").asString())
                .isEqualTo("the predictions for these rows are too far from the targets to be measured by r2");
    }

    @Test
    void featureWithInfinitePermutedPredictionsRanksFirst() {
        id = create("\"hidden\": [], \"task\": \"regression\"");
        json(put("/models/" + id + "/parameters", """
                                {"layers": [{"weights": [[1, 3e38, 3e38]], "biases": [0]}]}"""), 200);

        JsonNode answer = json(post("/models/" + id + "/importance", """
                {"inputs": [[1, 1, -1], [2, -1, 1], [3, 1, -1]], "targets": [1, 2, 3], "repeats": 20}"""), 200);

        assertThat(answer.at("/features/0/mean").isNull()).isTrue();
        assertThat(answer.at("/features/2/name").asString()).isEqualTo("0");
    }

    @Test
    void rejectsUntrainedModel() {
        problem(post("/models/" + create("") + "/importance", "{" + TWO_ROWS + "}"), 409, "model-not-trained");
        problem(post("/models/" + id + "/importance?version=7", "{" + TWO_ROWS + "}"), 404, "version-not-found");
        problem(post("/models/" + newId() + "/importance", "{" + TWO_ROWS + "}"), 404, "model-not-found");
    }

    @Test
    void limitsOperationsByFeaturesAndRepeats() {
        id = create("\"hidden\": [{\"units\": 4000}, {\"units\": 4000}], \"inputs\": 1, \"task\": \"regression\"");
        train(id, """
                "inputs": [[1],[2]], "targets": [1,2], "epochs": 1""");
        String body = """
                {"inputs": [%s[1]], "targets": [%s1], "repeats": 100}""".formatted("[1],".repeat(399), "1,".repeat(399));

        JsonNode problem = problem(post("/models/" + id + "/importance", body), 422, "limit-exceeded");

        assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo("/inputs");
        assertThat(problem.at("/errors/0/detail").asString())
                .isEqualTo("a request may take at most 1.0e+12 floating-point operations (rows × parameters × 2 × (1 +"
                        + " features × repeats)), but this one would take 1.3e+12");
    }
}
