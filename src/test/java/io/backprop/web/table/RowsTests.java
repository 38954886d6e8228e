package io.backprop.web.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.web.WebTestBase;
import io.backprop.web.problem.ProblemType;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Rows as JSON objects, in a list or in lines. */
class RowsTests extends WebTestBase {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            5                                | unreadable-field | /rows   | must be a list of objects, but was 5
            {"y": 1}                         | unreadable-field | /rows   | must be a list of objects, but was an object
            []                               | invalid-field    | /rows   | rows must have at least 1 row, but has none
            [{}]                             | invalid-field    | /rows/0 | a table must have at least 1 column with a name, but has none
            [{"y": 1}, 5]                    | unreadable-field | /rows/1 | row 1: must be an object, such as {"age": 31}, but was 5
            [{"y": 1}, null]                 | unreadable-field | /rows/1 | row 1: must be an object, such as {"age": 31}, but was null
            [[1, 2]]                         | unreadable-field | /rows/0 | row 0: must be an object, such as {"age": 31}, but was a list
            [{"y": [1]}]                     | unreadable-field | /rows/0 | row 0: field "y" must be a number, text, true, false or null, but was a list
            [{"y": 1}, {"y": {"a": 1}}]      | unreadable-field | /rows/1 | row 1: field "y" must be a number, text, true, false or null, but was an object
            [{"y": 1, "a": 2}, {"y": 1}]     | invalid-field    | /rows/1 | row 1: has no field "a" as the first row has; all rows must have the same fields, null for a gap
            [{"y": 1}, {"y": 1, "b": 2}]     | invalid-field    | /rows/1 | row 1: field "b" is not in the first row; all rows must have the same fields, null for a gap
            [{"y": 1}, {}]                   | invalid-field    | /rows/1 | row 1: has no field "y" as the first row has; all rows must have the same fields, null for a gap
            [{"y": 1, " y": 2}]              | invalid-field    | /rows/0 | columns must have different names, but two are named "y"
            [{"": 1}]                        | invalid-field    | /rows/0 | a table must have at least 1 column with a name, but has none
            [{"y": 1}, {"y": 1, "y": 2}]     | unreadable-field | /rows/1/y | is given more than once
            [{"y": NaN}]                     | unreadable-field | /rows/0/y | must be a finite number: NaN and Infinity are not JSON; a missing value is null
            """)
    void pointsToInvalidRowOfJson(String rows, String type, String pointer, String detail) {
        HttpResponse<String> response = post("/echo/table", "{\"target\": \"y\", \"rows\": " + rows + "}");

        JsonNode error =
                problem(response, type.startsWith("un") ? 400 : 422, type).at("/errors/0");
        assertThat(error.path("pointer").asString()).isEqualTo(pointer);
        assertThat(error.path("detail").asString()).isEqualTo(detail);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            5                         | 400 | line 1: must be an object, such as {"age": 31}, but was 5
            [{"y": 1}]                | 400 | line 1: must be an object, such as {"age": 31}, but was a list
            {"y": 1};;{"y": [1]}      | 400 | line 3: field "y" must be a number, text, true, false or null, but was a list
            {"y": 1};{"z": 1}         | 422 | line 2: field "z" is not in the first row; all rows must have the same fields, null for a gap
            {"y": 1, "z": 2};{"z": 1} | 422 | line 2: has no field "y" as the first row has; all rows must have the same fields, null for a gap
            {"y": 1, "y": 2}          | 400 | line 1: field "y" is given more than once
            {"y": 1};{"y": 1, "y": 2} | 400 | line 2: field "y" is given more than once
            {"y": 1};{"y": nonsense}  | 400 | line 2 is not valid JSON
            {"y": 1};{"y": 1          | 400 | line 2 ends before its JSON does
            {"y": 1},{"y": 1}         | 400 | line 1 is not valid JSON
            {"y": NaN}                | 400 | line 1 must have finite numbers: NaN and Infinity are not JSON; a missing value is null
            {}                        | 422 | a table must have at least 1 column with a name, but has none
            {"y": 1};{"y": {"a":      | 400 | line 2: field "y" must be a number, text, true, false or null, but was an object
            """)
    void namesInvalidLineOfNdjson(String lines, int status, String detail) {
        JsonNode problem =
                problem(ndjson(lines.replace(';', '\n')), status, status == 400 ? "unreadable-body" : "invalid-field");

        assertThat(problem.path("detail").asString()).isEqualTo(detail);
        assertThat(problem.has("errors")).isFalse();
    }

    @Test
    void rejectsNdjsonWithoutRows() {
        for (String body : new String[] {"", "\n", " \n\n"}) {
            JsonNode problem = json(ndjson(body));
            assertThat(problem.path("status").asInt()).as("<%s>", body).isBetween(400, 422);
        }
        assertThat(problem(ndjson("\n"), ProblemType.INVALID_FIELD)
                        .path("detail")
                        .asString())
                .isEqualTo("a table must have at least 1 row, but has none");
    }

    @Test
    void acceptsAnyLineEnds() {
        for (String body : new String[] {"{\"y\": \"a\"}\r\n{\"y\": \"b\"}", "\n{\"y\":\"a\"}\n\n{\"y\":\"b\"}\n\n"}) {
            assertThat(json(ndjson(body), 200).path("rows").asInt()).isEqualTo(2);
        }
    }

    @Test
    void rejectsLongValues() {
        String wide = "{\"y\": 1" + ", \"%s\": 1".repeat(3) + "}";
        assertThat(problem(ndjson("{\"y\": \"" + "a".repeat(70_000) + "\"}"), ProblemType.UNREADABLE_BODY)
                        .path("detail")
                        .asString())
                .startsWith(
                        "line 1 must be nested at most 64 deep, with names of at most 1024, texts of at most 65536");
        StringBuilder columns = new StringBuilder("{\"y\": 1");
        for (int i = 0; i < 50_000; i++) {
            columns.append(",\"").append(i).append("\":1");
        }
        assertThat(problem(ndjson(columns + "}"), ProblemType.INVALID_FIELD)
                        .path("detail")
                        .asString())
                .isEqualTo("a table may have at most 50,000 columns, but has more");
        problem(ndjson(wide), ProblemType.UNREADABLE_BODY);
    }

    @Test
    void tableIsReadAsUtf8() {
        HttpResponse<String> response = send(request("/echo/table?target=y")
                .header("Content-Type", "text/csv;charset=iso-8859-1")
                .POST(BodyPublishers.ofString("y\nä\n", StandardCharsets.ISO_8859_1)));

        assertThat(problem(response, ProblemType.UNREADABLE_BODY).path("detail").asString())
                .isEqualTo("a table must be in UTF-8, but the Content-Type says ISO-8859-1");
        assertThat(json(
                                send(request("/echo/table?target=y")
                                        .header("Content-Type", "text/csv;charset=utf-8")
                                        .POST(BodyPublishers.ofString("y\nä\nö\n"))),
                                200)
                        .at("/target/names/0")
                        .asString())
                .isEqualTo("ä");
    }

    private HttpResponse<String> ndjson(String body) {
        return send(request("/echo/table?target=y")
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofString(body)));
    }
}
