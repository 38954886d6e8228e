package io.backprop.web.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.web.WebTestBase;
import io.backprop.web.problem.ProblemType;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of another type than their Content-Type, as curl's options and other languages make them. */
class MisleadingBodyTests extends WebTestBase {

    private static final String NO_LINE_BREAKS =
            "; perhaps its line breaks are missing: curl -d removes them, --data-binary keeps them";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a,b,y1,x,yes2,,no | a table must have at least 1 row, but has none",
                "a,b,y1,1,a2,b,b | columns must have different names, but two are named \"b\"",
                "y | a table must have at least 1 row, but has none",
            })
    void namesRemovedLineBreaks(String body, String detail) {
        assertThat(problem(send("text/csv", body), ProblemType.INVALID_FIELD)
                        .path("detail")
                        .asString())
                .isEqualTo(detail + NO_LINE_BREAKS);
    }

    @Test
    void namesRemovedLineBreaksOfLongTable() {
        String body = "a,b,y" + "1,2,3".repeat(20_000);

        assertThat(problem(send("text/csv", body), ProblemType.INVALID_FIELD)
                        .path("detail")
                        .asString())
                .endsWith(NO_LINE_BREAKS);
    }

    @Test
    void doesNotNameThemForLines() {
        assertThat(problem(send("text/csv", "a,b,y\n"), ProblemType.INVALID_FIELD)
                        .path("detail")
                        .asString())
                .isEqualTo("a table must have at least 1 row, but has none");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"inputs\": [[1, 2]]}",
                " [{\"a\": 1, \"y\": 2}]",
                "{\n  \"a\": 1}",
                "[[1, 2], [3, 4]]",
                "{\"a\": 1}\n{\"a\": 2}"
            })
    void namesJsonInPlaceOfCsv(String body) {
        assertThat(problem(send("text/csv", body), ProblemType.UNREADABLE_BODY)
                        .path("detail")
                        .asString())
                .isEqualTo(
                        "a table must be CSV, but this is JSON; it needs the Content-Type application/json, or application/x-ndjson with an object in each line");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,b,y\n1,2,3\n", "1,2,3\n4,5,6\n", "\"a\",\"b\"\n1,2\n", "sepal length;y\n1;2"})
    void namesCsvInPlaceOfJson(String body) {
        assertThat(json(send("application/json", body), 400).path("detail").asString())
                .contains("; a table in CSV needs the Content-Type text/csv");
    }

    @Test
    void namesCsvInPlaceOfNdjson() {
        assertThat(problem(send("application/x-ndjson", "a,b,y\n1,2,3\n"), ProblemType.UNREADABLE_BODY)
                        .path("detail")
                        .asString())
                .isEqualTo("line 1 is not valid JSON; a table in CSV needs the Content-Type text/csv");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'target': 'y'} | it has double quotes where Python has single ones; json.dumps writes it",
                "{\"shuffle\": True} | it has true, false and null where Python has True, False and None; json.dumps writes it",
                "{\"shuffle\": None} | it has true, false and null where Python has True, False and None; json.dumps writes it",
                "{\"rate\": nan} | rate must be a finite number: NaN and Infinity are not JSON",
            })
    void namesPython(String body, String detail) {
        assertThat(json(send("application/json", body), 400).path("detail").asString())
                .contains(detail)
                .doesNotContain("CSV");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/echo/table?target=y", "/echo/table"})
    void namesTypesOfCurl(String path) {
        HttpResponse<String> file = send(
                path,
                "multipart/form-data; boundary=x",
                "--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\na\r\n--x--");
        assertThat(problem(file, ProblemType.UNSUPPORTED_MEDIA_TYPE)
                        .path("detail")
                        .asString())
                .startsWith(
                        "the body must be application/json, text/csv, application/x-ndjson, but was multipart/form-data; boundary=x;")
                .endsWith(
                        "; send the file itself as the body, in curl by --data-binary @file with -H 'Content-Type: text/csv' in place of -F");
        HttpResponse<String> form = send(path, "application/x-www-form-urlencoded", "a,b,y1,2,3");
        assertThat(problem(form, ProblemType.UNSUPPORTED_MEDIA_TYPE)
                        .path("detail")
                        .asString())
                .endsWith(
                        "; in curl add -H 'Content-Type: application/json', or send a table by --data-binary @file with -H 'Content-Type: text/csv'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[{\"age\": 31}] | must be an object, but was a list; rows of numbers belong in inputs, as in {\"inputs\": [[5.1, 3.5]]}, and those of a table in rows, as in {\"rows\": [{\"age\": 31}]}",
                "{\"age\": 31} {\"age\": 32} | columns of a table belong in rows, as in {\"rows\": [{\"age\": 31}]}, one object per line needs the Content-Type application/x-ndjson",
                "\"{\\\"rows\\\": []}\" | must be an object, but was text; it was encoded as JSON twice (with Python's requests, json= takes the object, data= its text)",
            })
    void namesFieldOfRowsAndTextOfObjects(String body, String detail) {
        assertThat(json(send("application/json", body), 400).path("detail").asString())
                .endsWith(detail);
    }

    private HttpResponse<String> send(String type, String body) {
        return send("/echo/table" + (type.equals("application/json") ? "" : "?target=y"), type, body);
    }

    private HttpResponse<String> send(String path, String type, String body) {
        return send(request(path).header("Content-Type", type).POST(BodyPublishers.ofString(body)));
    }
}
