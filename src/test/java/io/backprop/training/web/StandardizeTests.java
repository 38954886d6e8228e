package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.backprop.ServiceTestBase;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Standardization of inputs and targets. */
class StandardizeTests extends ServiceTestBase {

    private static final String LINE = "\"inputs\": [%s], \"targets\": [%s]"
            .formatted(
                    IntStream.range(0, 1000).mapToObj(x -> "[" + x + "]").collect(Collectors.joining(",")),
                    IntStream.range(0, 1000).mapToObj(x -> "" + (2 * x + 1)).collect(Collectors.joining(",")));
    private static final String SIGMOIDS = """
        "hidden": [{"units": 16, "activation": "sigmoid"}], "learningRate": 0.01, "seed": 1\
        """;

    /** The article's demonstration, which saturates every sigmoid without standardization. */
    @Test
    void learnsALineToOnePercentOfItsRange() {
        String id = create(SIGMOIDS + ", \"standardize\": true");

        train(id, LINE + ", \"epochs\": 300");

        JsonNode predictions = predict(id, "[[0], [250], [500], [750], [999]]").path("predictions");
        double[] wanted = {1, 501, 1001, 1501, 1999};
        for (int i = 0; i < wanted.length; i++) {
            assertThat(predictions.at("/" + i + "/0").asDouble()).isBetween(wanted[i] - 20, wanted[i] + 20);
        }
    }

    @Test
    void evaluatesInTheUnitOfTheTargets() {
        String id = create(SIGMOIDS + ", \"standardize\": true");
        train(id, LINE + ", \"epochs\": 5");

        JsonNode evaluation = json(post("/models/" + id + "/evaluate", "{" + LINE + "}"), 200);

        double sum = 0;
        JsonNode predictions = predict(
                        id,
                        IntStream.range(0, 1000).mapToObj(x -> "[" + x + "]").toList() + "")
                .path("predictions");
        for (int x = 0; x < 1000; x++) {
            sum += Math.abs(predictions.at("/" + x + "/0").asDouble() - (2 * x + 1));
        }
        assertThat(evaluation.at("/metrics/mean_absolute_error").asDouble())
                .isCloseTo(sum / 1000, org.assertj.core.data.Percentage.withPercentage(0.01));
    }

    @Test
    void fitsScalesToTheTrainingPartAloneAndShowsThem() {
        String id = create("\"hidden\": [], \"standardize\": true");

        train(id, """
            "inputs": [[1, 5], [3, 5]], "targets": [10, 30], "epochs": 1,
            "validationInputs": [[1000, 0]], "validationTargets": [500]\
            """);

        assertThat(model(id).path("standardize").asBoolean()).isTrue();
        assertThat(model(id).path("scales")).isEqualTo(mapper.readTree("""
            {"inputs": [{"offset": 2.0, "factor": 1.0, "smoothClip": false}, {"offset": 5.0, "factor": 1.0, "smoothClip": false}],
             "targets": [{"offset": 20.0, "factor": 10.0, "smoothClip": false}]}\
            """));
    }

    @Test
    void keepsScalesUnlessReset() {
        String id = create("\"hidden\": [], \"standardize\": true");
        train(id, """
            "inputs": [[1], [3]], "targets": [10, 30], "epochs": 1\
            """);
        JsonNode first = model(id).path("scales");

        train(id, """
            "inputs": [[5], [9]], "targets": [1, 3], "epochs": 1\
            """);
        assertThat(model(id).path("scales")).isEqualTo(first);

        train(id, """
            "inputs": [[5], [9]], "targets": [1, 3], "epochs": 1, "reset": true\
            """);
        assertThat(model(id).at("/scales/inputs/0/offset").asDouble()).isEqualTo(7);
    }

    @Test
    void restoredVersionUsesItsOwnScales() {
        String id = create("\"hidden\": [], \"standardize\": true");
        train(id, """
            "inputs": [[1], [3]], "targets": [10, 30], "epochs": 1\
            """);
        JsonNode before = predict(id, "[[2]]").path("predictions");
        train(id, """
            "inputs": [[500], [900]], "targets": [1, 3], "epochs": 1, "reset": true\
            """);

        json(post("/models/" + id + "/versions/1/restore", ""), 200);

        assertThat(predict(id, "[[2]]").path("predictions")).isEqualTo(before);
    }

    /** The outputs of the article's network are between 0 and 1. */
    @Test
    void scalesTargetsOfSigmoidOutputsToTheirRange() {
        String id = create("""
            "layerCount": 2, "standardize": true, "seed": 3, "learningRate": 0.5\
            """);

        train(id, LINE + ", \"epochs\": 300");

        assertThat(model(id).at("/scales/targets"))
                .isEqualTo(mapper.readTree("[{\"offset\": 1.0, \"factor\": 1998.0, \"smoothClip\": false}]"));
        assertThat(predict(id, "[[500]]").at("/predictions/0/0").asDouble()).isBetween(900.0, 1100.0);
    }

    @Test
    void doesNotScaleTargetsOfAClassification() {
        String id = create("\"hidden\": [], \"standardize\": true");

        train(id, """
            "inputs": [[1], [300]], "targets": ["no", "yes"], "epochs": 1\
            """);

        assertThat(model(id).path("scales").path("targets").isNull()).isTrue();
    }

    /** Inputs and targets in the thousands, which a network does not learn as they are. */
    @Test
    void layersStandardizeByDefaultButTheArticlesNetworkDoesNot() {
        String fields = "\"hidden\": [16], \"learningRate\": 0.01, \"seed\": 1";
        String byDefault = create(fields);
        String unscaled = create(fields + ", \"standardize\": false");
        String article = create("\"layerCount\": 2");

        for (String id : new String[] {byDefault, unscaled, article}) {
            assertThat(model(id).path("standardize").asBoolean()).as(id).isEqualTo(id.equals(byDefault));
            train(id, LINE + ", \"epochs\": 20");
            assertThat(model(id).has("scales")).as(id).isEqualTo(id.equals(byDefault));
        }
        assertThat(r2(byDefault)).isGreaterThan(0.99);
        assertThat(model(unscaled).path("standardize").asBoolean()).isFalse();
    }

    private double r2(String id) {
        return model(id).at("/trainingMetrics/r2").asDouble();
    }

    @Test
    void crossValidatesInTheUnitOfTheTargets() {
        String id = create("\"hidden\": [16], \"learningRate\": 0.01, \"seed\": 1");

        JsonNode training =
                awaitEnd(post("/models/" + id + "/cross-validate", "{" + LINE + ", \"folds\": 2, \"epochs\": 20}"));

        JsonNode metrics = training.at("/crossValidation/metrics");
        assertThat(metrics.at("/r2/mean").asDouble()).isGreaterThan(0.99);
        assertThat(metrics.at("/mean_absolute_error/mean").asDouble()).isBetween(0.5, 100.0);
    }

    /** Parameters that are set apply to the numbers as they are sent, and so do those that later trainings make of them. */
    @Test
    void doesNotScaleForParametersThatWereSetBeforeTheFirstTraining() {
        String id = create("\"hidden\": [], \"task\": \"regression\", \"learningRate\": 1e-9");
        put("/models/" + id + "/parameters", """
            {"layers": [{"weights": [[2]], "biases": [1]}]}\
            """);

        assertThat(model(id).path("standardize").asBoolean()).isFalse();
        assertThat(predict(id, "[[500]]").at("/predictions/0/0").asDouble()).isEqualTo(1001);
        train(id, LINE + ", \"epochs\": 1");
        assertThat(predict(id, "[[500]]").at("/predictions/0/0").asDouble()).isBetween(1000.9, 1001.1);

        train(id, LINE + ", \"epochs\": 1, \"reset\": true");
        assertThat(model(id).path("standardize").asBoolean()).isTrue();
        assertThat(model(id).has("scales")).isTrue();
    }

    /** A linear network that is not standardized computes with the numbers of the table. */
    @Test
    void explicitFalseLeavesTheNumbersOfATableAsTheyAre() {
        String rows = """
            "rows": [{"x": 10, "c": "a", "y": 100}, {"x": 30, "c": "b", "y": 300}, {"x": null, "c": "a", "y": 200}],
            "target": "y", "columns": {"c": "categorical"}, "epochs": 1\
            """;
        String id = create("\"hidden\": [], \"standardize\": false, \"learningRate\": 1e-9, \"seed\": 1");
        assertThat(model(id).path("standardize").asBoolean()).isFalse();

        JsonNode training = train(id, rows);

        JsonNode model = model(id);
        assertThat(model.path("standardize").asBoolean()).isFalse();
        assertThat(model.has("scales")).isFalse();
        assertThat(model.at("/features/0/mean").asDouble()).isEqualTo(20);
        JsonNode layer = json(get("/models/" + id + "/parameters"), 200).at("/layers/0");
        double weight = layer.at("/weights/0/0").asDouble();
        double category = layer.at("/weights/0/1").asDouble();
        double bias = layer.at("/biases/0").asDouble();
        JsonNode predictions =
                json(post("/models/" + id + "/predict", """
                    {"rows": [{"x": 10, "c": "a"}, {"x": null, "c": "a"}]}\
                    """), 200).path("predictions");
        assertThat(predictions.at("/0/0").asDouble()).isCloseTo(10 * weight + category + bias, within(1e-4));
        assertThat(predictions.at("/1/0").asDouble()).isCloseTo(20 * weight + category + bias, within(1e-4));
        assertThat(training.at("/trainingMetrics/mean_absolute_error").asDouble())
                .isGreaterThan(150);
        train(id, rows);
        assertThat(model(id).path("features")).isEqualTo(model.path("features"));

        JsonNode validated = awaitEnd(post("/models/" + id + "/cross-validate", "{" + rows + ", \"folds\": 3}"));
        assertThat(validated
                        .at("/crossValidation/metrics/mean_absolute_error/mean")
                        .asDouble())
                .isGreaterThan(150);
    }

    /** As always for the article's network. */
    @Test
    void standardizesTablesUnlessTheModelSaysOtherwise() {
        String id = create("\"layerCount\": 2");
        train(id, """
            "rows": [{"x": 10, "y": 100}, {"x": 30, "y": 300}], "target": "y", "epochs": 1\
            """);

        assertThat(model(id).path("standardize").asBoolean()).isTrue();
        assertThat(model(id).has("scales")).isTrue();
    }
}
