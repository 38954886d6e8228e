package io.backprop.web.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.web.WebTestBase;
import io.backprop.web.problem.ProblemType;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTests extends WebTestBase {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"layers": 2}                  | /layers        | is unknown here; known: hidden, hiddenUnits, id, l2, layerCount, learningRate, loss, optimizer, seed, shuffle, width
        {"layerCount": 1, "layerCount": 2} | /layerCount | is given more than once
        {"optimizer": {"type": "sgd", "momentum": 0, "momentum": 0}} | /optimizer/momentum | is given more than once
        {"layerCount": 3.9}            | /layerCount    | must be a whole number, but was 3.9
        {"layerCount": 3.0}            | /layerCount    | must be a whole number, but was 3.0
        {"layerCount": 1e2}            | /layerCount    | must be a whole number, but was 100.0
        {"layerCount": "3"}            | /layerCount    | must be a whole number, but was "3"
        {"layerCount": ""}             | /layerCount    | must be a whole number, but was ""
        {"layerCount": true}           | /layerCount    | must be a whole number, but was true
        {"layerCount": []}             | /layerCount    | must be a whole number, but was a list
        {"layerCount": 99999999999}    | /layerCount    | must be a whole number from -2147483648 to 2147483647, but was 99999999999
        {"layerCount": 1111111111222222222233333333334444444444555555555566666666667777777777} | /layerCount | must be a whole number from -2147483648 to 2147483647, but was 111111111122222222223333333333444444444455555555556666666666…
        {"layerCount": "a\\"b"}        | /layerCount    | must be a whole number, but was "a"b"
        {"seed": 9223372036854775808}  | /seed          | must be a whole number from -9223372036854775808 to 9223372036854775807, but was 9223372036854775808
        {"learningRate": "0.1"}        | /learningRate  | must be a number, but was "0.1"
        {"learningRate": "NaN"}        | /learningRate  | must be a number, but was "NaN"
        {"learningRate": 1e400}        | /learningRate  | must be a number that fits float64, at most 1.7976931348623157e308, but was 1e400
        {"l2": 1e39}                   | /l2            | must be a number that fits float32, at most 3.4028235e38, but was 1e39
        {"learningRate": NaN}          | /learningRate  | must be a finite number: NaN and Infinity are not JSON
        {"learningRate": -Infinity}    | /learningRate  | must be a finite number: NaN and Infinity are not JSON
        {"shuffle": 1}                 | /shuffle       | must be true or false, but was 1
        {"shuffle": "true"}            | /shuffle       | must be true or false, but was "true"
        {"shuffle": ""}                | /shuffle       | must be true or false, but was ""
        {"id": 5}                      | /id            | must be text, but was 5
        {"id": 5.5}                    | /id            | must be text, but was 5.5
        {"id": true}                   | /id            | must be text, but was true
        {"id": {}}                     | /id            | must be text, but was an object
        {"loss": "MEAN_SQUARED_ERROR"} | /loss          | must be one of mean_squared_error, huber, but was "MEAN_SQUARED_ERROR"; did you mean mean_squared_error?
        {"loss": "Huber"}              | /loss          | must be one of mean_squared_error, huber, but was "Huber"; did you mean huber?
        {"loss": "mse"}                | /loss          | must be one of mean_squared_error, huber, but was "mse"; did you mean mean_squared_error?
        {"loss": ""}                   | /loss          | must be one of mean_squared_error, huber, but was ""
        {"loss": 0}                    | /loss          | must be one of mean_squared_error, huber, but was 0
        {"optimizer": {"type": "sdg"}} | /optimizer/type | must be one of adam, sgd, but was "sdg"; did you mean sgd?
        {"optimizer": {"type": "sgd", "rho": 1}} | /optimizer/rho | is unknown here; known: momentum, type
        {"optimizer": {"momentum": "x", "type": "sgd"}} | /optimizer/momentum | must be a number, but was "x"
        {"optimizer": ""}              | /optimizer     | must be an object, but was text
        {"hiddenUnits": [2, 3.5]}      | /hiddenUnits/1 | must be a whole number, but was 3.5
        {"hiddenUnits": [99999999999]} | /hiddenUnits/0 | must be a whole number from -2147483648 to 2147483647, but was 99999999999
        {"hiddenUnits": ""}            | /hiddenUnits   | must be a list, such as [4], but was text
        {"hiddenUnits": 4}             | /hiddenUnits   | must be a list, such as [4], but was a number
        {"hidden": ""}                 | /hidden        | must be a list, such as [64, 32], but was text
        {"hidden": {}}                 | /hidden        | must be a list, such as [64, 32], but was an object
        {"hidden": [{"units": "8"}]}   | /hidden/0/units | must be a whole number, but was "8"
        {"hidden": [4]}                | /hidden/0      | must be an object, but was 4
        {"width": {"units": null}}     | /width/units   | must be a whole number, but was null
        [1, 2]                         | ``             | must be an object, but was a list
        "text"                         | ``             | must be an object, but was text; a table in CSV needs the Content-Type text/csv
        """)
    void rejectsInvalidFields(String json, String pointer, String detail) {
        assertOneError(post("/echo/model", json), ProblemType.UNREADABLE_FIELD, pointer == null ? "" : pointer, detail);
    }

    @Test
    void namesFieldInDetail() {
        HttpResponse<String> response = post("/echo/model", """
            {"hidden": [{"units": "8"}]}\
            """);

        assertThat(problem(response, ProblemType.UNREADABLE_FIELD)
                        .path("detail")
                        .asString())
                .isEqualTo("hidden[0].units must be a whole number, but was \"8\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"optimizer": {}}               | /optimizer/type | is required
        {"width": {}}                   | /width/units    | is required
        {"width": {"units": 12}}        | /width          | units must be below 10, but was 12
        """)
    void rejectsInvalidValuesWhileReading(String json, String pointer, String detail) {
        assertOneError(post("/echo/model", json), ProblemType.INVALID_FIELD, pointer, detail);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {"layerCount": 2            | the body ends before its JSON does
        {"layerCount": 2,}          | the body is not valid JSON (line 1, column
        {'layerCount': 2}           | the body is not valid JSON: it has double quotes where Python has single ones; json.dumps writes it (line 1, column
        {"layerCount": 2} {}        | the body must be one JSON value, but goes on after it
        {"layerCount": 2} x         | the body is not valid JSON
        layerCount=2                | the body is not valid JSON
        {"layerCount": 02}          | the body is not valid JSON
        """)
    void rejectsInvalidJson(String body, String detail) {
        assertThat(problem(post("/echo/model", body), ProblemType.UNREADABLE_BODY)
                        .path("detail")
                        .asString())
                .startsWith(detail);
    }

    @Test
    void rejectsDeepNestingAndLongTokens() {
        String deep = "{\"hidden\": " + "[".repeat(100_000);
        String number = "{\"learningRate\": " + "1".repeat(2_000) + "}";
        String name = "{\"" + "n".repeat(50_000) + "\": 1}";
        String text = "{\"id\": \"" + "t".repeat(100_000) + "\"}";

        for (String body : new String[] {deep, number, name, text}) {
            HttpResponse<String> response = post("/echo/model", body);
            assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
            assertThat(response.body()).hasSizeLessThan(1_000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "null"})
    void rejectsEmptyBody(String body) {
        problem(post("/echo/model", body), ProblemType.UNREADABLE_BODY);
    }

    @Test
    void rejectsAbsentBodyWithoutContentType() {
        HttpResponse<String> response = send(request("/echo/model").POST(BodyPublishers.noBody()));

        assertThat(problem(response, ProblemType.UNREADABLE_BODY).path("detail").asString())
                .isEqualTo("the request must have a body, but it is empty or null");
    }

    @Test
    void readsValidFields() {
        String json = "{\"id\":\"xor\",\"layerCount\":2,\"learningRate\":1,\"l2\":0.1,\"seed\":-9223372036854775808,"
                + "\"shuffle\":false,\"loss\":\"mean_squared_error\",\"optimizer\":{\"type\":\"adam\",\"beta1\":null},"
                + "\"hiddenUnits\":[4],\"hidden\":[{\"units\":3}],\"width\":{\"units\":0}}";

        HttpResponse<String> response = post("/echo/model", json);

        assertThat(response.body()).isEqualTo(json.replace("\"learningRate\":1,", "\"learningRate\":1.0,"));
    }

    @Test
    void writesNonFiniteNumbersAsNull() {
        assertThat(get("/echo/answer").body())
                .isEqualTo("{\"loss\":null,\"bad\":null,\"values\":[1.5,null],\"matrix\":[[0.0,0.1],[null,1.0E-10]],"
                        + "\"kind\":\"mean_squared_error\",\"at\":\"2026-01-02T03:04:05Z\",\"took\":\"PT1M30S\"}");
    }
}
