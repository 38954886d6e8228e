package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** How the validation rows of a table are chosen: by a column, by groups, or sent separately. */
class ValidationRowsTests extends ServiceTestBase {

    private static final String NETWORK = """
            "hidden": [{"units": 4}], "seed": 7""";
    private static final String MARKED = """
            x,part,color,y
            1,train,red,10
            2,train,blue,20
            30,validation,blue,300
            4,train,red,40
            50,validation,green,500
            6,train,blue,60
            """;

    @Test
    void sameDivisionGivesTheSameBitsInAnyFormat() {
        for (String option : List.of("splitColumn=part", "validationSplit=0.4&groupColumn=color")) {
            String csv = create(NETWORK);
            String ndjson = create(NETWORK);
            String json = create(NETWORK);

            JsonNode training = awaitEnd(
                    table(csv, "train", "text/csv", "target=y&epochs=5&earlyStopping.patience=9&" + option, MARKED));
            awaitEnd(table(
                    ndjson,
                    "train",
                    "application/x-ndjson",
                    "target=y&epochs=5&earlyStopping.patience=9&" + option,
                    String.join("\n", objects(MARKED))));
            String fields = Arrays.stream(option.split("&"))
                    .map(pair ->
                            pair.replaceFirst("(.*)=(.*)", "\"$1\": \"$2\"").replace("\"0.4\"", "0.4"))
                    .collect(Collectors.joining(", "));
            train(json, """
                    "rows": %s, %s, "target": "y", "epochs": 5, "earlyStopping": {"patience": 9}""".formatted(objects(MARKED), fields));

            assertThat(training.path("validationLoss").isNumber()).isTrue();
            assertThat(parameters(ndjson)).isEqualTo(parameters(csv));
            assertThat(parameters(json)).isEqualTo(parameters(csv));
        }
    }

    private static List<String> objects(String csv) {
        List<String> lines = csv.lines().toList();
        String[] names = lines.get(0).split(",", -1);
        return lines.stream()
                .skip(1)
                .map(line -> line.split(",", -1))
                .map(cells -> IntStream.range(0, names.length)
                        .mapToObj(i -> "\"%s\": %s"
                                .formatted(names[i], cells[i].matches("\\d+") ? cells[i] : '"' + cells[i] + '"'))
                        .collect(Collectors.joining(", ", "{", "}")))
                .toList();
    }

    @Test
    void columnSaysWhatEachRowIsFor() {
        String id = create(NETWORK);

        JsonNode training = awaitEnd(table(id, "train", "text/csv", "target=y&epochs=5&splitColumn=part", MARKED));

        assertThat(training.path("examples").asInt()).isEqualTo(4);
        assertThat(training.path("validationMetrics").isObject()).isTrue();
        assertThat(training.at("/settings/splitColumn").asString()).isEqualTo("part");
        assertThat(training.path("settings").has("groupColumn")).isFalse();
        assertThat(names(model(id).path("features"))).containsExactly("x", "color");
        assertThat(model(id).at("/features/1/categories").toString()).doesNotContain("green");
    }

    private static List<String> names(JsonNode features) {
        return features.valueStream()
                .map(feature -> feature.path("name").asString())
                .toList();
    }

    @Test
    void separateRowsAreTheSameAsMarkedOnes() {
        String marked = create(NETWORK);
        JsonNode expected = awaitEnd(table(marked, "train", "text/csv", "target=y&epochs=5&splitColumn=part", MARKED));
        List<String> rows = objects(MARKED.replaceAll("(train|validation|part),", ""));
        String id = create(NETWORK);

        JsonNode training =
                train(id, """
                "validationRows": [%s, %s], "rows": [%s, %s, %s, %s], "target": "y", "epochs": 5""".formatted(rows.get(2), rows.get(4), rows.get(0), rows.get(1), rows.get(3), rows.get(5)));

        assertThat(parameters(id)).isEqualTo(parameters(marked));
        assertThat(training.path("examples").asInt()).isEqualTo(4);
        assertThat(training.path("validationLoss")).isEqualTo(expected.path("validationLoss"));
        assertThat(training.path("validationMetrics")).isEqualTo(expected.path("validationMetrics"));
        assertThat(training.path("warnings").toString())
                .contains("validationRows: column \\\"color\\\": 1 cell with categories not seen in training");
    }

    @Test
    void separateRowsMayHaveColumnsInAnyOrderAndNoTarget() {
        JsonNode training = train(create(NETWORK), """
                "rows": [{"x": 1, "y": "a"}, {"x": 2, "y": "b"}, {"x": 3, "y": "a"}], "target": "y", "epochs": 1,
                "validationRows": [{"other": 5, "y": "b", "x": 7}, {"other": 5, "y": null, "x": 7}]""");

        assertThat(training.path("validationLoss").isNumber()).isTrue();
        assertThat(training.path("warnings").toString())
                .contains("validationRows: 1 row is ignored because the target \\\"y\\\" is missing");
    }

    @Test
    void separateRowsMayHaveClassCodes() {
        JsonNode training = train(create(NETWORK), """
                "rows": [{"x": 1, "y": 0}, {"x": 2, "y": 1}, {"x": 3, "y": 2}], "target": "y", "epochs": 1,
                "task": "classification", "validationRows": [{"x": 1, "y": 1.0}, {"x": 1, "y": 2}, {"x": 1, "y": 0}]""");

        assertThat(training.at("/validationMetrics/accuracy").isNumber()).isTrue();
        assertThat(warnings(training)).noneMatch(warning -> warning.startsWith("validationRows"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [{"x": 1}]                            | /validationRows | validationRows: the target is column "y", but the table has only "x"
            [{"y": "a"}]                          | /validationRows | validationRows: the model needs column "x", but the table has only "y"
            [{"x": 1, "y": "c"}]                  | /validationRows | validationRows: row 0: column "y" must be one of "a", "b", but is "c"
            [{"x": 1, "y": "a"}, {"x": "u", "y": "a"}] | /validationRows | validationRows: row 1: column "x" must be a number, but is "u"; invalidCells=missing takes such cells as missing
            [{"x": 1, "y": null}]                 | /validationRows | validationRows: column "y" is the target, but has no values
            []                                    | /validationRows | validationRows must have at least 1 row, but has none
            """)
    void namesInvalidSeparateRow(String rows, String pointer, String detail) {
        String id = create(NETWORK);

        HttpResponse<String> response = post("/models/" + id + "/train", """
                {"rows": [{"x": 1, "y": "a"}, {"x": 2, "y": "b"}], "target": "y", "validationRows": %s}""".formatted(rows));

        JsonNode problem = problem(response, 422, "invalid-field");
        assertThat(problem.at("/errors/0/detail").asString()).isEqualTo(detail);
        assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo(pointer);
    }

    @Test
    void groupIsNeverOnBothSides() {
        for (int seed = 0; seed < 5; seed++) {
            String id = create("\"hidden\": [], \"seed\": " + seed);
            String csv = patients(40, 5, new Random(seed), false);

            JsonNode training = awaitEnd(table(
                    id, "train", "text/csv", "target=sick&epochs=1&validationSplit=0.25&groupColumn=patient", csv));

            assertThat(training.path("examples").asInt() % 5).isZero();
            assertThat(training.path("examples").asInt()).isBetween(135, 165);
            assertThat(names(model(id).path("features"))).doesNotContain("patient");
        }
    }

    /**
     * A table whose columns identify the patient, but say nothing about the diagnosis of other patients: each patient is sick
     * or not at random.
     *
     * @param identified whether the diagnosis is constant for a patient
     */
    private static String patients(int patients, int visits, Random random, boolean identified) {
        List<String> lines = new ArrayList<>();
        for (int patient = 0; patient < patients; patient++) {
            double height = random.nextGaussian();
            double weight = random.nextGaussian();
            boolean sick = random.nextBoolean();
            for (int visit = 0; visit < visits; visit++) {
                lines.add("p%d,%s,%s,%s"
                        .formatted(
                                patient,
                                height + 0.001 * random.nextGaussian(),
                                weight + 0.001 * random.nextGaussian(),
                                identified ? sick : random.nextBoolean()));
            }
        }
        Collections.shuffle(lines, random);
        return "patient,height,weight,sick\n" + String.join("\n", lines) + "\n";
    }

    @Test
    void groupsRevealWhatRandomRowsLeak() {
        String csv = patients(40, 10, new Random(3), true);
        String network = """
                "hidden": [{"units": 64}, {"units": 64}], "learningRate": 0.01, "seed": 7""";

        JsonNode random = awaitEnd(table(
                create(network),
                "train",
                "text/csv",
                "target=sick&columns.patient=ignore&epochs=200&validationSplit=0.25",
                csv));
        JsonNode grouped = awaitEnd(table(
                create(network),
                "train",
                "text/csv",
                "target=sick&groupColumn=patient&epochs=200&validationSplit=0.25",
                csv));
        JsonNode folds = awaitEnd(table(
                create(network),
                "cross-validate",
                "text/csv",
                "target=sick&groupColumn=patient&epochs=100&folds=4",
                csv));

        assertThat(folds.at("/settings/groupColumn").asString()).isEqualTo("patient");
        assertThat(random.at("/validationMetrics/accuracy").asDouble()).isGreaterThan(0.9);
        assertThat(grouped.at("/validationMetrics/accuracy").asDouble()).isLessThan(0.8);
        assertThat(folds.at("/crossValidation/metrics/accuracy/mean").asDouble())
                .isLessThan(0.8);
        assertThat(folds.at("/crossValidation/results").valueStream())
                .allMatch(fold -> fold.path("examples").asInt() % 10 == 0);
    }

    @Test
    void warnsIfGroupsDoNotFitTheShare() {
        JsonNode training = awaitEnd(table(
                create(NETWORK),
                "train",
                "text/csv",
                "target=y&epochs=1&validationSplit=0.1&groupColumn=g",
                "g,x,y\na,1,1\na,2,2\na,3,3\nb,4,4\nb,5,5\nb,6,6\n"));

        assertThat(training.path("warnings").toString())
                .contains(
                        "3 of 6 rows are for validation, not a share of 0.1, because the rows of a group stay together");
    }

    @Test
    void warnsOfClassesThatAPartLacks() {
        String csv = "x,part,y\n1,train,a\n2,train,b\n3,train,c\n4,validation,d\n5,validation,a\n6,validation,a\n";

        JsonNode marked =
                awaitEnd(table(create(NETWORK), "train", "text/csv", "target=y&epochs=1&splitColumn=part", csv));
        JsonNode random =
                awaitEnd(table(create(NETWORK), "train", "text/csv", "target=y&epochs=1&validationSplit=0.2", csv));
        JsonNode folds =
                awaitEnd(table(create(NETWORK), "cross-validate", "text/csv", "target=y&epochs=1&folds=3", csv));

        assertThat(warnings(marked))
                .contains("no row for training is of class \"d\"", "no row for validation is of classes \"b\", \"c\"");
        assertThat(warnings(random)).contains("no row for validation is of classes \"b\", \"c\", \"d\"");
        assertThat(warnings(folds)).contains("some of the 3 folds have no row of classes \"b\", \"c\", \"d\"");
    }

    private static List<String> warnings(JsonNode training) {
        return training.path("warnings").valueStream().map(JsonNode::asString).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            train | validationSplit=0.5&splitColumn=p | validationSplit | validationSplit and splitColumn exclude each other
            train | groupColumn=g             | groupColumn | groupColumn needs validationSplit, whose rows it keeps together
            train | groupColumn=g&validationSplit=0 | groupColumn | groupColumn needs validationSplit, whose rows it keeps together
            train | groupColumn=g&splitColumn=p | groupColumn | groupColumn and splitColumn exclude each other
            train | splitColumn=y             | splitColumn | splitColumn must be another column than target
            train | validationSplit=0.5&groupColumn=y | groupColumn | groupColumn must be another column than target
            train | splitColumn=p&columns.p=categorical | columns | columns must not give a type to "p", which is the splitColumn and not a feature
            train | splitColumn=q             | | the rows are divided by column "q", but the table has only "x", "g", "p", "y"
            train | splitColumn=g             | | line 2: column "g" must be "train" or "validation", but is "1"
            train | groupColumn=p&validationSplit=0.5 | | line 4: column "p" must name a group in each row, but is missing
            train | splitColumn=p             | | line 4: column "p" must be "train" or "validation", but is missing
            cross-validate | groupColumn=g&folds=4 | folds | folds must be at most as many as groups of column "g", 3, but were 4
            """)
    void rejectsInvalidDivisionOfCsv(String operation, String query, String parameter, String detail) {
        String csv = "x,g,p,y\n1,1,train,a\n2,1,validation,b\n3,2,,a\n4,3,train,b\n";

        HttpResponse<String> response =
                table(create(NETWORK), operation, "text/csv", "target=y&epochs=1&" + query, csv);

        JsonNode problem = problem(response, 422, "invalid-field");
        assertThat(problem.path("detail").asString()).isEqualTo(detail);
        assertThat(problem.at("/errors/0/parameter").asString(null)).isEqualTo(parameter);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "validationRows": [{"x": 1, "y": 2}], "validationSplit": 0.5 | validationSplit and validationRows exclude each other
            "validationRows": [{"x": 1, "y": 2}], "splitColumn": "x"     | validationRows and splitColumn exclude each other
            "validationRows": [{"x": 1, "y": 2}], "groupColumn": "x"     | groupColumn and validationRows exclude each other
            "validationInputs": [[1]], "validationTargets": [1]          | validationInputs go with inputs; with rows of a table, take validationSplit, validationRows or splitColumn
            """)
    void rejectsTwoDivisionsOfRows(String fields, String detail) {
        assertRejected("\"rows\": [{\"x\": 1, \"y\": 2}, {\"x\": 2, \"y\": 3}], \"target\": \"y\", " + fields, detail);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "validationRows": [{"x": 1, "y": 2}]              | validationRows go with rows of a table; with inputs, take validationInputs and validationTargets
            "splitColumn": "x"                                | splitColumn goes with rows of a table
            "groupColumn": "x", "validationSplit": 0.5        | groupColumn goes with rows of a table
            """)
    void rejectsDivisionByColumnOfInputs(String fields, String detail) {
        assertRejected("\"inputs\": [[1], [2]], \"targets\": [1, 2], " + fields, detail);
    }

    private void assertRejected(String fields, String detail) {
        JsonNode problem =
                problem(post("/models/" + create(NETWORK) + "/train", "{" + fields + "}"), 422, "invalid-field");
        assertThat(problem.path("detail").asString()).isEqualTo(detail);
    }

    @Test
    void validationShareOfZeroIsNone() {
        JsonNode training = awaitEnd(table(
                create(NETWORK), "train", "text/csv", "target=y&epochs=1&splitColumn=part&validationSplit=0", MARKED));

        assertThat(training.path("examples").asInt()).isEqualTo(4);
    }

    @Test
    void crossValidationTakesNoSplit() {
        HttpResponse<String> response =
                table(create(NETWORK), "cross-validate", "text/csv", "target=y&splitColumn=part", MARKED);

        assertThat(problem(response, 400, "unreadable-parameter").path("detail").asString())
                .startsWith("splitColumn is unknown here");
    }

    @Test
    void predictionNeedsNoDividingColumn() {
        String id = create(NETWORK);
        awaitEnd(table(id, "train", "text/csv", "target=y&epochs=1&splitColumn=part", MARKED));

        JsonNode without = json(table(id, "predict", "text/csv", "", "x,color\n1,red\n"), 200);
        JsonNode with = json(table(id, "predict", "text/csv", "", "part,x,color\nelse,1,red\n"), 200);
        JsonNode evaluation = json(table(id, "evaluate", "text/csv", "", MARKED), 200);

        assertThat(with.path("predictions")).isEqualTo(without.path("predictions"));
        assertThat(with.path("warnings").isEmpty()).isTrue();
        assertThat(evaluation.path("examples").asInt()).isEqualTo(6);
    }

    private JsonNode parameters(String id) {
        return json(get("/models/" + id + "/parameters"), 200);
    }

    private HttpResponse<String> table(String id, String operation, String type, String query, String body) {
        return send(request("/models/%s/%s?%s".formatted(id, operation, query))
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body)));
    }
}
