package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Tables as people have them: invalid cells, an index without a name, missing words, decimal commas and dates. */
class TableFormatTests extends ServiceTestBase {

    private String id = "";

    @BeforeEach
    void createModel() {
        id = create("\"hidden\": [], \"seed\": 1");
    }

    @Test
    void rejectsTextAmongAThousandNumbers() {
        String rows = rows(1_000, row -> row == 499 ? "12.3kg" : "" + row);

        JsonNode problem = problem(csv("train?target=y&epochs=1", rows), 422, "invalid-field");

        assertThat(problem.path("detail").asString())
                .isEqualTo(
                        "line 501: column \"x\" must be a number, but is \"12.3kg\"; invalidCells=missing takes such cells"
                                + " as missing, columns.x=categorical takes the column as categories");
        problem(csv("cross-validate?target=y&epochs=1", rows), 422, "invalid-field");
    }

    @ParameterizedTest
    @ValueSource(strings = {"train", "cross-validate"})
    void takesInvalidCellsAsMissing(String operation) {
        String rows = rows(1_000, row -> row == 499 ? "12.3kg" : "" + row);
        String warning = "column \"x\": 1 cell that is not a number is taken as missing, such as \"12.3kg\" in ";

        JsonNode training = awaitEnd(csv(operation + "?target=y&epochs=1&invalidCells=missing", rows));
        assertThat(training.path("warnings").toString())
                .isEqualTo(mapper.writeValueAsString(List.of(warning + "line 501")));
        JsonNode json = awaitEnd(post("/models/" + id + "/" + operation, """
                        {"rows": [%s], "target": "y", "epochs": 1, "invalidCells": "missing"}""".formatted(objects(rows))));
        assertThat(json.path("warnings").toString()).isEqualTo(mapper.writeValueAsString(List.of(warning + "row 499")));
    }

    @Test
    void rejectsInvalidCellsAtPredictionUnlessTheyAreMissing() {
        awaitEnd(csv("train?target=y&epochs=1", rows(20, row -> "" + row)));
        String rows = "x,y\n1,a\n2kg,b\n3kg,a\n";

        for (String operation : List.of("predict", "evaluate", "importance")) {
            assertThat(problem(csv(operation, rows), 422, "invalid-field")
                            .path("detail")
                            .asString())
                    .isEqualTo(
                            "line 3: column \"x\" must be a number, but is \"2kg\"; invalidCells=missing takes such cells as missing");
            assertThat(json(csv(operation + "?invalidCells=missing", rows), 200)
                            .path("warnings")
                            .toString())
                    .contains(
                            "column \\\"x\\\": 2 cells that are not numbers are taken as missing, such as \\\"2kg\\\" in line 3");
        }
    }

    @Test
    void ignoresIndexOfPandas() {
        String rows = ",x,y\n0,1.5,a\n1,2.5,b\n2,3.5,a\n";
        String warning = "[\"column 1 is ignored because it has no name\"]";

        assertThat(awaitEnd(csv("train?target=y&epochs=1", rows))
                        .path("warnings")
                        .toString())
                .isEqualTo(warning);
        assertThat(model(id).path("features").size()).isEqualTo(1);
        for (String operation : List.of("predict", "evaluate")) {
            assertThat(json(csv(operation, rows), 200).path("warnings").toString())
                    .isEqualTo(warning);
        }
        HttpResponse<String> answer = send(request("/models/" + id + "/predict")
                .header("Content-Type", "text/csv")
                .header("Accept", "text/csv")
                .POST(BodyPublishers.ofString(rows)));
        assertThat(answer.body()).startsWith(",x,y,prediction,probability_a,probability_b\n0,1.5,a,");
        assertThat(header(answer, "Backprop-Warnings")).isEqualTo(warning);
    }

    @Test
    void remembersHowCellsAreRead() {
        String options = "&decimal=,&missing=-&missing=k.A.&dateFormat=dd.MM.yyyy";
        String rows = "x;day;y\n1,5;31.12.2023;a\n2,5;k.A.;b\n-;02.01.2024;a\n3,5;03.01.2024;b\n";

        JsonNode training = awaitEnd(csv("train?target=y&epochs=1" + options, rows));

        assertThat(training.path("warnings")).as(training.toString()).isEmpty();
        assertThat(model(id).at("/features/0/mean").asDouble()).isEqualTo(2.5);
        assertThat(model(id).at("/features/1/dates").asBoolean()).isTrue();
        assertThat(json(csv("predict", rows), 200).has("warnings")).isFalse();
        JsonNode predictions =
                json(csv("predict", "x;day\n1,5;04.01.2024\n"), 200).path("predictions");
        assertThat(json(csv("predict?decimal=.", "x,day\n1.5,2024-01-04\n"), 200)
                        .path("predictions"))
                .isEqualTo(predictions);
        assertThat(json(post("/models/" + id + "/predict", """
                        {"rows": [{"x": 1.5, "day": "04.01.2024"}]}"""), 200).path("predictions"))
                .isEqualTo(predictions);
        assertThat(json(post("/models/" + id + "/predict", """
                        {"rows": [{"x": "1.5", "day": "1/4/2024"}], "decimal": ".", "dateFormat": "M/d/yyyy"}"""), 200).path("predictions"))
                .isEqualTo(predictions);
        awaitEnd(csv("train?target=y&epochs=1", rows));
        problem(csv("train?target=y&epochs=1&reset=true&columns.x=numeric", rows), 422, "invalid-field");
    }

    @Test
    void warnsOfDatesInAnotherFormat() {
        String rows = rows(20, row -> "%d/%d/2023".formatted(row % 3 + 1, row % 3 + 13));

        JsonNode training = awaitEnd(csv("train?target=y&epochs=1", rows));

        assertThat(training.path("warnings").toString())
                .isEqualTo(
                        "[\"column \\\"x\\\" has dates such as \\\"1/13/2023\\\", which are taken as text; set dateFormat=M/d/yyyy\"]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            dateFormat=dd.mm.yyyy | 422 | dateFormat | dateFormat must be a pattern of day, month and year, such as dd.MM.yyyy or M/d/yyyy HH:mm, but was "dd.mm.yyyy": it writes a day as "31.45.2023", which does not determine it
            decimal=;             | 400 | decimal | must be one of ".", ",", but was ";"
            invalidCells=skip     | 400 | invalidCells | must be one of error, missing, but was "skip"
            """)
    void rejectsInvalidOptions(String option, int status, String parameter, String detail) {
        HttpResponse<String> response = csv("train?target=y&" + option, "x,y\n1,a\n2,b\n");

        JsonNode error = json(response, status).at("/errors/0");
        assertThat(error.path("parameter").asString()).as(response.body()).isEqualTo(parameter);
        assertThat(error.path("detail").asString()).isEqualTo(detail);
    }

    @Test
    void rejectsOptionsOfTablesWithMatrices() {
        JsonNode problem = problem(post("/models/" + id + "/train", """
                        {"inputs": [[1]], "targets": [1], "missing": ["-"]}"""), 422, "invalid-field");

        assertThat(problem.path("detail").asString()).isEqualTo("missing goes with rows of a table");
    }

    @Test
    void warnsOfClassCodes() {
        String rows = "x,y\n"
                + IntStream.range(0, 30).mapToObj(row -> row + "," + row % 3).collect(Collectors.joining("\n"));

        JsonNode training = awaitEnd(csv("train?target=y&epochs=1", rows));

        assertThat(model(id).path("task").asString()).isEqualTo("regression");
        assertThat(training.path("warnings").toString()).contains("task=classification");
    }

    @Test
    void jsonTextIsAClass() {
        String rows = IntStream.range(0, 30)
                .mapToObj(row -> "{\"x\": %d, \"y\": \"%d\"}".formatted(row, row % 3))
                .collect(Collectors.joining(","));

        train(id, "\"rows\": [%s], \"target\": \"y\", \"epochs\": 1".formatted(rows));

        assertThat(model(id).path("task").asString()).isEqualTo("classification");
    }

    private static String rows(int count, IntFunction<String> cell) {
        return "x,y\n"
                + IntStream.range(0, count)
                        .mapToObj(row -> cell.apply(row) + (row % 2 == 0 ? ",a" : ",b"))
                        .collect(Collectors.joining("\n"));
    }

    private static String objects(String rows) {
        return rows.lines()
                .skip(1)
                .map(line -> line.split(","))
                .map(cells -> "{\"x\": %s, \"y\": \"%s\"}"
                        .formatted(cells[0].endsWith("kg") ? '"' + cells[0] + '"' : cells[0], cells[1]))
                .collect(Collectors.joining(","));
    }

    private HttpResponse<String> csv(String operation, String rows) {
        return send(request("/models/" + id + "/" + operation)
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofString(rows)));
    }
}
