package io.backprop.openinference.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Inference with data in JSON. */
class InferenceTests extends InferenceTestBase {

    private static final String ROWS =
            "{\"name\": \"inputs\", \"shape\": [2, 2], \"datatype\": \"FP32\", \"data\": [0, 2, 4, 0.5]}";

    private static final String RENTS = """
        {"name": "age", "shape": [2], "datatype": "INT64", "data": [10, null]},
        {"name": "city", "shape": [2, 1], "datatype": "BYTES", "data": [["Köln"], [""]]},
        {"name": "since", "shape": [2], "datatype": "BYTES", "data": ["2020-01-01", null]}\
        """;

    @Test
    void predictsForAMatrix() {
        JsonNode response = outputs(flowers, ROWS);
        JsonNode predicted = predict(flowers, "[[0, 2], [4, 0.5]]");

        assertThat(response.propertyNames()).containsExactly("model_name", "model_version", "id", "outputs");
        assertThat(response.path("model_name").asString()).isEqualTo(flowers);
        assertThat(response.path("model_version").asString()).isEqualTo("1");
        assertThat(response.path("id").asString()).isNotEmpty();
        assertThat(response.at("/outputs/0").toString())
                .startsWith("{\"name\":\"probabilities\",\"datatype\":\"FP32\",\"shape\":[2,3],\"data\":[");
        assertSame(data(response, 0), flat(predicted.path("predictions")));
        assertThat(response.at("/outputs/1").toString())
                .isEqualTo("{\"name\":\"label\",\"datatype\":\"BYTES\",\"shape\":[2],\"data\":"
                        + predicted.path("labels") + "}");
    }

    private JsonNode flat(JsonNode rows) {
        return mapper.valueToTree(
                rows.valueStream().flatMap(JsonNode::valueStream).toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[2, 2] | FP32   | [[0, 2], [4, 0.5]]",
                "[2, 2] | FP64   | [0, 2.0, 4e0, 0.5]",
                "[2, 2] | FP16   | [0, 2, 4, 0.5]",
                "[2, 2] | BF16   | [[0, 2], [4, 0.5]]"
            })
    void acceptsNestedAndFlatData(String shape, String type, String data) {
        assertSame(data(outputs(flowers, input("inputs", shape, type, data)), 0), data(outputs(flowers, ROWS), 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP32"})
    void acceptsAllTypesOfNumbers(String type) {
        assertSame(
                data(outputs(flowers, input("inputs", "[1, 2]", type, "[4, 2]")), 0),
                data(outputs(flowers, input("inputs", "[1, 2]", "FP32", "[4, 2]")), 0));
    }

    @Test
    void acceptsTruthValuesAndASingleRow() {
        assertSame(
                data(outputs(flowers, input("inputs", "[2]", "BOOL", "[true, false]")), 0),
                data(outputs(flowers, input("inputs", "[1, 2]", "FP32", "[1, 0]")), 0));
    }

    static String input(String name, String shape, String type, String data) {
        return "{\"data\": %s, \"name\": \"%s\", \"shape\": %s, \"datatype\": \"%s\"}"
                .formatted(data, name, shape, type);
    }

    @Test
    void predictsForColumnsOfATable() {
        JsonNode response = outputs(rents, RENTS);
        JsonNode predicted = json(post("/models/" + rents + "/predict", """
            {"rows": [{"age": 10, "city": "Köln", "since": "2020-01-01"},
                      {"age": null, "city": null, "since": null}]}\
            """), 200);

        assertThat(response.at("/outputs/0/name").asString()).isEqualTo("predictions");
        assertThat(response.at("/outputs/0/shape").toString()).isEqualTo("[2,1]");
        assertSame(data(response, 0), flat(predicted.path("predictions")));
    }

    @Test
    void predictsForNumericColumnsAsOneMatrix() {
        JsonNode matrix = outputs(numbers, input("inputs", "[3, 2]", "FP32", "[1, -1, null, -3.5, 5, null]"));
        JsonNode columns = outputs(
                numbers,
                input("b", "[3]", "FP64", "[-1, -3.5, null]") + ',' + input("a", "[3, 1]", "FP32", "[1, null, 5]"));
        JsonNode predicted = json(post("/models/" + numbers + "/predict", """
            {"rows": [{"a": 1, "b": -1}, {"a": null, "b": -3.5}, {"a": 5, "b": null}]}\
            """), 200);

        assertSame(data(matrix, 0), data(columns, 0));
        assertSame(data(matrix, 0), flat(predicted.path("predictions")));
        assertThat(data(columns, 1)).isEqualTo(predicted.path("labels"));
    }

    /** In ONNX it would be a gap only as NaN, but /predict takes the number as a gap too. */
    @Test
    void takesNumbersThatStandForMissingValuesAsGaps() {
        String id = create("\"hidden\": [4]");
        train(id, """
            "rows": [{"a": 1, "b": 2}, {"a": -999, "b": 3}, {"a": 3, "b": 4}], "target": "b", "missing": ["-999"], "epochs": 5\
            """);

        assertSame(
                data(outputs(id, input("a", "[1]", "INT32", "[-999]")), 0),
                data(outputs(id, input("a", "[1]", "FP32", "[null]")), 0));
    }

    @Test
    void warnsOfUnknownCategories() {
        JsonNode response = outputs(rents, RENTS.replace("Köln", "Rom"));

        assertThat(response.at("/parameters/warnings").asString())
                .isEqualTo("column \"city\": 1 cell with categories not seen in training, such as \"Rom\"");
    }

    @Test
    void returnsRequestedOutputsInTheirOrder() {
        JsonNode response = json(infer(flowers, """
            {"id": "42", "inputs": [%s], "outputs": [{"name": "label"}, {"name": "probabilities"}]}\
            """.formatted(ROWS)), 200);

        assertThat(response.path("id").asString()).isEqualTo("42");
        assertThat(names(response)).containsExactly("label", "probabilities");
        assertThat(names(json(
                        infer(flowers, "{\"inputs\": [" + ROWS + "], \"outputs\": [{\"name\": \"label\"}]}"), 200)))
                .containsExactly("label");
        assertThat(names(json(infer(flowers, "{\"inputs\": [" + ROWS + "], \"outputs\": []}"), 200)))
                .containsExactly("probabilities", "label");
    }

    private static List<String> names(JsonNode response) {
        return response.path("outputs")
                .valueStream()
                .map(output -> output.path("name").asString())
                .toList();
    }

    @Test
    void classifies() {
        JsonNode response = json(infer(flowers, """
            {"inputs": [%s], "outputs": [{"name": "probabilities", "parameters": {"classification": 2}}]}\
            """.formatted(ROWS)), 200);
        JsonNode output = response.at("/outputs/0");
        JsonNode probabilities = data(outputs(flowers, ROWS), 0);

        assertThat(output.path("datatype").asString()).isEqualTo("BYTES");
        assertThat(output.path("shape").toString()).isEqualTo("[2,2]");
        List<String> classes = List.of("iris", "rose", "tulip");
        for (int row = 0; row < 2; row++) {
            int first = 3 * row;
            List<String> expected = Stream.of(0, 1, 2)
                    .sorted((a, b) -> Double.compare(
                            probabilities.path(first + b).asDouble(),
                            probabilities.path(first + a).asDouble()))
                    .map(i -> probabilities.path(first + i).asString() + ":" + i + ":" + classes.get(i))
                    .limit(2)
                    .toList();
            assertThat(List.of(
                            output.path("data").path(2 * row).asString(),
                            output.path("data").path(2 * row + 1).asString()))
                    .isEqualTo(expected);
        }
    }

    @Test
    void returnsNoMoreClassesThanThereAre() {
        JsonNode response = json(infer(flowers, """
            {"inputs": [%s], "outputs": [{"name": "probabilities", "parameters": {"classification": 10}}]}\
            """.formatted(ROWS)), 200);

        assertThat(response.at("/outputs/0/shape").toString()).isEqualTo("[2,3]");
    }

    @Test
    void ignoresUnknownParametersAndTheNameOfTheModel() {
        JsonNode response = json(infer(flowers, """
            {"model_name": "%s", "parameters": {"sequence_id": 7, "priority": 1},
             "inputs": [{"name": "inputs", "shape": [1, 2], "datatype": "FP32", "parameters": {"content_type": "np"}, "data": [1, 2]}],
             "outputs": [{"name": "label", "parameters": {"content_type": "str"}}]}\
            """.formatted(flowers)), 200);

        assertThat(names(response)).containsExactly("label");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "application/octet-stream",
                "application/x-www-form-urlencoded",
                "text/plain",
                "image/png"
            })
    void acceptsAnyContentType(String type) {
        HttpResponse<String> response = send(request("/v2/models/" + flowers + "/infer")
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString("{\"inputs\": [" + ROWS + "]}")));

        assertThat(data(json(response, 200), 1).size()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/csv", "application/x-ndjson"})
    void rejectsTypesOfOtherBodies(String type) {
        HttpResponse<String> response = send(request("/v2/models/" + flowers + "/infer")
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString("{\"inputs\": [" + ROWS + "]}")));

        assertThat(error(response, 415)).contains(type);
    }

    @Test
    void predictsWithAVersion() {
        JsonNode first = outputs(flowers, ROWS);
        String id = create("\"copyOf\": \"" + flowers + "\"");
        train(id, """
            "inputs": [[0,0],[0,2],[2,0]], "targets": ["iris","rose","tulip"], "epochs": 50\
            """);

        JsonNode current = outputs(id, ROWS);
        JsonNode earlier = json(
                send(request("/v2/models/" + id + "/versions/1/infer")
                        .POST(BodyPublishers.ofString("{\"inputs\": [" + ROWS + "]}"))),
                200);
        assertThat(current.path("model_version").asString()).isEqualTo("2");
        assertThat(earlier.path("model_version").asString()).isEqualTo("1");
        assertSame(data(earlier, 0), data(first, 0));
        assertThat(data(current, 0)).isNotEqualTo(data(first, 0));
        assertThat(error(
                        send(request("/v2/models/" + id + "/versions/9/infer")
                                .POST(BodyPublishers.ofString("{\"inputs\": [" + ROWS + "]}"))),
                        404))
                .contains("9");
    }

    @Test
    void rejectsModelsThatCannotPredict() {
        String untrained = create("\"inputs\": 2, \"hidden\": [4], \"outputs\": 1");

        assertThat(error(infer(untrained, "{\"inputs\": [" + ROWS + "]}"), 400)).contains("trained");
        assertThat(error(infer("nobody", "{\"inputs\": [" + ROWS + "]}"), 404)).contains("nobody");
    }

    @Test
    void predictsForSeveralLabels() {
        String id = create("\"hidden\": [4], \"outputActivation\": \"sigmoid\", \"loss\": \"binary_crossentropy\"");
        train(id, "\"inputs\": [[0,0],[1,1]], \"targets\": [[0,1],[1,1]], \"epochs\": 2");

        assertThat(names(outputs(id, ROWS))).containsExactly("probabilities");
    }
}
