package io.backprop.search.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Invalid requests to search are rejected before anything is trained. */
class BadSearchTests extends SearchTestBase {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {}                                                      | /space                | space must have at least one setting to search
        {"learning_rate": {"min": 1, "max": 2}}                 | /space/learning_rate  | did you mean learningRate?
        {"epochs": {"values": [1]}}                             | /space/epochs         | can't be searched. Settings that can be searched: activation, batchSize,
        {"learningRate": {}}                                    | /space/learningRate   | learningRate needs min and max, or values
        {"learningRate": {"min": 0.1}}                          | /space/learningRate   | learningRate needs min and max, or values
        {"learningRate": {"min": 0.1, "max": 0.01}}             | /space/learningRate   | min must be less than max, but was 0.1
        {"learningRate": {"min": 0.1, "max": 0.1}}              | /space/learningRate   | min must be less than max, but was 0.1
        {"learningRate": {"min": 0, "max": 0.1}}                | /space/learningRate   | min must be greater than 0, but was 0.0
        {"weightDecay": {"min": 0, "max": 1, "scale": "log"}}   | /space/weightDecay    | min must be greater than 0 on a logarithmic scale, but was 0.0
        {"dropout": {"min": 0, "max": 1}}                       | /space/dropout        | max must be at least 0 and less than 1, but was 1.0
        {"dropout": {"values": [0, 1.5]}}                       | /space/dropout/values/1 | dropout must be at least 0 and less than 1, but was 1.5
        {"dropout": {"values": []}}                             | /space/dropout/values | must have
        {"dropout": {"values": [0], "min": 0, "max": 0.5}}      | /space/dropout        | dropout takes either values, or min and max with a scale
        {"dropout": {"values": [null]}}                         | /space/dropout/values/0 | is required
        {"batchSize": {"min": 0, "max": 5}}                     | /space/batchSize      | min must be an integer of at least 1, but was 0.0
        {"activation": {}}                                      | /space/activation/values | is required
        {"activation": {"values": ["softmax"]}}                 | /space/activation/values/0 | softmax
        {"hidden": {"values": [[{"units": 0}]]}}                | /space/hidden/values/0/0/units | must be at least 1, but was 0
        {"optimizer": {"values": [{"type": "adam", "beta1": 1}]}} | /space/optimizer/values/0/beta1 | must be less than 1, but was 1.0
        {"hidden": {"values": [[{"units": 4, "dropout": 0.1}]]}, "dropout": {"values": [0]}} | /space/hidden/values/0/0/dropout | dropout is searched for all hidden layers, but hidden has a layer with its own
        """)
    void rejectsInvalidSpace(String space, String pointer, String detail) {
        assertError("\"space\": " + space, 422, pointer, detail);
    }

    @Test
    void rejectsAGridOfABillionPointsBeforeItIsMade() {
        String distinct = "{\"values\": %s}"
                .formatted(IntStream.rangeClosed(1, 1_000)
                        .mapToObj(i -> i / 2_000.0)
                        .toList());

        assertError(
                "\"strategy\": \"grid\", \"space\": {\"dropout\": %s, \"l1\": %s, \"l2\": %s}"
                        .formatted(distinct, distinct, distinct),
                422,
                "/space/dropout",
                "this one has 1000000000");
    }

    @Test
    void rejectsLayersOverTheLimit() {
        String space = "\"space\": {\"hidden\": {\"values\": [[8], [{\"units\": 1000000000}]]}}";

        JsonNode problem = problem(search(create(), space), 422, "limit-exceeded");

        assertThat(problem.path("errors").get(0).path("pointer").asString()).startsWith("/space/hidden");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "trials": 0                    | /trials          | must be at least 1, but was 0
        "trials": 1001                 | /trials          | must be at most 1000, but was 1001
        "epochs": 0                    | /epochs          | must be at least 1, but was 0
        "parallelism": 0               | /parallelism     | must be at least 1, but was 0
        "rungs": 0                     | /rungs           | must be at least 1, but was 0
        "rungs": 5                     | /rungs           | rungs must be at most 4
        "validationSplit": 0           | /validationSplit | must be greater than 0
        "timeLimitSeconds": 0          | /timeLimitSeconds | must be at least 0.001, but was 0.0
        "metric": "r2"                 | /metric          | r2
        "metric": "loss"               | /metric          | metric must be
        "batchSize": 4, "space": {"batchSize": {"values": [8]}} | /batchSize | batchSize is that of all trials, but space has one too
        "validationInputs": [[1, 1]]   | /validationTargets | validationTargets must be given too
        """)
    void rejectsInvalidOption(String option, String pointer, String detail) {
        String space = option.contains("space") ? "" : ", \"space\": " + SPACE;
        assertError(option + space, 422, pointer, detail);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "space": []                                              | /space | must be an object
        "space": "{}"                                            | /space | must be an object
        "space": {"dropout": [0.1]}                              | /space/dropout | must be an object
        "space": {"dropout": {"values": "all"}}                  | /space/dropout/values | must be a list
        "space": {"dropout": {"values": ["a"]}}                  | /space/dropout/values/0 | must be a number, but was "a"
        "space": {"dropout": {"low": 0}}                         | /space/dropout/low | is unknown here
        "space": {"dropout": {"min": 0, "max": 0.5, "scale": "ln"}} | /space/dropout/scale | must be one of linear, log, but was "ln"
        "space": {"batchSize": {"values": [1.5]}}                | /space/batchSize/values/0 | must be a whole number, but was 1.5
        "space": {"activation": {"values": ["rleu"]}}            | /space/activation/values/0 | did you mean relu?
        "strategy": "random"                                     | /strategy | must be one of
        "earlyStopping": {}                                      | /earlyStopping | is unknown here
        "goal": "best"                                           | /goal | must be a number
        """)
    void rejectsOptionOfAnotherType(String option, String pointer, String detail) {
        assertError(option, 400, pointer, detail);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"dropout": {"values": [2]}}   | 422 | dropout must be at least 0 and less than 1, but was 2.0
        {"learning_rate": {}}          | 422 | did you mean learningRate?
        {"dropout": {"values": ["a"]}} | 400 | must be a number, but was "a"
        {"dropout":                    | 400 | must be the text of a JSON object
        {} {}                          | 400 | must be the text of a JSON object
        """)
    void namesTheParameterOfATable(String space, int status, String detail) {
        String query = "?target=y&space=" + URLEncoder.encode(space, StandardCharsets.UTF_8);

        JsonNode problem = problem(
                send(request("/models/" + create() + "/search" + query)
                        .header("Content-Type", "text/csv")
                        .POST(BodyPublishers.ofString(TABLE))),
                status,
                status == 422 ? "invalid-field" : "unreadable-parameter");

        assertThat(problem.path("errors").get(0).path("parameter").asString()).isEqualTo("space");
        assertThat(problem.path("errors").get(0).path("detail").asString()).contains(detail);
    }

    @Test
    void rejectsUnknownParameters() {
        String id = create();
        problem(get("/models/" + id + "/searches?limit=5"), 400, "unreadable-parameter");
        problem(post("/models/" + id + "/search?trials=5", "{}"), 400, "unreadable-parameter");
    }

    private void assertError(String fields, int status, String pointer, String detail) {
        String id = create();

        JsonNode problem = problem(search(id, fields), status, status == 422 ? "invalid-field" : "unreadable-field");

        assertThat(problem.path("errors")).as(problem.toString()).anySatisfy(error -> {
            assertThat(error.path("pointer").asString(null)).isEqualTo(pointer);
            assertThat(error.path("detail").asString()).contains(detail);
        });
        assertThat(model(id).path("state").asString()).isEqualTo("created");
        assertThat(get("/models/" + id + "/trainings").body()).isEqualTo("{\"trainings\":[]}");
    }
}
