package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.backprop.ServiceTestBase;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What models predict with different losses. */
class LossesTests extends ServiceTestBase {

    private static final int ROWS = 400;

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.9})
    void quantileIsAboveThatFractionOfTheTargets(double q) {
        Random random = new Random(3);
        double[] targets = new double[ROWS];
        for (int row = 0; row < ROWS; row++) {
            targets[row] = 1000 + row + 100 * random.nextGaussian();
        }
        String id = create("""
            "hidden": [], "loss": {"type": "quantile", "q": %s}, "seed": 1\
            """.formatted(q));
        String inputs = list(row -> "[" + row + "]");
        train(id, """
            "inputs": %s, "targets": %s, "learningRate": 0.01\
            """.formatted(inputs, list(row -> "" + targets[row])));

        JsonNode predictions = predict(id, inputs).path("predictions");

        long below = IntStream.range(0, ROWS)
                .filter(row -> targets[row] < predictions.path(row).path(0).asDouble())
                .count();
        assertThat(below / (double) ROWS).isCloseTo(q, within(0.03));
    }

    /** The targets are divided by their mean, so the loss is minimal at the mean. */
    @Test
    void poissonPredictsTheMeanOfCounts() {
        String id = create("""
            "hidden": [], "loss": "poisson", "seed": 1\
            """);
        String inputs = list(row -> "[" + row % 2 + "]");
        int[] counts = {0, 500, 40, 700, 80, 600}; // of even rows 0, 40, 80
        train(id, """
            "inputs": %s, "targets": %s, "epochs": 50, "learningRate": 0.02\
            """.formatted(inputs, list(row -> "" + counts[row % 6])));

        JsonNode predictions = predict(id, inputs).path("predictions");

        assertThat(predictions.at("/0/0").asDouble()).isCloseTo(40, within(2.0));
        assertThat(predictions.at("/1/0").asDouble()).isCloseTo(600, within(30.0));
        assertThat(model(id).at("/layers/0/activation").asString()).isEqualTo("exponential");
        assertThat(model(id).path("task").asString()).isEqualTo("regression");
    }

    @Test
    void poissonRejectsNegativeTargets() {
        String id = create("\"hidden\": [], \"loss\": \"poisson\"");

        JsonNode problem = problem(post("/models/" + id + "/train", """
            {"inputs": [[1], [2], [3]], "targets": [2, -1, 3]}\
            """), 422, "invalid-field");

        assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo("/targets/1");
        assertThat(problem.at("/errors/0/detail").asString())
                .isEqualTo("row 1 of targets has -1.0, but with poisson numbers must be at least 0");
    }

    @Test
    void quantileRejectsNamesOfClasses() {
        String id = create("\"hidden\": [], \"loss\": \"quantile\"");

        JsonNode problem = problem(post("/models/" + id + "/train", """
            {"inputs": [[1], [2], [3]], "targets": ["a", "b", "a"]}\
            """), 422, "invalid-field");

        assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo("/targets");
        assertThat(problem.at("/errors/0/detail").asString())
                .isEqualTo("targets of a regression must be numbers, but are text such as \"a\"");
    }

    private static String list(IntFunction<String> element) {
        return IntStream.range(0, ROWS).mapToObj(element).collect(Collectors.joining(",", "[", "]"));
    }
}
