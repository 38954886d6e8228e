package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Invalid requests to train are rejected before anything is trained. */
class BadTrainingTests extends ServiceTestBase {

    private static final String DATA = "\"inputs\": [[0,0],[0,1]], \"targets\": [0,1]";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"targets": [1]} | /inputs | is required
        {"inputs": [[1]]} | /targets | is required
        {"inputs": null, "targets": null} | /inputs | is required
        {} | /inputs | inputs is required, unless there are rows of a table
        {"rows": [{"a": 1}]} | /target | target is required with rows of a table: the column to predict
        {"rows": [{"a": 1}], "target": "a", "inputs": [[1]]} | /inputs | inputs and rows exclude each other
        {"rows": [{"a": 1}], "target": "a", "targets": [1]} | /targets | targets go with inputs
        {"rows": [{"a": 1}], "target": "a", "sampleWeights": [1]} | /sampleWeights | sampleWeights go with inputs
        {"inputs": [[1]], "targets": [1], "target": "a"} | /target | target goes with rows of a table
        {"inputs": [[1]], "targets": [1], "columns": {}} | /columns | columns go with rows of a table
        {"inputs": [[1]], "targets": ["a"], "classWeights": "even"} | /classWeights | must be balanced, or a weight for each class, but was "even"
        {"inputs": [], "targets": []} | /inputs | inputs must have at least 1 row, but has none
        {"inputs": [[]], "targets": [1]} | /inputs/0 | row 0 of inputs must have at least 1 number, but has none
        {"inputs": [[1,2],[1]], "targets": [1,2]} | /inputs/1 | row 1 of inputs has 1 number, but row 0 has 2
        {"inputs": [[1]], "targets": []} | /targets | targets must have at least 1 row, but has none
        {"inputs": [[1],[2]], "targets": [[1],[1,2]]} | /targets/1 | row 1 of targets has 2 numbers, but row 0 has 1
        {"inputs": [[1]], "targets": [1,2,3]} | /targets | targets must have as many rows as inputs, but have 3 and not 1
        {"inputs": [[1],[2]], "targets": ["a"]} | /targets | targets must have
        {"inputs": [[1],[2]], "targets": ["a","a"]} | /targets | targets must have at least 2 classes, but all rows are "a"
        {"inputs": [[1],[2]], "targets": ["a",""]} | /targets/1 | a class must not be blank
        {"inputs": [[1],[2]], "targets": ["a","\\ud83d"]} | /targets | classes must not contain NUL characters or unpaired surrogates, but class 1 does
        {"inputs": [[1],[2]], "targets": [1,2], "validationSplit": 0.1} | /validationSplit | validationSplit 0.1 of 2 rows leaves no row for validation
        {"inputs": [[1]], "targets": [1], "validationSplit": 0.9} | /validationSplit | of 1 rows leaves no row for validation
        """)
    void rejectsInvalidData(String body, String pointer, String detail) {
        assertError(create("\"hidden\": []"), body, 422, "invalid-field", pointer, detail);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "epochs": 0 | /epochs | must be at least 1, but was 0
        "epochs": -1 | /epochs | must be at least 1, but was -1
        "batchSize": 0 | /batchSize | must be at least 1, but was 0
        "learningRate": 0 | /learningRate | must be greater than 0, but was 0.0
        "learningRate": 1e-50 | /learningRate | must be greater than 0, but was 0.0
        "validationSplit": 1 | /validationSplit | must be less than 1, but was 1.0
        "validationSplit": -0.1 | /validationSplit | must be at least 0, but was -0.1
        "timeLimitSeconds": 0 | /timeLimitSeconds | must be at least 0.001, but was 0.0
        "timeLimitSeconds": 1e-12 | /timeLimitSeconds | must be at least 0.001, but was 1.0E-12
        "earlyStopping": {} | /earlyStopping | earlyStopping monitors validation_loss, which needs rows for validation, such as validationSplit
        "earlyStopping": {"patience": 0} | /earlyStopping/patience | must be at least 1, but was 0
        "earlyStopping": {"minDelta": -1} | /earlyStopping/minDelta | must be at least 0, but was -1.0
        "validationInputs": [[1,1]] | /validationTargets | validationTargets must be given too
        "validationTargets": [1] | /validationInputs | validationInputs must be given too
        "validationInputs": [[1,1]], "validationTargets": [1], "validationSplit": 0.5 | /validationSplit | validationSplit and validationInputs exclude each other
        "validationInputs": [[1]], "validationTargets": [1] | /validationInputs | row 0 of validationInputs has 1 numbers, but the model takes 2
        "validationInputs": [[1,1]], "validationTargets": [[1,2]] | /validationTargets | row 0 of validationTargets has 2 numbers, but the model has outputs for 1
        "validationInputs": [[1,1]], "validationTargets": [1,2] | /validationTargets | validationTargets must have as many rows as validationInputs
        "validationInputs": [[1,1]], "validationTargets": ["a"] | /validationTargets | validationTargets must be
        "sampleWeights": [1] | /sampleWeights | sampleWeights must be as many as rows of inputs, but are 1 and not 2
        "sampleWeights": [0,0] | /sampleWeights | sampleWeights must not be 0 for all rows for training
        "sampleWeights": [1,-1] | /sampleWeights/1 | number 1 of sampleWeights must be at least 0, but was -1.0
        "classWeights": {"0": 1} | /classWeights | classWeights are for a classification
        "classWeights": {"0": -1} | /classWeights/0 | must be at least 0, but was -1.0
        "classWeights": {"0": null} | /classWeights/0 | is required
        """)
    void rejectsInvalidOption(String option, String pointer, String detail) {
        String id = create("\"hidden\": [], \"task\": \"regression\"");

        assertError(id, "{" + DATA + ", " + option + "}", 422, "invalid-field", pointer, detail);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "inputs": 3                         | [[1,2]] | [1]     | /inputs  | row 0 of inputs has 2 numbers, but the model takes 3
        "outputs": 3                        | [[1,2]] | [1]     | /targets | row 0 of targets has 1 numbers, but the model has outputs for 3
        "task": "regression"                | [[1],[2]] | ["a","b"] | /targets | targets of a regression must be numbers, but are text such as "a"
        "classes": ["a","b"]                 | [[1],[2]] | ["a","c"] | /targets | is "c", but the classes are [a, b]
        "outputs": 2, "hidden": []          | [[1],[2],[3]] | ["a","b","c"] | /targets | 3 classes do not fit 2 outputs
        "task": "classification"            | [[1],[2]] | [[0],[2]] | /targets/1 | row 1 of targets has 2.0, but numbers of a classification must be between 0 and 1
        "task": "classification"            | [[1],[2]] | [0,-0.5]  | /targets/1 | must be between 0 and 1
        "task": "classification"            | [[1],[2]] | [0,16777218] | /targets/1 | integer codes up to 16777216
        "task": "classification"            | [[1],[2]] | [1,1]   | /targets | targets must have at least 2 classes, but all rows are "1"
        "task": "classification", "outputs": 2 | [[1],[2],[3]] | [0,1,2] | /targets | 3 classes do not fit 2 outputs
        "classes": ["a","b"]                | [[1],[2]] | [0,1]   | /targets | row 0 is "0", but the classes are [a, b]
        "classes": ["1","2"]                | [[1],[2]] | [0,1]   | /targets | row 0 is "0", but the classes are [1, 2]
        "loss": "binary_crossentropy"       | [[1],[2]] | [0,1.5] | /targets/1 | must be between 0 and 1
        "task": "classification"            | [[1]] | [[0.5,0.4]] | /targets/0 | numbers of each row of targets must add up to 1, but those of row 0 add up to 0.9
        "loss": "categorical_crossentropy"  | [[1]] | [0.5]       | /targets | softmax needs at least 2 outputs, but there is 1
        """)
    void rejectsDataThatDoesNotFitTheModel(
            String fields, String inputs, String targets, String pointer, String detail) {
        String body = "{\"inputs\": %s, \"targets\": %s}".formatted(inputs, targets);

        assertError(create(fields), body, 422, "invalid-field", pointer, detail);
    }

    @Test
    void rejectsWeightsWhoseProductOverflows() {
        String body = """
            {"inputs": [[1],[2]], "targets": ["a","b"], "classWeights": {"b": 3e38}, "sampleWeights": [3e38, 2]}
            """;

        assertError(
                create("\"hidden\": []"),
                body,
                422,
                "invalid-field",
                "/sampleWeights/1",
                "number 1 of sampleWeights times its class' number in classWeights must be at most 3.4028235E38,"
                        + " but was 2.0 × 3.0E38");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "epochs": 1000001 | /epochs | epochs must be at most 1000000, but was 1000001
        "epochs": 2147483647 | /epochs | epochs must be at most 1000000
        "timeLimitSeconds": 3601 | /timeLimitSeconds | timeLimitSeconds must be at most 3600, but was 3601
        "timeLimitSeconds": 1e300 | /timeLimitSeconds | timeLimitSeconds must be at most 3600, but was 1.0E300
        """)
    void rejectsTrainingsOverTheLimits(String option, String pointer, String detail) {
        assertError(create(""), "{" + DATA + ", " + option + "}", 422, "limit-exceeded", pointer, detail);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "epochs": 3.9 | /epochs | must be a whole number, but was 3.9
        "epochs": "10" | /epochs | must be a whole number, but was "10"
        "epochs": 2147483648 | /epochs | must be a whole number from -2147483648 to 2147483647
        "reset": 1 | /reset | must be true or false, but was 1
        "earlyStopping": true | /earlyStopping | must be an object, such as {"patience": 10}, but was true
        "earlyStopping": {"monitor": "mse"} | /earlyStopping/monitor | must be one of loss, validation_loss, accuracy,
        "earlyStopping": {"patience": 1.5} | /earlyStopping/patience | must be a whole number, but was 1.5
        "classWeights": [1] | /classWeights | must be an object, such as {"no": 1, "yes": 20}, but was a list
        "classWeights": {"a": "b"} | /classWeights/a | must be a number, but was "b"
        "sampleWeights": [[1]] | /sampleWeights/0 | must be a number, but was a list
        "sampleWeights": [1, null] | /sampleWeights/1 | must be a number, but was null
        "timeLimitSeconds": 1e400 | /timeLimitSeconds | must be a number that fits float64
        "timeLimitSeconds": "PT1H" | /timeLimitSeconds | must be a number, but was "PT1H"
        "row": [] | /row | is unknown here; did you mean rows? Known: batchSize, classWeights, columns, dateFormat, decimal, earlyStopping, epochs
        "columns": {"a": "words"} | /columns/a | must be one of numeric, categorical, ignore, but was "words"
        "rows": 5 | /rows | must be a list of objects, but was 5
        "inputs": [[0,0],[0,1]] | /inputs | is given more than once
        """)
    void rejectsOptionOfAnotherType(String option, String pointer, String detail) {
        assertError(create(""), "{" + DATA + ", " + option + "}", 400, "unreadable-field", pointer, detail);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "null", "{\"inputs\": [[1,2", "inputs,targets\n1,2", "{\"inputs\": [[1 2]]}"})
    void rejectsBodyThatIsNoTraining(String body) {
        String id = create("");
        JsonNode problem = json(post("/models/" + id + "/train", body), 400);
        assertThat(problem.path("type").asString()).isIn("/problems/unreadable-body", "/problems/unreadable-field");
        assertThat(problem.path("detail").asString()).contains("body");
    }

    private void assertError(String id, String body, int status, String type, String pointer, String detail) {
        JsonNode problem = problem(post("/models/" + id + "/train", body), status, type);

        assertThat(problem.path("errors")).as(problem.toString()).anySatisfy(error -> {
            assertThat(error.path("pointer").asString(null)).isEqualTo(pointer);
            assertThat(error.path("detail").asString()).contains(detail);
        });
        assertThat(model(id).path("version").asInt()).isZero();
        assertThat(model(id).path("state").asString()).isEqualTo("created");
        assertThat(get("/models/" + id + "/trainings").body()).isEqualTo("{\"trainings\":[]}");
    }
}
