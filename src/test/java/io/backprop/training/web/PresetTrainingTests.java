package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.backprop.ServiceTestBase;
import io.backprop.engine.SplitMix64;
import io.backprop.interchange.web.ModelFiles;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Trainings of models that are created by a preset; most with few units, since widths don't matter to them. */
class PresetTrainingTests extends ServiceTestBase {

    private static final String PRESET = "\"preset\": \"tabular\", \"seed\": 7";
    private static final String SMALL = PRESET + ", \"hidden\": [4]";
    private static final String FIVE_BY_FOLD = "{\"size\":5,\"by\":\"fold\"}";
    private static final String SINGLE = "{\"size\":1,\"by\":\"seed\"}";

    private JsonNode trainOnTable(String id, String query, String csv) {
        return awaitEnd(send(request("/models/" + id + "/train?" + query)
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofString(csv))));
    }

    private static String csv(String name) throws IOException {
        return Files.readString(Path.of("src/test/resources/data/" + name + ".csv"));
    }

    /** A table with a random number x, its group (row modulo 7), a part, and a target y. */
    private static String table(int rows, IntFunction<String> target) {
        SplitMix64 random = new SplitMix64(7);
        return IntStream.range(0, rows)
                .mapToObj(row -> "%s,g%d,%s,%s"
                        .formatted(
                                random.nextFloat(), row % 7, row % 3 == 0 ? "validation" : "train", target.apply(row)))
                .collect(Collectors.joining("\n", "x,group,part,y\n", "\n"));
    }

    private static String classes(int rows) {
        return table(rows, row -> row % 2 == 0 ? "even" : "odd");
    }

    @Test
    void classifiesBySeveralFoldsWithATemperature() throws IOException {
        String id = create(PRESET);

        JsonNode training = trainOnTable(id, "target=species&epochs=32", csv("iris"));

        assertThat(training.path("epochs").asInt()).isEqualTo(5 * 32);
        assertThat(training.at("/validationMetrics/accuracy").asDouble()).isGreaterThan(0.93);
        assertThat(training.at("/settings/keepBest").asString()).isEqualTo("accuracy");
        JsonNode model = model(id);
        assertThat(model.path("ensemble").toString()).isEqualTo(FIVE_BY_FOLD);
        assertThat(model.path("temperature").asDouble()).isNotEqualTo(1);
        assertThat(model.at("/layers/0/activation").asString()).isEqualTo("selu");
        assertThat(model.at("/learningRateFactors/0/weights").asDouble()).isEqualTo(0.5);
        assertThat(model.path("warnings").isEmpty()).isTrue();
    }

    @Test
    void trains256EpochsByDefault() {
        JsonNode training = trainOnTable(create(SMALL), "target=y&task=classification", classes(10));

        assertThat(training.path("epochsCompleted").asInt()).isEqualTo(5 * 256);
        assertThat(training.at("/settings/epochs").asInt()).isEqualTo(256);
        assertThat(training.at("/settings/learningRate").asDouble()).isEqualTo(0.04);
    }

    @Test
    void matricesAreTrainedLikeTables() {
        String id = create(SMALL);

        JsonNode training = train(id, """
            "inputs": [[1, 0], [2, 1], [3, 0], [4, 1], [5, 0]], "targets": [1.5, 2.25, 4.5, 5.25, 7], "epochs": 2,
            "sampleWeights": [1, 2, 1, 1, 1]\
            """);

        assertThat(training.path("epochs").asInt()).isEqualTo(10);
        assertThat(training.at("/settings/keepBest").asString()).isEqualTo("mean_squared_error");
        assertThat(training.at("/settings/learningRate").asDouble()).isEqualTo(0.07);
        JsonNode model = model(id);
        assertThat(model.path("ensemble").toString()).isEqualTo(FIVE_BY_FOLD);
        assertThat(model.path("temperature").asDouble()).isEqualTo(1);
        assertThat(model.at("/scales/inputs/0/smoothClip").asBoolean()).isTrue();
    }

    /** How many networks are trained, and how many rows validate a single one. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        5      | ''                     | 5 | 0
        4      | ''                     | 1 | 0
        2      | ''                     | 1 | 0
        30     | validationSplit=0.5    | 1 | 15
        30     | validationSplit=0      | 1 | 0
        30     | splitColumn=part       | 1 | 10
        30     | groupColumn=group      | 5 | 0
        30     | groupColumn=part       | 1 | 10
        10000  | ''                     | 5 | 0
        10001  | ''                     | 1 | 2000
        50005  | ''                     | 1 | 10000
        """)
    void networksFollowFromTheNumberOfRows(int rows, String query, int networks, int validationRows) {
        String id = create(SMALL);
        String options = query.isEmpty() ? "" : "&" + query;

        JsonNode training = trainOnTable(id, "target=y&epochs=1" + options, classes(rows));

        assertThat(training.path("epochs").asInt()).isEqualTo(networks);
        assertThat(training.at("/settings/validationExamples").asInt()).isEqualTo(validationRows);
        assertThat(training.at("/settings/keepBest").asString(""))
                .isEqualTo(networks == 5 || validationRows > 0 ? "accuracy" : "");
        JsonNode model = model(id);
        assertThat(model.path("ensemble").toString()).isEqualTo(networks == 5 ? FIVE_BY_FOLD : SINGLE);
        assertThat(model.path("folds").asInt()).isEqualTo(5);
        assertThat(model.path("validationMetrics").isNull()).isEqualTo(networks == 1 && validationRows == 0);
        JsonNode listed = json(get("/models?limit=1"), 200).at("/models/0");
        assertThat(listed.path("id").asString()).isEqualTo(id);
        assertThat(listed.path("parameters")).isEqualTo(model.path("parameters"));
    }

    @ParameterizedTest
    @CsvSource({"4, target=y", "30, target=y&groupColumn=part"})
    void warnsOfFewerRowsOrGroupsThanFolds(int rows, String query) {
        JsonNode training = trainOnTable(create(SMALL), "epochs=1&" + query, classes(rows));

        assertThat(training.path("warnings").toString())
                .contains(
                        "a single network is trained, because rows, or groups of rows, are fewer than the 5 folds of the preset");
    }

    @Test
    void doesNotWarnOfASingleNetworkForManyRows() {
        JsonNode training = trainOnTable(create(SMALL), "target=y&epochs=1", classes(10_001));

        assertThat(training.path("warnings").toString()).doesNotContain("a single network");
    }

    @Test
    void aSingleNetworkIsValidatedOnAFifth() {
        JsonNode training = trainOnTable(create(SMALL + ", \"folds\": 1"), "target=y&epochs=1", classes(30));

        assertThat(training.at("/settings/validationExamples").asInt()).isEqualTo(6);
        assertThat(training.at("/settings/validationSplit").asDouble()).isEqualTo(0.2);
    }

    @Test
    void classesMayHaveFewerRowsThanFolds() {
        JsonNode rare = trainOnTable(
                create(SMALL),
                "target=y&epochs=2",
                table(20, row -> row == 3 ? "rare" : row % 2 == 0 ? "even" : "odd"));
        assertThat(rare.path("epochs").asInt()).isEqualTo(10);

        JsonNode each = trainOnTable(create(SMALL), "target=y&epochs=2", table(9, row -> "c" + row));
        assertThat(each.path("epochs").asInt()).isEqualTo(10);

        JsonNode held = trainOnTable(create(SMALL + ", \"folds\": 1"), "target=y&epochs=2", table(9, row -> "c" + row));
        assertThat(held.at("/settings/validationExamples").asInt()).isZero();
    }

    @Test
    void severalLabelsAreKeptByTheValidationLoss() {
        JsonNode training = train(create(SMALL + ", \"loss\": \"binary_crossentropy\""), """
            "inputs": [[1], [2], [3], [4], [5]], "targets": [[0, 1], [1, 1], [0, 0], [1, 0], [0, 1]], "epochs": 2\
            """);

        assertThat(training.at("/settings/keepBest").asString()).isEqualTo("validation_loss");
        assertThat(training.at("/validationMetrics/subset_accuracy").isNumber()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "poisson"
        {"type": "quantile", "q": 0.9}
        "huber"
        """)
    void anotherLossIsKeptByTheValidationLoss(String loss) {
        JsonNode training = trainOnTable(
                create(SMALL + ", \"loss\": " + loss), "target=y&epochs=2", table(20, row -> "" + row % 13));

        assertThat(training.at("/settings/keepBest").asString()).isEqualTo("validation_loss");
        assertThat(training.at("/validationMetrics/r2").isNumber()).isTrue();
    }

    @Test
    void continuesWithTheSameNetworks() {
        String id = create(SMALL);
        trainOnTable(id, "target=y&epochs=2", classes(30));

        JsonNode again = trainOnTable(id, "target=y&epochs=3", classes(30));

        assertThat(again.path("epochs").asInt()).isEqualTo(15);
        assertThat(model(id).path("epochs").asInt()).isEqualTo(25);
        assertThat(model(id).path("ensemble").toString()).isEqualTo(FIVE_BY_FOLD);
    }

    @Test
    void aCrossValidationTrainsOneNetworkForEachFold() {
        String id = create(SMALL);

        JsonNode validation = awaitEnd(send(request("/models/" + id + "/cross-validate?target=y&epochs=2&folds=3")
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofString(classes(60)))));

        assertThat(validation.path("epochs").asInt()).isEqualTo(6);
        assertThat(validation.at("/settings/keepBest").asString()).isEqualTo("accuracy");
        assertThat(validation.at("/settings/validationSplit").asDouble()).isEqualTo(0.1);
    }

    @Test
    void classWeightsAreThoseOfEachFold() {
        JsonNode training = trainOnTable(
                create(SMALL),
                "target=y&epochs=2&classWeights=balanced",
                table(30, row -> row % 6 == 0 ? "few" : "many"));

        assertThat(training.path("state").asString()).isEqualTo("succeeded");
    }

    @ParameterizedTest
    @CsvSource({"export, format=backprop", "onnx, format=onnx"})
    void predictsTheSameFromAFile(String path, String query) throws Exception {
        String id = create(SMALL);
        trainOnTable(id, "target=species&epochs=4", csv("penguins"));

        String copy = newId();
        byte[] file = ModelFiles.download(port, "/models/" + id + "/" + path);
        json(ModelFiles.upload(port, query + "&id=" + copy, file), 201);

        String rows = """
            {"rows": [{"island": "Dream", "beak_length_mm": 39.1, "beak_depth_mm": 18.7, "flipper_length_mm": null,
                       "body_mass_g": 3750, "sex": "MALE"}]}
            """;
        JsonNode expected = json(post("/models/" + id + "/predict", rows), 200).at("/predictions/0");
        JsonNode actual = json(post("/models/" + copy + "/predict", rows), 200).at("/predictions/0");
        assertThat(actual.size()).isEqualTo(3);
        for (int i = 0; i < 3; i++) {
            assertThat(actual.path(i).asDouble()).isCloseTo(expected.path(i).asDouble(), within(1e-5));
        }
        if (path.equals("export")) {
            for (String field : new String[] {"preset", "folds", "ensemble", "layers", "learningRate", "temperature"}) {
                assertThat(model(copy).path(field))
                        .as(field)
                        .isEqualTo(model(id).path(field));
            }
        }
    }
}
