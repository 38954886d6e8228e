package io.backprop.prediction.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.backprop.ServiceTestBase;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Predictions for tables, in all formats of requests and responses. */
class PredictTableTests extends ServiceTestBase {

    private static final String CSV = "text/csv";
    private static final String NDJSON = "application/x-ndjson";
    private static final String JSON = "application/json";

    private static final String TRAINING = """
            size,color,kind
            1.5,red,apple
            1.6,green,apple
            0.2,red,cherry
            0.3,red,cherry
            2.5,yellow,melon
            2.9,green,melon
            """;

    /** The same rows in each format, with reordered columns, a missing value and an unknown column. */
    private static final Map<String, String> ROWS = Map.of(
            CSV, "color,note,size\ngreen,\"a, \"\"b\"\"\",1.50\nred,,\n",
            NDJSON, """
                    {"color": "green", "note": "a, \\"b\\"", "size": 1.50}
                    {"size": null, "color": "red", "note": null}
                    """,
            JSON, """
                    {"rows": [{"color": "green", "note": "a, \\"b\\"", "size": 1.50},
                              {"size": null, "color": "red", "note": null}]}""");

    private String id = "";

    @BeforeEach
    void train() {
        id = create("""
                "hidden": [{"units": 4}], "seed": 3""");
        json(send(id, "train?target=kind&epochs=200", CSV, JSON, TRAINING), 200);
    }

    private static String rows(String type) {
        return Objects.requireNonNull(ROWS.get(type));
    }

    @Test
    void sameRowsGiveTheSameResponseInAllFormats() {
        for (String accept : List.of(JSON, CSV, NDJSON)) {
            String expected = predict(CSV, accept, rows(CSV)).body();
            assertThat(predict(NDJSON, accept, rows(NDJSON)).body()).isEqualTo(expected);
            assertThat(predict(JSON, accept, rows(JSON)).body()).isEqualTo(expected);
        }
    }

    @Test
    void writesPredictionsAsJson() {
        JsonNode answer = json(predict(CSV, JSON, rows(CSV)), 200);

        assertThat(answer.path("model").asString()).isEqualTo(id);
        assertThat(answer.path("version").asInt()).isEqualTo(1);
        assertThat(answer.path("predictions").size()).isEqualTo(2);
        assertThat(answer.path("predictions").path(0).size()).isEqualTo(3);
        assertThat(answer.path("labels").size()).isEqualTo(2);
        assertThat(answer.has("warnings")).isFalse();
    }

    @Test
    void csvRepeatsTheRowsUnchanged() {
        HttpResponse<String> response = predict(CSV, CSV, rows(CSV));

        JsonNode json = json(predict(CSV, JSON, rows(CSV)));
        assertThat(header(response, "Content-Type")).isEqualTo("text/csv;charset=UTF-8");
        assertThat(header(response, "Content-Disposition"))
                .isEqualTo("attachment; filename=\"" + id + "-predictions.csv\"");
        assertThat(response.body()).isEqualTo("""
                color,note,size,prediction,probability_apple,probability_cherry,probability_melon
                green,"a, ""b""\",1.50,%s,%s
                red,,,%s,%s
                """.formatted(
                        json.at("/labels/0").asString(),
                        join(json.at("/predictions/0")),
                        json.at("/labels/1").asString(),
                        join(json.at("/predictions/1"))));
    }

    private static String join(JsonNode numbers) {
        return numbers.toString().replaceAll("[\\[\\]]", "");
    }

    @Test
    void ndjsonHasAnObjectPerRow() {
        HttpResponse<String> response = predict(CSV, NDJSON, rows(CSV));

        JsonNode json = json(predict(CSV, JSON, rows(CSV)));
        assertThat(header(response, "Content-Type")).startsWith("application/x-ndjson");
        assertThat(header(response, "Content-Disposition"))
                .isEqualTo("attachment; filename=\"" + id + "-predictions.ndjson\"");
        String[] lines = response.body().split("\n", -1);
        assertThat(lines).hasSize(3).endsWith("");
        for (int i = 0; i < 2; i++) {
            JsonNode line = mapper.readTree(lines[i]);
            assertThat(line.path("prediction")).isEqualTo(json.path("labels").path(i));
            assertThat(line.path("probabilities").propertyNames()).containsExactly("apple", "cherry", "melon");
            assertThat(line.at("/probabilities/melon"))
                    .isEqualTo(json.path("predictions").path(i).path(2));
        }
    }

    @Test
    void prefersJson() {
        for (String accept :
                List.of("*/*", "application/*", "text/csv;q=0.5, application/json", "text/html, */*;q=0.1")) {
            assertThat(header(predict(CSV, accept, rows(CSV)), "Content-Type"))
                    .as(accept)
                    .isEqualTo(JSON);
        }
        assertThat(header(predict(CSV, "text/*", rows(CSV)), "Content-Type")).startsWith(CSV);
        problem(predict(CSV, "text/html", rows(CSV)), 406, "not-acceptable");
    }

    @Test
    void replacesColumnsNamedLikePredictions() {
        String first = predict(CSV, CSV, rows(CSV)).body();

        assertThat(predict(CSV, CSV, first).body()).isEqualTo(first);
        assertThat(predict(CSV, CSV, "probability_apple,size, prediction ,color\nold,1,old,red\n")
                        .body())
                .startsWith("size,color,prediction,probability_apple,")
                .doesNotContain("old");
    }

    @Test
    void warnsAboutUnknownCategories() {
        String rows = "size,color\n1,blue\n2,gr\u00fcn\n";
        String warning = "column \"color\": 2 cells with categories not seen in training, such as \"blue\"";

        assertThat(json(predict(CSV, JSON, rows), 200).path("warnings").toString())
                .isEqualTo(mapper.writeValueAsString(List.of(warning)));
        for (String accept : List.of(CSV, NDJSON)) {
            assertThat(mapper.readTree(header(predict(CSV, accept, rows), "Backprop-Warnings"))
                            .path(0)
                            .asString())
                    .isEqualTo(warning);
            assertThat(predict(CSV, accept, rows(CSV)).headers().firstValue("Backprop-Warnings"))
                    .isEmpty();
        }
        assertThat(header(predict(CSV, CSV, "size,color\n1,gr\u00fcn\n"), "Backprop-Warnings"))
                .contains("gr\\u00FCn");
    }

    @Test
    void countsWarningsThatDoNotFitIntoTheHeader() {
        String names = IntStream.range(0, 100).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
        String row = IntStream.range(0, 100).mapToObj(i -> "%s").collect(Collectors.joining(","));
        id = create("\"hidden\": [], \"seed\": 1");
        String training = names + ",y\n" + row.replace("%s", "a") + ",1\n" + row.replace("%s", "b") + ",2\n"
                + row.replace("%s", "a") + ",3\n";
        json(send(id, "train?target=y&epochs=1", CSV, JSON, training), 200);

        HttpResponse<String> response = predict(CSV, CSV, names + "\n" + row.replace("%s", "new"));

        assertThat(header(response, "Backprop-Warnings")).hasSizeLessThanOrEqualTo(4_000);
        JsonNode warnings = mapper.readTree(header(response, "Backprop-Warnings"));
        assertThat(warnings.path(0).asString()).contains("\"c0\"");
        assertThat(warnings.path(warnings.size() - 1).asString()).matches("\\d+ more warnings");
        assertThat(json(get("/v3/api-docs"), 200)
                        .at("/paths/~1models~1{id}~1predict/post/responses/200/headers/Backprop-Warnings/schema/type")
                        .asString())
                .isEqualTo("string");
    }

    @Test
    void predictsInTheUnitOfTheTargets() {
        id = create("""
                "hidden": [], "learningRate": 0.05, "seed": 1""");
        json(send(id, "train?target=y&epochs=500", CSV, JSON, "x,y\n1,1003\n2,1005\n3,1007\n4,1009\n"), 200);

        JsonNode json = json(predict(CSV, JSON, "x\n5\n"), 200);
        float number = json.at("/predictions/0/0").floatValue();
        assertThat(number).isCloseTo(1011, offset(1f));
        assertThat(json.has("labels")).isFalse();
        assertThat(predict(CSV, CSV, "x\n5\n").body()).isEqualTo("x,prediction\n5," + number + "\n");
        assertThat(predict(CSV, NDJSON, "x\n5\n").body()).isEqualTo("{\"prediction\":" + number + "}\n");
    }

    @ParameterizedTest
    @CsvSource({
        "2024-01-01, 2024-01-05, 2024-01-07",
        "2024-01-01T00:00, 2024-01-02T12:00, 2024-01-03T06:00:00Z",
        "01.01.2024, 05.01.2024, 2024-01-07",
    })
    void predictsDates(String first, String last, String expected) {
        id = create("""
                "hidden": [], "learningRate": 0.05, "seed": 1""");
        String format = first.contains(".") ? "&dateFormat=dd.MM.yyyy" : "";
        String rows = "x,y\n1,%s\n3,%s\n".formatted(first, last);
        json(send(id, "train?target=y&epochs=2000" + format, CSV, JSON, rows), 200);

        JsonNode json = json(predict(CSV, JSON, "x\n4\n"), 200);
        assertThat(json.path("predictions").toString()).isEqualTo("[[\"%s\"]]".formatted(expected));
        assertThat(predict(CSV, CSV, "x\n4\n").body()).isEqualTo("x,prediction\n4,%s\n".formatted(expected));
        assertThat(predict(CSV, NDJSON, "x\n4\n").body()).isEqualTo("{\"prediction\":\"%s\"}\n".formatted(expected));
        assertThat(json(send(id, "evaluate", CSV, JSON, rows), 200)
                        .at("/metrics/mean_absolute_error")
                        .asDouble())
                .isBetween(0.0, 0.1);
    }

    @Test
    void acceptsInputsInTheOrderOfNumericFeatures() {
        for (String standardize : List.of("true", "false")) {
            id = create("\"hidden\": [], \"seed\": 1, \"standardize\": " + standardize);
            String table = "mass,y,length\n100,no,1\n200,yes,2\n300,yes,1\n400,no,2\n";
            json(send(id, "train?target=y&epochs=20", CSV, JSON, table), 200);
            String inputs = "\"inputs\": [[100,1],[200,2],[300,1],[400,2]]";
            String targets = ", \"targets\": [\"no\",\"yes\",\"yes\",\"no\"]";

            assertThat(json(predict(JSON, JSON, "{" + inputs + "}"), 200))
                    .isEqualTo(json(predict(CSV, JSON, table), 200));
            for (String operation : List.of("evaluate", "importance")) {
                assertThat(json(send(id, operation, JSON, JSON, "{" + inputs + targets + "}"), 200))
                        .isEqualTo(json(send(id, operation, CSV, JSON, table), 200));
            }
        }
        id = create("\"hidden\": []");
        json(send(id, "train?target=y&epochs=1", CSV, JSON, "x,z,y\n1,2,1.5\n2,1,2\n"), 200);
        String sameTargets = "{\"inputs\": [[1,2],[2,1]], \"targets\": [1,1]}";
        JsonNode constant = problem(send(id, "importance", JSON, JSON, sameTargets), 422, "invalid-field");
        assertThat(constant.at("/errors/0/pointer").asString()).isEqualTo("/targets");
        JsonNode narrow = problem(predict(JSON, JSON, "{\"inputs\": [[1]]}"), 422, "invalid-field");
        assertThat(narrow.path("detail").asString()).isEqualTo("row 0 of inputs has 1 numbers, but the model takes 2");
        id = create("\"hidden\": []");
        json(send(id, "train?target=y&epochs=1", CSV, JSON, "x,born,y\n1,2024-01-01,1.5\n2,2024-01-05,2\n"), 200);
        JsonNode dates = problem(predict(JSON, JSON, "{\"inputs\": [[1,1]]}"), 422, "invalid-field");
        assertThat(dates.path("detail").asString()).contains("column \"born\" is a date");
    }

    @Test
    void oneOutputGivesTwoProbabilities() {
        id = create("\"hidden\": [], \"seed\": 1");
        json(send(id, "train?target=y&epochs=5", CSV, JSON, "x,y\n1,no\n2,yes\n"), 200);
        JsonNode json = json(predict(CSV, JSON, "x\n1\n"), 200);
        String first = json.at("/predictions/0/0").toString();
        String second = json.at("/predictions/0/1").toString();

        assertThat(json.path("classes").toString()).isEqualTo("[\"no\",\"yes\"]");
        assertThat(1 - Float.parseFloat(second)).isEqualTo(Float.parseFloat(first));
        assertThat(predict(CSV, CSV, "x\n1\n").body())
                .startsWith("x,prediction,probability_no,probability_yes\n1,")
                .endsWith(",%s,%s\n".formatted(first, second));
        assertThat(predict(CSV, NDJSON, "x\n1\n").body())
                .endsWith("\"probabilities\":{\"no\":%s,\"yes\":%s}}\n".formatted(first, second));
    }

    @Test
    void thresholdMovesTheBorderOfThePositiveClass() {
        id = create("\"hidden\": [], \"seed\": 1");
        json(send(id, "train?target=y&epochs=5", CSV, JSON, "x,y\n1,yes\n2,no\n"), 200);
        for (String threshold : List.of("1e-5", "0.99999")) {
            String label = threshold.equals("1e-5") ? "yes" : "no";
            String operation = "predict?threshold=" + threshold;
            assertThat(json(send(id, operation, CSV, JSON, "x\n1\n"), 200)
                            .at("/labels/0")
                            .asString())
                    .isEqualTo(label);
            assertThat(send(id, operation, CSV, CSV, "x\n1\n").body()).contains("\n1," + label + ",0.");
            assertThat(send(id, operation, CSV, NDJSON, "x\n1\n").body()).contains("\"prediction\":\"" + label + '"');
        }
        for (String accept : List.of(JSON, CSV, NDJSON)) {
            assertThresholdRejected("0", accept, "threshold must be greater than 0, but was 0.0");
            assertThresholdRejected("1", accept, "threshold must be less than 1, but was 1.0");
            problem(send(id, "predict?threshold=NaN", CSV, accept, "x\n1\n"), 400, "unreadable-parameter");
        }
    }

    private void assertThresholdRejected(String threshold, String accept, String detail) {
        JsonNode problem =
                problem(send(id, "predict?threshold=" + threshold, CSV, accept, "x\n1\n"), 422, "invalid-field");
        assertThat(problem.path("detail").asString()).isEqualTo(detail);
        assertThat(problem.at("/errors/0/parameter").asString()).isEqualTo("threshold");
    }

    @Test
    void thresholdNeedsTwoClasses() {
        assertThresholdRejected("0.3", CSV, "threshold is for a model with 2 classes, but this one has 3");
        id = create("\"hidden\": []");
        json(send(id, "train?target=y&epochs=5", CSV, JSON, "x,y\n1,1.5\n2,3\n"), 200);
        assertThresholdRejected("0.3", JSON, "threshold is for a model with 2 classes, but this one predicts numbers");
    }

    @ParameterizedTest
    @CsvSource({"application/json", "text/csv", "application/x-ndjson"})
    void errorInTheLastRowIsReportedByStatus(String accept) {
        String many = "size,color\n" + "1.5,red\n".repeat(100_000);

        JsonNode invalid = problem(predict(CSV, accept, many + "big,red\n"), 422, "invalid-field");
        assertThat(invalid.path("detail").asString())
                .isEqualTo(
                        "line 100002: column \"size\" must be a number, but is \"big\"; invalidCells=missing takes such cells as missing");
        problem(predict(CSV, accept, many + "1.5\n"), 422, "invalid-field");
        problem(predict(CSV, accept, many + "1.5,\"red\n"), 400, "unreadable-body");
    }

    @Test
    void rejectsRowsThatDoNotFitTheModel() {
        assertThat(problem(predict(CSV, JSON, "size\n1\n"), 422, "invalid-field")
                        .path("detail")
                        .asString())
                .contains("\"color\"");
        assertThat(problem(predict(JSON, CSV, "{\"inputs\": [[1, 2]]}"), 406, "not-acceptable")
                        .path("detail")
                        .asString())
                .endsWith("available: application/json");
        JsonNode inputs = problem(predict(JSON, JSON, "{\"inputs\": [[1, 2]]}"), 422, "invalid-field");
        assertThat(inputs.at("/errors/0/pointer").asString()).isEqualTo("/inputs");
        assertThat(inputs.path("detail").asString())
                .isEqualTo(
                        "inputs are for features that are all numbers, but column \"color\" is categorical; send rows instead of inputs");
        problem(send(id, "predict?epochs=1", CSV, JSON, rows(CSV)), 400, "unreadable-parameter");
        problem(send(id, "predict?version=7", CSV, CSV, rows(CSV)), 404, "version-not-found");
        problem(send(create(""), "predict", CSV, CSV, rows(CSV)), 409, "model-not-trained");
        String matrices = create("\"hidden\": []");
        train(matrices, """
                "inputs": [[1]], "targets": [1], "epochs": 1""");
        for (String accept : List.of(JSON, CSV)) {
            JsonNode rows = problem(send(matrices, "predict", CSV, accept, "x\n1\n"), 422, "invalid-field");
            assertThat(rows.path("detail").asString())
                    .isEqualTo("the model learned from rows of numbers, not from a table; send JSON with inputs");
        }
    }

    private HttpResponse<String> predict(String type, String accept, String body) {
        return send(id, "predict", type, accept, body);
    }

    private HttpResponse<String> send(String id, String operation, String type, String accept, String body) {
        return send(request("/models/" + id + "/" + operation)
                .header("Content-Type", type)
                .header("Accept", accept)
                .POST(BodyPublishers.ofString(body)));
    }
}
