package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Trainings on tables: as CSV and NDJSON with options in the query, or as rows in JSON. */
class TrainOnTableTests extends ServiceTestBase {

    private static final Path IRIS = Path.of("src/test/resources/data/iris.csv");
    private static final String NETWORK = """
            "hidden": [{"units": 8}], "seed": 7""";

    @Test
    void sameTableGivesTheSameBitsInAnyFormat() throws IOException {
        List<String> lines = Files.readAllLines(IRIS);
        List<String> objects =
                lines.stream().skip(1).map(line -> object(lines.get(0), line)).toList();
        String id = create(NETWORK);
        String options = "target=species&epochs=20&validationSplit=0.2&earlyStopping.patience=50";

        JsonNode csv = awaitEnd(table(id, "text/csv", options, Files.readString(IRIS)));
        String ndjson = create(NETWORK);
        awaitEnd(table(ndjson, "application/x-ndjson", options, String.join("\n", objects)));
        String json = create(NETWORK);
        train(json, """
                "rows": [%s], "target": "species", "epochs": 20, "validationSplit": 0.2, "earlyStopping": {"patience": 50}""".formatted(String.join(",", objects)));

        assertThat(csv.path("epochsCompleted").asInt()).isEqualTo(20);
        assertThat(csv.path("examples").asInt()).isEqualTo(120);
        assertThat(parameters(ndjson)).isEqualTo(parameters(id));
        assertThat(parameters(json)).isEqualTo(parameters(id));
        assertThat(model(json).path("features")).isEqualTo(model(id).path("features"));
        assertThat(model(id).path("features").size()).isEqualTo(4);
        assertThat(model(id).path("target").asString()).isEqualTo("species");
        assertThat(model(id).path("classes").toString()).isEqualTo("[\"setosa\",\"versicolor\",\"virginica\"]");
    }

    private static String object(String header, String line) {
        String[] names = header.split(",", -1);
        String[] cells = line.split(",", -1);
        return IntStream.range(0, names.length)
                .mapToObj(i -> "\"%s\": %s".formatted(names[i], i < 4 ? cells[i] : '"' + cells[i] + '"'))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    @Test
    void columnTypesCanBeSet() {
        String id = create("\"hidden\": []");
        String rows = "zip,id,size,y\n10115,1,2.5,a\n10117,2,3.5,b\n10115,3,4.5,a\n10117,4,5.0,b\n";

        awaitEnd(table(id, "text/csv", "target=y&epochs=1&columns.zip=categorical&columns.id=ignore", rows));

        assertThat(model(id).at("/features/0/type").asString()).isEqualTo("categorical");
        assertThat(model(id).at("/features/1/name").asString()).isEqualTo("size");
    }

    @Test
    void warnsOfNewColumnWhoseTypeIsGiven() {
        String id = create("\"hidden\": []");
        String rows = "id,size,y\n1,2.5,a\n2,3.5,b\n";
        awaitEnd(table(id, "text/csv", "target=y&epochs=1&columns.id=ignore", rows));

        String options = "target=y&epochs=1&columns.id=numeric&columns.size=numeric&columns.y=categorical";
        JsonNode training = awaitEnd(table(id, "text/csv", options, rows));

        assertThat(training.path("warnings").toString())
                .isEqualTo(
                        mapper.writeValueAsString(
                                List.of(
                                        "column \"id\" is ignored because the model was not trained with it; to include it, train from scratch")));
    }

    @Test
    void balancesClasses() {
        String data = """
                "inputs": [[1],[2],[3],[4]], "targets": ["a","a","a","b"], "epochs": 3""";
        String balanced = create("\"hidden\": [], \"seed\": 1");
        String byHand = create("\"hidden\": [], \"seed\": 1");

        train(balanced, data + ", \"classWeights\": \"balanced\"");
        train(byHand, data + ", \"classWeights\": {\"a\": %s, \"b\": 2}".formatted(2 / 3f));

        assertThat(parameters(balanced)).isEqualTo(parameters(byHand));
        String table = create("\"hidden\": [], \"seed\": 1");
        awaitEnd(table(table, "text/csv", "target=y&classWeights=balanced&epochs=3", "x,y\n1,a\n2,a\n3,a\n4,b\n"));
    }

    @Test
    void balancesClassesOfTrainingRowsAlone() {
        String rows =
                "x,part,y\n1,train,a\n2,train,a\n3,train,a\n4,train,b\n5,validation,b\n6,validation,b\n7,validation,a\n";
        String balanced = create("\"hidden\": [], \"seed\": 1");
        String byHand = create("\"hidden\": [], \"seed\": 1");

        awaitEnd(table(balanced, "text/csv", "target=y&splitColumn=part&epochs=3&classWeights=balanced", rows));
        String weights = "&classWeights.a=%s&classWeights.b=2".formatted(2 / 3f);
        awaitEnd(table(byHand, "text/csv", "target=y&splitColumn=part&epochs=3" + weights, rows));

        assertThat(parameters(balanced)).isEqualTo(parameters(byHand));
    }

    @Test
    void classWeightsDoNotAffectTheValidationLoss() {
        String rows = "x,y\n1,a\n1,a\n2,b\n2,b\n";
        String options = "target=y&validationSplit=0.5&epochs=1&learningRate=1e-30";
        JsonNode plain = awaitEnd(table(create("\"hidden\": [], \"seed\": 1"), "text/csv", options, rows));
        JsonNode weighted = json(
                table(create("\"hidden\": [], \"seed\": 1"), "text/csv", options + "&classWeights.a=4", rows), 200);

        assertThat(weighted.path("validationLoss")).isEqualTo(plain.path("validationLoss"));
        assertThat(weighted.path("loss")).isNotEqualTo(plain.path("loss"));
    }

    @Test
    void skipsRowsWithoutTargetWithAWarning() {
        JsonNode training =
                awaitEnd(table(create("\"hidden\": []"), "text/csv", "target=y&epochs=1", "x,y\n1,2\n2,\n3,5\n"));

        assertThat(training.path("examples").asInt()).isEqualTo(2);
        assertThat(training.path("warnings").toString()).contains("1 row is ignored");
    }

    @Test
    void resetAllowsOtherData() {
        String id = create("\"hidden\": [], \"seed\": 1");
        String csv = "x,name,y\n1,a,1\n2,b,2\n3,c,5\n4,a,3\n";
        awaitEnd(table(id, "text/csv", "target=name&epochs=1", csv));
        assertThat(model(id).path("task").asString()).isEqualTo("classification");

        json(table(id, "text/csv", "target=y&epochs=1", csv), 422);
        awaitEnd(table(id, "text/csv", "target=y&epochs=1&reset=true", csv));
        assertThat(model(id).path("task").asString()).isEqualTo("regression");
        assertThat(model(id).path("inputs").asInt()).isEqualTo(4);

        train(id, """
                "inputs": [[1, 2], [2, 1]], "targets": ["u", "v"], "epochs": 1, "reset": true""");
        assertThat(model(id).path("inputs").asInt()).isEqualTo(2);
        assertThat(model(id).path("classes").toString()).isEqualTo("[\"u\",\"v\"]");

        String first = create("\"hidden\": [], \"seed\": 1");
        awaitEnd(table(first, "text/csv", "target=name&epochs=1", csv));
        awaitEnd(table(id, "text/csv", "target=name&epochs=1&reset=true", csv));
        assertThat(parameters(id)).isEqualTo(parameters(first));
    }

    @Test
    void learnsClassCodes() {
        String id = create("\"hidden\": [], \"seed\": 1");
        String csv = "x,y\n1,10\n2,9\n3,9.0\n4,10\n5,10\n6,9\n";
        String warning =
                "[\"column \\\"y\\\" has 2 different integers, which are learned as numbers by a regression; if they are classes, set task=classification\"]";

        JsonNode numbers = awaitEnd(table(id, "text/csv", "target=y&epochs=1", csv));
        assertThat(numbers.path("warnings").toString()).isEqualTo(warning);
        JsonNode classes = awaitEnd(table(id, "text/csv", "target=y&epochs=1&reset=true&task=classification", csv));
        assertThat(classes.path("warnings")).isEmpty();
        assertThat(model(id).path("classes").toString()).isEqualTo("[\"9\",\"10\"]");
        assertThat(model(id).path("loss").asString()).isEqualTo("binary_crossentropy");

        String evaluation = "x,y\n1,9.0\n2,10\n";
        JsonNode examples = json(
                send(request("/models/" + id + "/evaluate")
                        .header("Content-Type", "text/csv")
                        .POST(BodyPublishers.ofString(evaluation))),
                200);
        assertThat(examples.at("/byClass/9/examples").asInt()).isEqualTo(1);
        assertThat(json(post("/models/" + id + "/evaluate", """
                {"rows": [{"x": 1, "y": 9}, {"x": 2, "y": 10.0}]}"""), 200)).isEqualTo(examples);
        awaitEnd(table(id, "text/csv", "target=y&epochs=1&reset=true", csv));
        assertThat(model(id).path("task").asString()).isEqualTo("classification");
        awaitEnd(table(id, "text/csv", "target=x&epochs=1&reset=true", csv));
        assertThat(model(id).path("task").asString()).isEqualTo("regression");
    }

    @Test
    void warnsOfFewDistinctIntegersAlsoForTheArticlesNetwork() {
        String csv = "x,y,born\n1,0,2024-01-01\n2,1,2024-01-02\n3,1,2024-01-01\n4,0,2024-01-02\n";

        assertThat(awaitEnd(table(create(""), "text/csv", "target=y&epochs=1", csv))
                        .path("warnings")
                        .toString())
                .contains("set task=classification");
        assertThat(awaitEnd(table(create("\"hidden\": []"), "text/csv", "target=born&epochs=1", csv))
                        .path("warnings")
                        .toString())
                .doesNotContain("task");
    }

    @Test
    void resetKeepsTheSettingsOfTheModel() {
        String id = create("""
                "hidden": [], "classes": ["b", "a"], "inputs": 1""");
        awaitEnd(table(id, "text/csv", "target=y&epochs=1", "x,y\n1,a\n2,b\n"));

        HttpResponse<String> response = table(id, "text/csv", "target=y&epochs=1&reset=true", "x,z,y\n1,2,a\n2,3,b\n");

        assertThat(problem(response, 422, "invalid-field").path("detail").asString())
                .isEqualTo("the columns of the table become 2 inputs, but the model takes 1");
        assertThat(model(id).path("classes").toString()).isEqualTo("[\"b\",\"a\"]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            epochs=1            | target         | target is required with rows of a table: the column to predict
            target=y&epochs=0   | epochs         | must be at least 1, but was 0
            target=y&epochs=1000001 | epochs     | epochs must be at most 1000000, but was 1000001
            target=y&earlyStopping.patience=0 | earlyStopping.patience | must be at least 1, but was 0
            target=y&earlyStopping.patience=1 | earlyStopping | earlyStopping monitors validation_loss, which needs rows for validation, such as validationSplit
            target=y&validationSplit=1 | validationSplit | must be less than 1, but was 1.0
            target=y&classWeights.a=-1 | classWeights.a | must be at least 0, but was -1.0
            target=y&classWeights.c=1 | classWeights | classWeights name "c", but the classes are [a, b]
            """)
    void namesInvalidOptionAsAParameter(String query, String parameter, String detail) {
        String id = create("\"hidden\": []");

        HttpResponse<String> response = table(id, "text/csv", query, "x,y\n1,a\n2,b\n3,a\n");

        JsonNode problem = json(response, 422);
        assertThat(problem.at("/errors/0/detail").asString())
                .as(response.body())
                .isEqualTo(detail);
        assertThat(problem.at("/errors/0/parameter").asString(null)).isEqualTo(parameter);
        assertThat(model(id).path("version").asInt()).isZero();
    }

    private JsonNode parameters(String id) {
        return json(get("/models/" + id + "/parameters"), 200);
    }

    private HttpResponse<String> table(String id, String type, String query, String body) {
        return send(request("/models/%s/train?%s".formatted(id, query))
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body)));
    }

    @Test
    void warnsOfTheArticlesNetwork() {
        String id = create("\"layerCount\": 2");

        JsonNode training = awaitEnd(post("/models/" + id + "/train", """
                {"rows": [{"x": 1, "y": 2}, {"x": 2, "y": 3}, {"x": 3, "y": 5}], "target": "y", "epochs": 1}"""));

        assertThat(training.at("/warnings/0").asString())
                .startsWith("this is the network of the article: sigmoid layers")
                .endsWith("create a model with \"hidden\": [64, 32] in place of layerCount");
        assertThat(model(id).path("warnings")).isEqualTo(training.path("warnings"));
    }
}
