package io.backprop.openinference.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Requests as clients of TensorFlow Serving send them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServingTests extends ServiceTestBase {

    private static final String SMALL = "{\"size\": 1, \"color\": \"red\"}";
    private static final String LARGE = "{\"size\": 9, \"color\": null}";

    private String xor;
    private String table;
    private String line;

    @BeforeAll
    void trainModels() {
        xor = create("\"hiddenUnits\": [4]");
        train(xor, XOR + ", \"epochs\": 3");
        table = create("\"hidden\": [4]");
        String rows = """
            {"size": 1, "color": "red", "kind": "a"}, {"size": 2, "color": "red", "kind": "a"},
            {"size": 8, "color": "blue", "kind": "b"}, {"size": 9, "color": "blue", "kind": "b"}\
            """;
        train(table, "\"rows\": [%s], \"target\": \"kind\", \"epochs\": 20".formatted(rows));
        line = create("\"hidden\": []");
        train(line, "\"inputs\": [[0], [1], [2]], \"targets\": [1, 3, 5], \"epochs\": 5");
    }

    @Test
    void rowsOfNumbersGiveTheSamePredictions() {
        String inputs = "[[0, 0], [0, 1]]";
        JsonNode expected = predict(xor, inputs).path("predictions");

        assertThat(ask(xor, "{\"instances\": " + inputs + "}"))
                .isEqualTo(parse("{'predictions': %s}".formatted(expected)));
        assertThat(ask(xor, "{\"inputs\": " + inputs + "}")).isEqualTo(parse("{'outputs': %s}".formatted(expected)));
        assertThat(ask(xor, "{\"signature_name\": \"serving_default\", \"inputs\": {\"inputs\": " + inputs + "}}"))
                .isEqualTo(parse("{'outputs': %s}".formatted(expected)));
        assertThat(ask(xor + "/versions/1", "{\"instances\": " + inputs + "}"))
                .isEqualTo(parse("{'predictions': %s}".formatted(expected)));
    }

    @Test
    void listOfNumbersIsRowsOfOneNumber() {
        JsonNode expected = predict(line, "[[0.5], [4]]").path("predictions");

        assertThat(ask(line, "{\"instances\": [0.5, 4]}").path("predictions")).isEqualTo(expected);
    }

    @Test
    void objectsGiveProbabilitiesAndLabelOfEachRow() {
        JsonNode expected = expected();

        JsonNode predictions =
                ask(table, "{\"instances\": [%s, %s]}".formatted(SMALL, LARGE)).path("predictions");

        assertThat(predictions).hasSize(2);
        for (int row = 0; row < 2; row++) {
            assertThat(predictions.get(row).propertyNames()).containsExactly("probabilities", "label");
            assertThat(predictions.get(row).path("probabilities"))
                    .isEqualTo(expected.path("predictions").get(row));
            assertThat(predictions.get(row).path("label"))
                    .isEqualTo(expected.path("labels").get(row));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"inputs\": {\"size\": [1, 9], \"color\": [\"red\", null]}}",
                "{\"inputs\": {\"color\": [\"red\", null], \"size\": [1, 9], \"unknown\": [true, false]}}"
            })
    void columnsGiveProbabilitiesAndLabels(String body) {
        JsonNode expected = expected();

        JsonNode outputs = ask(table, body).path("outputs");

        assertThat(outputs.propertyNames()).containsExactly("probabilities", "label");
        assertThat(outputs.path("probabilities")).isEqualTo(expected.path("predictions"));
        assertThat(outputs.path("label")).isEqualTo(expected.path("labels"));
    }

    private JsonNode expected() {
        return json(post("/models/" + table + "/predict", "{\"rows\": [%s, %s]}".formatted(SMALL, LARGE)), 200);
    }

    @Test
    void manyColumnsOfManyRowsKeepTheirCells() {
        StringBuilder size = new StringBuilder();
        StringBuilder color = new StringBuilder();
        StringBuilder rows = new StringBuilder();
        for (int row = 0; row < 20_000; row++) {
            String separator = row == 0 ? "" : ",";
            size.append(separator).append(row % 11);
            color.append(separator).append(row % 3 == 0 ? "null" : row % 3 == 1 ? "\"red\"" : "\"blue\"");
            rows.append(separator)
                    .append("{\"size\":%d,\"color\":%s}"
                            .formatted(row % 11, row % 3 == 0 ? "null" : row % 3 == 1 ? "\"red\"" : "\"blue\""));
        }

        JsonNode outputs = ask(table, "{\"inputs\": {\"size\": [%s], \"color\": [%s]}}".formatted(size, color))
                .path("outputs");

        JsonNode expected = json(post("/models/" + table + "/predict", "{\"rows\": [" + rows + "]}"), 200);
        assertThat(outputs.path("probabilities").equals(expected.path("predictions")))
                .isTrue();
    }

    @Test
    void reportsUnknownCategories() {
        assertThat(ask(table, "{\"instances\": [{\"size\": 1, \"color\": \"green\"}]}")
                        .at("/warnings/0")
                        .asString())
                .contains("green");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "application/x-www-form-urlencoded", "application/octet-stream", "text/plain"})
    void acceptsAnyContentType(String type) {
        var request =
                request("/v1/models/" + xor + ":predict").POST(BodyPublishers.ofString("{\"instances\": [[0, 0]]}"));
        if (!type.isEmpty()) {
            request.header("Content-Type", type);
        }

        assertThat(json(send(request), 200).path("predictions")).hasSize(1);
    }

    @Test
    void describesStateAndSignature() {
        String state = "{'model_version_status': [{'version': '%s', 'state': '%s', 'status': {'error_code': 'OK',"
                + " 'error_message': ''}}]}";
        assertThat(json(get("/v1/models/" + xor), 200)).isEqualTo(parse(state.formatted("1", "AVAILABLE")));
        assertThat(json(get("/v1/models/" + xor + "/versions/1"), 200))
                .isEqualTo(parse(state.formatted("1", "AVAILABLE")));
        assertThat(json(get("/v1/models/" + create("")), 200)).isEqualTo(parse(state.formatted("0", "START")));

        JsonNode metadata = json(get("/v1/models/" + table + "/metadata"), 200);
        assertThat(metadata.path("model_spec"))
                .isEqualTo(parse("{'name': '%s', 'signature_name': '', 'version': '1'}".formatted(table)));
        JsonNode signature = metadata.at("/metadata/signature_def/signature_def/serving_default");
        assertThat(signature.path("inputs").propertyNames()).containsExactly("size", "color");
        assertThat(signature.path("method_name").asString()).isEqualTo("tensorflow/serving/predict");
        assertThat(signature.at("/inputs/color/dtype").asString()).isEqualTo("DT_STRING");
        assertThat(signature.at("/outputs/probabilities"))
                .isEqualTo(parse("{'name': 'probabilities', 'dtype': 'DT_FLOAT', 'tensor_shape': {'dim': [{'size':"
                        + " '-1', 'name': ''}, {'size': '2', 'name': ''}], 'unknown_rank': false}}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {}                                              | instances or inputs is required, such as {"instances": [[5.1, 3.5]]}
        {"instances": [[0, 0]], "inputs": [[0, 0]]}     | instances and inputs exclude each other
        {"instances": [[0, 0]], "signature_name": "x"}  | signature_name must be serving_default, but was "x"
        {"instances": [[0, 0]], "other": 1}             | other is unknown here; known: inputs, instances, signature_name
        {"instances": []}                               | instances must have at least 1 row, but has none
        {"instances": 3}                                | instances must be a list of rows, or an object of columns, but was 3
        {"instances": [[0, 0], [0]]}                    | row 1 of instances has 1 number, but row 0 has 2
        {"instances": [[0, "x"]]}                       | instances[0][1] must be a number, but was "x"
        {"instances": [[[0, 0]]]}                       | instances[0][0] must be a number, but was a list
        {"instances": [0, 1]}                           | row 0 of inputs has 1 numbers, but the model takes 2
        {"inputs": {}}                                  | an object of columns must have at least 1 column, but has none
        {"inputs": {"a": []}}                           | column "a" must have at least 1 cell, but has none
        {"inputs": {"a": [1, 2], "b": [1]}}             | column "b" has 1 cell, but column "a" has 2
        {"inputs": {"a": 1}}                            | inputs.a must be a list of cells, one for each row, but was 1
        {"inputs": {"a": [[1]]}}                        | inputs.a[0] must be a number, text, true, false or null, but was a list
        {"inputs": {"a": [{}]}}                         | inputs.a[0] must be a number, text, true, false or null, but was an object
        {"inputs": {"inputs": [[0, 0]], "a": [1]}}      | the matrix inputs excludes other inputs
        {"inputs": {"a": [1], "a": [1]}}                | is given more than once
        {"inputs": {"a": [1]}}                          | the model learned from rows of numbers, not from a table; send JSON with inputs
        {"instances": [[1e39, 0]]}                      | must be a number that fits float32
        {"instances": [[0, 0]                           | the body ends before its JSON does
        [[0, 0]]                                        | must be an object
        """)
    void rejectsBadInput(String body, String message) {
        assertThat(error(post("/v1/models/" + xor + ":predict", body), 400)).contains(message);
    }

    @Test
    void rejectsDeepNesting() {
        String deep = "{\"instances\": " + "[".repeat(100_000);

        error(post("/v1/models/" + xor + ":predict", deep), 400);
        error(post("/v1/models/" + xor + ":predict", "{\"inputs\": " + "{\"a\":".repeat(100_000)), 400);
    }

    @Test
    void rejectsTooManyColumns() {
        String columns = "{\"inputs\": {" + "\"c%d\": [1],".repeat(60_000);
        Object[] numbers = IntStream.range(0, 60_000).boxed().toArray();

        assertThat(error(post("/v1/models/" + xor + ":predict", columns.formatted(numbers)), 400))
                .contains("a table may have at most 50,000 columns");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,  '/v1/models/unknown',                 404",
        "GET,  '/v1/models/unknown/metadata',        404",
        "GET,  '/v1/models/{xor}/versions/9',        404",
        "GET,  '/v1/models/{xor}/versions/x',        404",
        "GET,  '/v1/models/{xor}:predict',           404",
        "POST, '/v1/models/unknown:predict',         404",
        "POST, '/v1/models/{xor}/versions/9:predict', 404",
        "POST, '/v1/models/{xor}:classify',          405",
        "POST, '/v1/models/{xor}:predict?x=1',       400",
        "POST, '/v1/models',                         404"
    })
    void describesErrorsOfPaths(String method, String path, int status) {
        error(
                send(request(path.replace("{xor}", xor))
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                method.equals("GET")
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString("{\"instances\": [[0, 0]]}"))),
                status);
    }

    @Test
    void modelThatWasNeverTrainedCannotPredict() {
        assertThat(error(post("/v1/models/" + create("") + ":predict", "{\"instances\": [[0]]}"), 400))
                .contains("trained");
    }

    private JsonNode ask(String model, String body) {
        return json(post("/v1/models/" + model + ":predict", body), 200);
    }

    /** @param json with ' in place of quotation marks */
    private JsonNode parse(String json) {
        return mapper.readTree(json.replace('\'', '"'));
    }
}
