package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.backprop.ServiceTestBase;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class RobustScalingTests extends ServiceTestBase {

    private static final String ROBUST = "\"hidden\": [8], \"learningRate\": 0.01, \"scaling\": \"robust\"";
    private static final String FOLDS = ROBUST + ", \"ensemble\": {\"size\": 5, \"by\": \"fold\"}";
    private static final String GAPS = """
        "rows": [{"x": 1, "z": 5}, {"x": 2, "z": 7}, {"x": null, "z": 6}, {"x": 3, "z": 9}, {"x": 6, "z": 8}],
        "target": "z", "epochs": 3\
        """;

    private static String csv(String name) throws IOException {
        return Files.readString(Path.of("src/test/resources/data/" + name + ".csv"));
    }

    private JsonNode trainOnTable(String id, String query, String csv) {
        return awaitEnd(send(request("/models/" + id + "/train?" + query)
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofString(csv))));
    }

    private JsonNode predictRows(String id, String rows) {
        return json(post("/models/" + id + "/predict", "{\"rows\": " + rows + "}"), 200);
    }

    /** Figures of pandas 2.1: {@code quantile} of the column without its gaps, of its gaps, and of the signs. */
    @Test
    void showsHowEachColumnIsScaled() {
        String id = create(ROBUST);
        train(id, """
            "rows": [{"x": 1, "w": "a", "v": "p", "y": 1}, {"x": 2, "w": "b", "v": "q", "y": 3},
                     {"x": null, "w": "c", "v": "p", "y": 2}, {"x": 3, "w": "a", "v": null, "y": 4},
                     {"x": 6, "w": "a", "v": "p", "y": 4}],
            "target": "y", "epochs": 1\
            """);

        JsonNode model = model(id);
        assertThat(model.path("scaling").asString()).isEqualTo("robust");
        assertThat(model.path("inputs").asInt()).isEqualTo(6);
        assertThat(model.path("features")).isEqualTo(mapper.readTree("""
            [{"name": "x", "type": "numeric", "mean": 3.0, "deviation": 1.8708286933869707,
              "scale": {"offset": 2.5, "factor": 2.0, "smoothClip": true},
              "indicator": {"offset": 0.0, "factor": 0.5, "smoothClip": true},
              "minimum": 1.0, "median": 2.5, "maximum": 6.0},
             {"name": "w", "type": "categorical", "categories": ["a", "b", "c"], "gaps": false,
              "scales": [{"offset": 1.0, "factor": 1.0, "smoothClip": true},
                         {"offset": 0.0, "factor": 0.5, "smoothClip": true},
                         {"offset": 0.0, "factor": 0.5, "smoothClip": true}]},
             {"name": "v", "type": "categorical", "categories": ["p", "q"], "gaps": false,
              "scales": [{"offset": -1.0, "factor": 1.0, "smoothClip": true}]}]\
            """));
        assertThat(model.at("/scales/inputs").isNull()).isTrue();
        assertThat(model.at("/scales/targets/0/smoothClip").asBoolean()).isFalse();
    }

    @Test
    void scalesRowsOfNumbers() {
        String id = create(ROBUST);
        train(id, """
            "inputs": [[1, 5], [2, 5], [3, 5], [4, 5], [100, 5]], "targets": [1, 2, 3, 4, 5], "epochs": 1\
            """);

        assertThat(model(id).at("/scales/inputs")).isEqualTo(mapper.readTree("""
            [{"offset": 3.0, "factor": 2.0, "smoothClip": true}, {"offset": 5.0, "factor": 1.0, "smoothClip": true}]\
            """));
        JsonNode far = predict(id, "[[1e38, 5], [-1e38, 5]]").path("predictions");
        JsonNode near = predict(id, "[[1e9, 5], [-1e9, 5]]").path("predictions");
        assertThat(far).isEqualTo(near);
    }

    @Test
    void takesInputsOfATableWithGaps() {
        String id = create(ROBUST);
        train(id, GAPS);

        assertThat(model(id).path("inputs").asInt()).isEqualTo(2);
        assertThat(predict(id, "[[2.5], [6]]").path("predictions"))
                .isEqualTo(predictRows(id, "[{\"x\": 2.5}, {\"x\": 6}]").path("predictions"));
        assertThat(problem(post("/models/" + id + "/predict", "{\"inputs\": [[1, 2]]}"), 422, "invalid-field")
                        .path("detail")
                        .asString())
                .isEqualTo("row 0 of inputs has 2 numbers, but the model takes 1");
        assertThat(json(get("/v2/models/" + id), 200).at("/inputs/1/shape")).isEqualTo(mapper.readTree("[-1, 1]"));
    }

    @Test
    void gapsThatTheTrainingHadNotAreTheMean() {
        String id = create(ROBUST);
        train(id, """
            "rows": [{"x": 1, "y": 5}, {"x": 2, "y": 7}, {"x": 6, "y": 6}], "target": "y", "epochs": 3\
            """);

        assertThat(predictRows(id, "[{\"x\": null}]").path("predictions"))
                .isEqualTo(predictRows(id, "[{\"x\": 3}]").path("predictions"));
    }

    @Test
    void unknownWordsAreReportedAndLikeMissingOnes() {
        String id = create(ROBUST);
        train(id, """
            "rows": [{"w": "a", "y": 5}, {"w": "b", "y": 7}, {"w": "a", "y": 6}], "target": "y", "epochs": 3\
            """);

        JsonNode unknown = predictRows(id, "[{\"w\": \"c\"}]");
        assertThat(unknown.at("/warnings/0").asString()).contains("categories not seen in training");
        assertThat(unknown.path("predictions"))
                .isEqualTo(predictRows(id, "[{\"w\": null}]").path("predictions"));
    }

    @Test
    void continuesWithTheScalesOfTheModel() {
        String id = create(ROBUST);
        train(id, GAPS);
        JsonNode features = model(id).path("features");

        train(id, GAPS.replace("\"x\": 6", "\"x\": 600"));
        assertThat(model(id).path("features")).isEqualTo(features);

        train(id, GAPS.replace("\"x\": 6", "\"x\": 600") + ", \"reset\": true");
        assertThat(model(id).path("features")).isNotEqualTo(features);
    }

    /** The metrics of the published networks for the rows of the folds are those of the networks as they were trained. */
    @ParameterizedTest
    @CsvSource({"penguins,species,accuracy", "diabetes,progression,r2"})
    void publishesNetworksOfFoldsWithTheScalesOfTheModel(String file, String target, String metric) throws IOException {
        String id = create(FOLDS);

        JsonNode training = trainOnTable(id, "target=" + target + "&epochs=30", csv(file));

        double held = training.at("/validationMetrics/" + metric).asDouble();
        JsonNode evaluation = json(
                send(request("/models/" + id + "/evaluate")
                        .header("Content-Type", "text/csv")
                        .POST(BodyPublishers.ofString(csv(file)))),
                200);
        assertThat(evaluation.at("/metrics/" + metric).asDouble()).isCloseTo(held, within(0.15));
        assertThat(training.path("warnings")).isEmpty();
    }

    @Test
    void foldsMayLackGapsAndCategories() {
        String id = create("\"hidden\": [4], \"scaling\": \"robust\", \"ensemble\": {\"size\": 3, \"by\": \"fold\"}");

        train(id, """
            "rows": [{"x": 1, "w": "a", "y": 5}, {"x": 2, "w": "b", "y": 7}, {"x": null, "w": "a", "y": 6},
                     {"x": 4, "w": "c", "y": 8}, {"x": 3, "w": "a", "y": 4}, {"x": 7, "w": "b", "y": 5}],
            "target": "y", "epochs": 5\
            """);

        assertThat(predictRows(id, "[{\"x\": null, \"w\": \"c\"}]")
                        .at("/predictions/0/0")
                        .isNumber())
                .isTrue();
    }

    @Test
    void crossValidatesOnTheScalesOfEachFold() throws IOException {
        String id = create(ROBUST);

        JsonNode validated = awaitEnd(send(request("/models/" + id + "/cross-validate?target=species&folds=3&epochs=20")
                .header("Content-Type", "text/csv")
                .POST(BodyPublishers.ofString(csv("penguins")))));

        assertThat(validated.at("/crossValidation/metrics/accuracy/mean").asDouble())
                .isGreaterThan(0.9);
    }

    @Test
    void measuresTheImportanceOfWholeColumns() throws IOException {
        String id = create(ROBUST);
        trainOnTable(id, "target=species&epochs=20", csv("penguins"));

        JsonNode importance = json(
                send(request("/models/" + id + "/importance")
                        .header("Content-Type", "text/csv")
                        .POST(BodyPublishers.ofString(csv("penguins")))),
                200);

        assertThat(importance.path("features")).hasSize(6);
        assertThat(importance.at("/features/0/mean").asDouble()).isGreaterThan(0.05);
    }

    @Test
    void goesWithNumbersThatAreScaled() {
        assertThat(problem(post("/models", "{\"scaling\": \"robust\", \"standardize\": false}"), 422, "invalid-field")
                        .path("detail")
                        .asString())
                .isEqualTo("scaling is how numbers are scaled, but standardize is false");
        assertThat(model(create("\"layerCount\": 2, \"scaling\": \"robust\""))
                        .path("standardize")
                        .asBoolean())
                .isTrue();
    }
}
