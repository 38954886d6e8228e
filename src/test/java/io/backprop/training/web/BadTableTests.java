package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import io.backprop.SmallLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Unreadable and invalid tables. */
@SmallLimits
class BadTableTests extends ServiceTestBase {

    private String id = "";

    @BeforeEach
    void createModel() {
        id = create("\"hidden\": []");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            x,y;1,2;1,2,3        | line 3: a row must have as many cells as the header, 2, but has 3
            x,y;1,2;1            | line 3: a row must have as many cells as the header, 2, but has 1
            x,y,x;1,2,3          | columns must have different names, but two are named "x"
            ,;1,2                | a table must have at least 1 column with a name, but has none
            x,y                  | a table must have at least 1 row, but has none
            x,y;;                | a table must have at least 1 row, but has none
            x,z;1,2;2,3          | the target is column "y", but the table has only "x", "z"
            x,y;1,;2,            | column "y" is the target, but has no values
            x,y;1,a;2,a          | target must have at least 2 classes, but all rows are "a"
            x,y;1,true;2,true    | target must have at least 2 classes, but all rows are "true"
            x,y;"1,234.5",a;2,b  | line 2: column "x" must be a number, but "1,234.5" has thousands separators; write such numbers as 1234.5
            x,y;"1,5",a;"2,5",b  | a decimal comma; set decimal=, or write such numbers as 1234.5
            x,y;1e400,a;2,b      | does not fit float32
            x,y;5,a;5,b          | a table must have a usable column besides the target, but has none: column "x" is ignored
            """)
    void rejectsInvalidTable(String table, String detail) {
        HttpResponse<String> response = train("target=y", bytes(table.replace(';', '\n')));

        assertThat(problem(response, 422, "invalid-field").path("detail").asString())
                .contains(detail);
        assertNothingWasDone();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            x,y;1,"2;3,4         | line 2: a quote that begins in this row is never closed
            x,y;1,"2"x;3,4       | line 2: a cell continues after its closing quote
            x,y;1,\u00e9;3,4     | line 2: the byte 0xE9 at position
            """)
    void rejectsUnreadableTable(String table, String detail) {
        HttpResponse<String> response =
                train("target=y", table.replace(';', '\n').getBytes(StandardCharsets.ISO_8859_1));

        assertThat(problem(response, 400, "unreadable-body").path("detail").asString())
                .contains(detail);
        assertNothingWasDone();
    }

    @Test
    void rejectsEmptyFile() {
        problem(train("target=y", new byte[0]), 400, "unreadable-body");
        problem(train("target=y", bytes("\n\n")), 422, "invalid-field");
    }

    @Test
    void rejectsBinaryFile() throws IOException {
        byte[] noise = new byte[100_000];
        new Random(1).nextBytes(noise);

        problem(train("target=y", noise), 400, "unreadable-body");
        assertThat(problem(train("target=y", gzip(bytes("x,y\n1,2\n"))), 400, "unreadable-body")
                        .path("detail")
                        .asString())
                .containsIgnoringCase("gzip");
        problem(train("target=y", "x,y\n1,2\n2,3\n".getBytes(StandardCharsets.UTF_16)), 400, "unreadable-body");
    }

    @Test
    void rejectsGiganticCell() {
        String cell = "a".repeat(5 << 20);

        for (String table : new String[] {"x,y\n" + cell + ",1\n", "x,y\n\"" + cell, cell, "x,y\n1,2\n" + cell}) {
            JsonNode problem = json(train("target=y", bytes(table)));
            assertThat(problem.path("status").asInt()).as(problem.toString()).isIn(400, 422);
        }
        assertNothingWasDone();
    }

    @Test
    void rejectsHeaderWithMillionsOfColumns() {
        problem(train("target=y", bytes("x,".repeat(3_000_000) + "y\n1\n")), 422, "invalid-field");
        problem(train("target=y", bytes(",".repeat(3_000_000) + "\n")), 422, "invalid-field");
        problem(train("target=y", bytes("x,y\n" + "1,".repeat(3_000_000) + "\n")), 422, "invalid-field");
    }

    @Test
    void stopsReadingGzipBomb() throws IOException {
        byte[] bomb = gzip(bytes("x,y\n" + "1,2\n".repeat(50_000_000)));
        assertThat(bomb.length).isLessThan(1 << 20);

        HttpRequest.Builder request = request("/models/" + id + "/train?target=y")
                .header("Content-Type", "text/csv")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(bomb));

        problem(send(request), 413, "body-too-large");
        assertNothingWasDone();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [{"x": 1, "y": 2}, {"x": 1}]           | /rows/1 | row 1: has no field "y"
            [{"x": 1, "y": 2}, {"x": 1, "z": 2}]   | /rows/1 | row 1: field "z" is not in the first row
            [{"x": "1,234.5", "y": "a"}, {"x": 2, "y": "b"}] | /rows | row 0: column "x" must be a number
            [{"x": 1, "z": 2}]                     | /rows | the target is column "y", but the table has only "x", "z"
            [{"x": 1, "y": "\\ud800"}]             | /rows/0 | row 0: column "y" must not contain NUL characters or unpaired surrogates
            """)
    void pointsToInvalidRows(String rows, String pointer, String detail) {
        JsonNode problem = problem(
                post("/models/" + id + "/train", "{\"rows\": " + rows + ", \"target\": \"y\"}"), 422, "invalid-field");

        assertThat(problem.at("/errors/0/detail").asString()).contains(detail);
        assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo(pointer);
        assertNothingWasDone();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            target=y&columns.x=numeric   | column "x" must be a number, but is "red"
            target=y&columns.w=ignore    | "w"
            target=y&columns.x=ignore    | a table must have a usable column besides the target
            target=y&columns.y=ignore    | "y"
            """)
    void rejectsColumnTypeThatDoesNotFitTheTable(String query, String detail) {
        JsonNode problem = problem(train(query, bytes("x,y\nred,1\nblue,2\nred,3\n")), 422, "invalid-field");

        assertThat(problem.path("detail").asString()).contains(detail);
        assertNothingWasDone();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            columns.x=ignore      | the type of column "x" must be categorical, as the model has learned it, but was ignore; set reset to start fresh
            columns.x=numeric     | the type of column "x" must be categorical, as the model has learned it, but was numeric
            columns.n=categorical | the type of column "n" must be numeric, as the model has learned it, but was categorical
            columns.w=ignore      | a type is given for column "w", but the table has only "x", "n", "y"
            """)
    void rejectsColumnTypeThatDiffersFromTheLearnedOne(String override, String detail) {
        byte[] table = bytes("x,n,y\nred,1,1\nblue,2,2\nred,4,3\n");
        json(train("target=y&epochs=1&columns.n=numeric", table), 200);

        JsonNode problem = problem(train("target=y&epochs=1&" + override, table), 422, "invalid-field");

        assertThat(problem.path("detail").asString()).startsWith(detail);
        json(train("target=y&epochs=1&columns.n=numeric&columns.x=categorical", table), 200);
    }

    @Test
    void namesUnknownClassWithItsRow() {
        String named = create("""
                "hidden": [], "classes": ["a", "b"]""");
        json(train("target=y&epochs=1", bytes("x,y\n1,a\n2,b\n")), 200);

        for (String model : new String[] {id, named}) {
            id = model;
            assertThat(problem(train("target=y", bytes("x,y\n1,a\n2,\n3,Foo\n4,Bar\n")), 422, "invalid-field")
                            .path("detail")
                            .asString())
                    .isEqualTo("row 2: column \"y\" must be one of \"a\", \"b\", but is \"Foo\"");
        }
    }

    private void assertNothingWasDone() {
        assertThat(model(id).path("state").asString()).isEqualTo("created");
        assertThat(get("/models/" + id + "/trainings").body()).isEqualTo("{\"trainings\":[]}");
    }

    private HttpResponse<String> train(String query, byte[] body) {
        return send(request("/models/" + id + "/train?" + query)
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofByteArray(body)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }
}
