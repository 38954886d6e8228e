package io.backprop.openinference.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Requests as clients of MLflow's scoring server send them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InvocationsTests extends ServiceTestBase {

    private String kinds;
    private String prices;
    private String days;
    private String pairs;
    private String sets;

    @BeforeAll
    void trainModels() {
        String rows = """
            {"size": 1, "color": "red", "kind": "a"}, {"size": 2, "color": "red", "kind": "a"},
            {"size": 8, "color": "blue", "kind": "b"}, {"size": 9, "color": "blue", "kind": "b"}\
            """;
        kinds = create("\"hidden\": [8], \"learningRate\": 0.1");
        train(kinds, "\"rows\": [%s], \"target\": \"kind\", \"epochs\": 50".formatted(rows));
        prices = create("\"hidden\": []");
        train(
                prices,
                "\"rows\": [{\"size\": 1, \"price\": 10}, {\"size\": 2, \"price\": 20.5}], \"target\": \"price\","
                        + " \"epochs\": 2");
        days = create("\"hidden\": []");
        train(
                days,
                "\"rows\": [{\"size\": 1, \"day\": \"2026-01-01\"}, {\"size\": 2, \"day\": \"2026-01-05\"}],"
                        + " \"target\": \"day\", \"epochs\": 2");
        pairs = create("\"hidden\": []");
        train(pairs, "\"inputs\": [[0], [1]], \"targets\": [[1, 2], [3, 4]], \"epochs\": 2");
        sets = create(
                "\"hidden\": [], \"loss\": \"binary_crossentropy\", \"outputs\": 2, \"classes\": [\"hot\", \"wet\"]");
        train(sets, "\"inputs\": [[0], [1]], \"targets\": [[1, 0], [1, 1]], \"epochs\": 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"dataframe_split\": {\"columns\": [\"size\", \"color\"], \"data\": [[1, \"red\"], [9, \"blue\"]]}}",
                "{\"dataframe_split\": {\"index\": [0, [1]], \"data\": [[1, \"red\"], [9, \"blue\"]], \"columns\":"
                        + " [\"size\", \"color\"]}}",
                "{\"dataframe_records\": [{\"size\": 1, \"color\": \"red\"}, {\"color\": \"blue\", \"size\": 9}]}",
                "{\"instances\": [{\"size\": 1, \"color\": \"red\"}, {\"size\": 9, \"color\": \"blue\"}], \"params\":"
                        + " {}}",
                "{\"inputs\": {\"size\": [1, 9], \"color\": [\"red\", \"blue\"]}, \"params\": null}"
            })
    void everyFormOfATableGivesLabels(String body) {
        assertThat(invoke(kinds, body)).hasToString("{\"predictions\":[\"a\",\"b\"]}");
    }

    @Test
    void acceptsCsv() {
        String csv = "size,color\n1,red\n9,blue\n";

        assertThat(json(csv(kinds, csv), 200)).hasToString("{\"predictions\":[\"a\",\"b\"]}");
        assertThat(json(csv(kinds + "&version=1&decimal=,", csv.replace(',', ';')), 200))
                .hasToString("{\"predictions\":[\"a\",\"b\"]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"dataframe_split\": {\"columns\": [\"size\"], \"data\": [[1], [null]]}}",
                "{\"dataframe_records\": [{\"size\": 1}, {\"size\": null}]}"
            })
    void oneOutputGivesNumbers(String body) {
        JsonNode expected =
                json(post("/models/" + prices + "/predict", "{\"rows\": [{\"size\": 1}, {\"size\": null}]}"), 200);

        JsonNode predictions = invoke(prices, body).path("predictions");

        assertThat(predictions).hasSize(2);
        assertThat(predictions.get(0)).isEqualTo(expected.at("/predictions/0/0"));
        assertThat(predictions.get(1)).isEqualTo(expected.at("/predictions/1/0"));
    }

    @Test
    void targetOfDatesGivesDates() {
        JsonNode expected = json(post("/models/" + days + "/predict", "{\"rows\": [{\"size\": 1}]}"), 200)
                .at("/predictions/0/0");

        assertThat(expected.isString()).isTrue();
        assertThat(invoke(days, "{\"inputs\": [1]}").at("/predictions/0")).isEqualTo(expected);
    }

    @Test
    void severalOutputsGiveRows() {
        JsonNode expected = predict(pairs, "[[0.5], [2]]").path("predictions");

        assertThat(invoke(pairs, "{\"instances\": [[0.5], [2]]}").path("predictions"))
                .isEqualTo(expected);
        assertThat(invoke(pairs, "{\"inputs\": [0.5, 2]}").path("predictions")).isEqualTo(expected);
        assertThat(invoke(pairs, "{\"inputs\": {\"inputs\": [[0.5], [2]]}}").path("predictions"))
                .isEqualTo(expected);
    }

    @Test
    void classesThatDoNotExcludeEachOtherGiveSets() {
        JsonNode expected = predict(sets, "[[0], [1]]").path("labelSets");

        assertThat(invoke(sets, "{\"inputs\": [[0], [1]]}").path("predictions")).isEqualTo(expected);
    }

    @Test
    void optionsOfCellsBelongInTheBodyBesideJson() {
        String body = """
            {"dataframe_records": [{"size": "-", "color": "red"}, {"size": "9", "color": "blue"}], "missing": ["-"]}\
            """;

        assertThat(invoke(kinds, body).path("predictions")).hasSize(2);
        problem(post("/invocations?model=" + kinds + "&missing=-", body), 400, "unreadable-parameter");
    }

    @Test
    void reportsUnknownCategories() {
        assertThat(invoke(kinds, "{\"dataframe_records\": [{\"size\": 1, \"color\": \"green\"}]}")
                        .at("/warnings/0")
                        .asString())
                .contains("green");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {}                                                        | 422 | one of dataframe_split, dataframe_records, instances and inputs is required
        {"inputs": [1], "instances": [1]}                         | 422 | dataframe_split, dataframe_records, instances and inputs exclude each other
        {"inputs": [1], "params": {"a": 1}}                       | 422 | params must be empty: predictions have no parameters
        {"inputs": [1], "params": [1]}                            | 400 | params must be an object, but was a list
        {"dataframe_split": [1]}                                  | 400 | dataframe_split must be an object with columns and data, but was a list
        {"dataframe_split": {"data": [[1]]}}                      | 422 | columns is required, the names of the columns
        {"dataframe_split": {"columns": ["size"]}}                | 422 | data must have at least 1 row, but has none
        {"dataframe_split": {"columns": ["size"], "data": []}}    | 422 | data must have at least 1 row, but has none
        {"dataframe_split": {"columns": ["size"], "data": [[1, 2]]}} | 422 | the rows of data have 2 cells, but there are 1 columns
        {"dataframe_split": {"columns": ["size"], "data": [[1], [1, 2]]}} | 422 | row 1 of data has 2 cells, but row 0 has 1
        {"dataframe_split": {"columns": ["size"], "data": [[1], [[2]]]}} | 400 | dataframe_split.data[1][0] must be a number, text, true, false or null, but was a list
        {"dataframe_split": {"columns": ["size"], "data": [1]}}   | 400 | dataframe_split.data[0] must be a list of cells, but was 1
        {"dataframe_split": {"columns": [null], "data": [[1]]}}   | 400 | dataframe_split.columns must be a list of the names of the columns, but was null
        {"dataframe_split": {"columns": ["a", "a"], "data": [[1, 1]]}} | 422 | columns must have different names, but two are named "a"
        {"dataframe_split": {"columns": ["size"], "data": [[1]], "rows": 1}} | 400 | field "rows" is unknown here; known: columns, data, index
        {"dataframe_split": {"columns": ["weight"], "data": [[1]]}} | 422 | the model needs column "size", but the table has only "weight"
        {"dataframe_split": {"columns": [0], "data": [[1]]}}      | 422 | the model needs column "size", but the table has only "0"
        {"dataframe_records": [1]}                                | 400 | row 0: must be an object, such as {"age": 31}, but was 1
        {"dataframe_records": [{"size": "x"}]}                    | 422 | size
        {"columns": ["size"], "data": [[1]]}                      | 400 | columns is unknown here; known: dataframe_records, dataframe_split, dateFormat, decimal, inputs, instances, invalidCells, missing, params
        [[1]]                                                     | 400 | must be an object
        """)
    void rejectsBadInput(String body, int status, String message) {
        HttpResponse<String> response = post("/invocations?model=" + prices, body);

        assertThat(json(response, status).path("detail").asString()).contains(message);
    }

    @Test
    void rejectsOtherTypesAndPaths() {
        problem(post("/invocations", "{\"inputs\": [1]}"), 422, "invalid-field");
        problem(post("/invocations?model=unknown", "{\"inputs\": [1]}"), 404, "model-not-found");
        problem(post("/invocations?model=" + create(""), "{\"inputs\": [1]}"), 409, "model-not-trained");
        problem(post("/invocations?model=" + prices + "&version=7", "{\"inputs\": [1]}"), 404, "version-not-found");
        problem(post("/invocations?model=" + prices + "&version=x", "{\"inputs\": [1]}"), 400, "unreadable-parameter");
        problem(csv(kinds, "size\n1\n"), 422, "invalid-field");
        problem(
                send(request("/invocations?model=" + prices).POST(BodyPublishers.ofString("{\"inputs\": [1]}"))),
                415,
                "unsupported-media-type");
    }

    private JsonNode invoke(String model, String body) {
        return json(post("/invocations?model=" + model, body), 200);
    }

    private HttpResponse<String> csv(String model, String table) {
        return send(request("/invocations?model=" + model)
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofString(table)));
    }
}
