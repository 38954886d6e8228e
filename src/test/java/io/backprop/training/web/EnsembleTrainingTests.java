package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.backprop.Await;
import io.backprop.ServiceTestBase;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class EnsembleTrainingTests extends ServiceTestBase {

    private static final String NETWORK = "\"hidden\": [8], \"learningRate\": 0.01, \"seed\": 7";
    private static final String THREE = NETWORK + ", \"ensemble\": 3";
    private static final String FOLDS = NETWORK + ", \"ensemble\": {\"size\": 5, \"by\": \"fold\"}";
    private static final String NUMBERS = "[[0,0],[0,1],[1,0],[1,1]]";

    private JsonNode parameters(String id) {
        return json(get("/models/" + id + "/parameters"), 200);
    }

    private JsonNode trainOnTable(String id, String query, String csv) {
        return awaitEnd(send(request("/models/" + id + "/train?" + query)
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofString(csv))));
    }

    private static String csv(String name) throws IOException {
        return Files.readString(Path.of("src/test/resources/data/" + name + ".csv"));
    }

    /** The header and the rows whose number modulo 4 is 0, or those whose is not. */
    private static String quarter(String csv, boolean held) {
        List<String> lines = csv.lines().toList();
        StringBuilder part = new StringBuilder(lines.get(0)).append('\n');
        IntStream.range(1, lines.size())
                .filter(line -> (line % 4 == 0) == held)
                .forEach(line -> part.append(lines.get(line)).append('\n'));
        return part.toString();
    }

    private JsonNode evaluate(String id, String csv) {
        return json(
                send(request("/models/" + id + "/evaluate")
                        .header("Content-Type", "text/csv")
                        .POST(BodyPublishers.ofString(csv))),
                200);
    }

    @Test
    void averagesNetworksOfSeveralSeeds() {
        String ensemble = create(THREE);
        String single = create(NETWORK);

        JsonNode training = train(ensemble, XOR + ", \"epochs\": 20");
        train(single, XOR + ", \"epochs\": 20");

        assertThat(training.path("epochs").asInt()).isEqualTo(60);
        assertThat(training.path("epochsCompleted").asInt()).isEqualTo(60);
        assertThat(training.at("/settings/epochs").asInt()).isEqualTo(20);
        assertThat(training.path("bestEpoch").isNull()).isTrue();
        assertThat(history(training).path("loss").size()).isEqualTo(60);
        JsonNode model = model(ensemble);
        assertThat(model.path("ensemble").toString()).isEqualTo("{\"size\":3,\"by\":\"seed\"}");
        assertThat(model.path("parameters").asInt())
                .isEqualTo(3 * model(single).path("parameters").asInt());
        JsonNode networks = parameters(ensemble).path("networks");
        assertThat(networks.size()).isEqualTo(3);
        assertThat(networks.path(0)).isEqualTo(parameters(single));
        double sum = 0;
        for (JsonNode network : networks) {
            json(put("/models/" + single + "/parameters", network.toString()), 200);
            sum += predict(single, NUMBERS).at("/predictions/1/0").asDouble();
        }
        assertThat(predict(ensemble, NUMBERS).at("/predictions/1/0").asDouble()).isCloseTo(sum / 3, within(1e-6));
        assertThat(networks.path(1)).isNotEqualTo(networks.path(0));
        String evaluation = "{" + XOR + "}";
        assertThat(json(post("/models/" + ensemble + "/evaluate", evaluation), 200)
                        .path("metrics"))
                .isEqualTo(training.path("trainingMetrics"));
        json(post("/models/" + ensemble + "/importance", evaluation), 200);
    }

    @Test
    void continuesEachNetwork() {
        String twice = create(THREE + ", \"standardize\": false");
        train(twice, XOR + ", \"epochs\": 5");
        JsonNode before = parameters(twice);
        train(twice, XOR + ", \"epochs\": 5");

        assertThat(model(twice).path("epochs").asInt()).isEqualTo(30);
        String again = create(THREE + ", \"standardize\": false");
        json(put("/models/" + again + "/parameters", before.toString()), 200);
        assertThat(parameters(again)).isEqualTo(before);
        for (int network = 0; network < 3; network++) {
            assertThat(parameters(twice).path("networks").path(network))
                    .isNotEqualTo(before.path("networks").path(network));
        }
    }

    @Test
    void measuresEachRowByTheNetworkThatWasNotTrainedOnIt() throws IOException {
        String id = create(FOLDS);

        JsonNode training = trainOnTable(id, "target=species&epochs=40", csv("penguins"));

        assertThat(training.path("epochsCompleted").asInt()).isEqualTo(200);
        assertThat(training.at("/validationMetrics/accuracy").asDouble()).isGreaterThan(0.97);
        assertThat(training.at("/validationMetrics/log_loss").asDouble())
                .isGreaterThan(training.at("/trainingMetrics/log_loss").asDouble());
        assertThat(history(training).path("validationLoss").size()).isEqualTo(200);
        assertThat(parameters(id).path("networks").size()).isEqualTo(5);
        assertThat(evaluate(id, csv("penguins")).at("/metrics/log_loss").asDouble())
                .isCloseTo(training.at("/trainingMetrics/log_loss").asDouble(), within(1e-6));
    }

    @Test
    void measuresHeldRowsInTheUnitOfTheTarget() throws IOException {
        String id = create(FOLDS);

        JsonNode training = trainOnTable(
                id, "target=progression&epochs=200&earlyStopping.patience=5&earlyStopping.monitor=r2", csv("diabetes"));

        assertThat(training.path("stopReason").asString()).isEqualTo("early_stopping");
        assertThat(training.at("/validationMetrics/r2").asDouble()).isBetween(0.4, 0.55);
        assertThat(training.at("/validationMetrics/mean_absolute_error").asDouble())
                .isBetween(30.0, 55.0);
        assertThat(training.at("/trainingMetrics/r2").asDouble()).isGreaterThan(0.5);
        assertThat(evaluate(id, csv("diabetes")).at("/metrics/r2").asDouble())
                .isCloseTo(training.at("/trainingMetrics/r2").asDouble(), within(1e-6));
        JsonNode again = trainOnTable(id, "target=progression&epochs=5", csv("diabetes"));
        assertThat(again.at("/validationMetrics/r2").asDouble()).isBetween(0.4, 0.6);
    }

    @Test
    void keepsGroupsInOneFold() {
        String id = create(NETWORK + ", \"ensemble\": {\"size\": 2, \"by\": \"fold\"}, \"task\": \"classification\"");
        String rows = IntStream.range(0, 40)
                .mapToObj(row -> "%d,%s,g%d\n".formatted(row % 10, row % 10 < 5 ? "a" : "b", row % 2))
                .reduce("x,y,group\n", String::concat);

        JsonNode training = trainOnTable(id, "target=y&groupColumn=group&epochs=5", rows);

        assertThat(training.at("/settings/groupColumn").asString()).isEqualTo("group");
        problem(
                send(request("/models/" + create(FOLDS) + "/train?target=y&groupColumn=group")
                        .header("Content-Type", "text/csv")
                        .POST(BodyPublishers.ofString(rows))),
                422,
                "invalid-field");
    }

    @Test
    void temperatureLowersTheLogLossOfOtherRows() throws IOException {
        String network = "\"hidden\": [64, 64], \"learningRate\": 0.01, \"seed\": 7";
        String calibrated = create(network + ", \"calibrate\": true");
        String plain = create(network);
        String query = "target=diagnosis&epochs=60&validationSplit=0.3";

        JsonNode training = trainOnTable(calibrated, query, quarter(csv("breast_cancer"), false));
        trainOnTable(plain, query, quarter(csv("breast_cancer"), false));

        String held = quarter(csv("breast_cancer"), true);
        double temperature = model(calibrated).path("temperature").asDouble();
        assertThat(temperature).isGreaterThan(1.2);
        assertThat(model(plain).path("temperature").asDouble()).isEqualTo(1);
        assertThat(parameters(calibrated)).isEqualTo(parameters(plain));
        JsonNode metrics = evaluate(calibrated, held).path("metrics");
        assertThat(metrics.path("log_loss").asDouble())
                .isLessThan(0.9 * evaluate(plain, held).at("/metrics/log_loss").asDouble());
        assertThat(metrics.path("accuracy")).isEqualTo(evaluate(plain, held).at("/metrics/accuracy"));
        assertThat(training.at("/validationMetrics/log_loss").asDouble()).isPositive();
        String copy = create("\"copyOf\": \"%s\"".formatted(calibrated));
        assertThat(evaluate(copy, held).path("metrics")).isEqualTo(metrics);
        json(put("/models/" + calibrated + "/parameters", parameters(plain).toString()), 200);
        assertThat(model(calibrated).path("temperature").asDouble()).isEqualTo(1);
        json(post("/models/" + calibrated + "/versions/1/restore", ""), 200);
        assertThat(model(calibrated).path("temperature").asDouble()).isEqualTo(temperature);
    }

    @Test
    void fitsTheTemperatureOfFoldsToTheirOwnRows() throws IOException {
        String id = create(FOLDS + ", \"calibrate\": true");

        JsonNode training = trainOnTable(id, "target=species&epochs=40", csv("iris"));

        assertThat(model(id).path("temperature").asDouble()).isNotEqualTo(1);
        assertThat(training.at("/validationMetrics/log_loss").asDouble()).isLessThan(0.2);
    }

    @Test
    void crossValidatesTheEnsemble() {
        String id = create(THREE);

        JsonNode validation =
                awaitEnd(post("/models/" + id + "/cross-validate", "{" + XOR + ", \"folds\": 2, \"epochs\": 4}"));

        assertThat(validation.path("epochsCompleted").asInt()).isEqualTo(24);
        assertThat(validation.at("/crossValidation/results/0/epochs").asInt()).isEqualTo(12);
        assertThat(validation.path("stopReason").asString()).isEqualTo("epochs");
    }

    @ParameterizedTest
    @ValueSource(strings = {THREE, FOLDS})
    void publishesTheFirstNetworkIfNoneIsCompleted(String settings) {
        String path = header(begin(create(settings), ENDLESS.replace("1000000", "200000")), "Location");
        awaitEpoch(path);
        JsonNode live = Await.until(
                () -> json(post(path + "/predict", "{\"inputs\": " + NUMBERS + "}"), 200),
                predicted -> predicted.path("epoch").asInt() > 0);
        JsonNode training = json(post(path + "/cancel?keep=true", ""), 200);

        assertThat(live.path("predictions").size()).isEqualTo(4);
        assertThat(training.path("state").asString()).isEqualTo("cancelled");
        assertThat(training.path("warnings").toString()).contains("the training ended after 1 of ");
        String id = training.path("model").asString();
        assertThat(parameters(id).path("layers").size()).isEqualTo(2);
        JsonNode layers = model(id).path("layers");
        assertThat(model(id).path("parameters").asInt())
                .isEqualTo(layers.at("/0/parameters").asInt()
                        + layers.at("/1/parameters").asInt());
        String rows = XOR.replace("[1,1]]", "[1,1],[0,0]]").replace("[0]]", "[0],[0]]");
        JsonNode continued = train(id, rows + ", \"epochs\": 2");
        assertThat(continued.path("state").asString()).isEqualTo("succeeded");
        assertThat(parameters(id).path("networks").size())
                .isEqualTo(model(id).at("/ensemble/size").asInt());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"ensemble\": 0|/ensemble/size|must be at least 1, but was 0",
                "\"ensemble\": 101|/ensemble/size|must be at most 100, but was 101",
                "\"ensemble\": {\"by\": \"fold\"}|/ensemble/size|is required",
                "\"ensemble\": {\"size\": 1, \"by\": \"fold\"}|/ensemble/size|size must be at least 2 by fold, since"
                        + " each network leaves a fold out, but was 1",
                "\"calibrate\": true, \"task\": \"regression\"|/calibrate|calibrate is for probabilities, which a"
                        + " classification with a cross-entropy predicts",
            })
    void rejectsInvalidSettings(String fields, String pointer, String detail) {
        JsonNode problem = problem(post("/models", "{" + fields + "}"), 422, "invalid-field");

        assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo(pointer);
        assertThat(problem.at("/errors/0/detail").asString()).isEqualTo(detail);
    }

    @Test
    void publishesTheBestEpochOfANetworkThatDiverges() {
        String id = create("\"hidden\": [], \"optimizer\": \"sgd\", \"learningRate\": 3, \"ensemble\": 3");

        JsonNode training = failure(
                post(
                        "/models/" + id + "/train",
                        "{" + XOR
                                + ", \"epochs\": 1000, \"earlyStopping\": {\"patience\": 1000, \"monitor\":"
                                + " \"loss\"}}"),
                422,
                "training-diverged");

        assertThat(training.path("error").asString())
                .startsWith("in network 1 of 3, ")
                .endsWith("; the networks before it and the parameters of its best epoch are published");
        assertThat(training.path("version").asInt()).isEqualTo(1);
        assertThat(parameters(id).path("layers").size()).isEqualTo(1);
    }

    @Test
    void copyHasTheNetworksOfItsSource() {
        String id = create(THREE);

        problem(post("/models", "{\"copyOf\": \"%s\", \"ensemble\": 2}".formatted(id)), 422, "invalid-field");
    }

    @Test
    void rejectsTrainingsThatDoNotFitTheModel() {
        String byFold = create(FOLDS);
        rejected(byFold, "train", XOR + ", \"validationSplit\": 0.2", """
            validationSplit is for a model whose networks are trained on the same rows; each network of this one is \
            validated on its own fold\
            """);
        rejected(byFold, "train", XOR, "rows must be at least as many as folds of the ensemble, 5, but were 4");
        rejected(byFold, "cross-validate", XOR, """
            a cross-validation is for a model whose networks do not have folds already; after a training, the \
            validationMetrics of this one are those of rows that each network was not trained on\
            """);
        String calibrated = create(NETWORK + ", \"calibrate\": true");
        rejected(calibrated, "train", XOR, """
            validationSplit, or other rows for validation, is required for calibrate, since the temperature is \
            fitted to them; a model with an ensemble by fold needs none\
            """);
        rejected(calibrated, "train", XOR + ", \"validationSplit\": 0.5", """
            the model is created with calibrate, which is for probabilities, but it learns from these rows to \
            predict numbers\
            """);
        problem(
                post("/models/" + create(THREE) + "/train", "{" + XOR + ", \"epochs\": 333334}"),
                422,
                "limit-exceeded");
    }

    private void rejected(String id, String operation, String fields, String detail) {
        JsonNode problem = problem(post("/models/" + id + "/" + operation, "{" + fields + "}"), 422, "invalid-field");
        assertThat(problem.path("detail").asString()).isEqualTo(detail);
    }
}
