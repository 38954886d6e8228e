package io.backprop.prediction.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Importance of features where it is known. */
class ImportanceTests extends ServiceTestBase {

    private static final List<float[]> POINTS = points(2_000);
    private static final String INPUTS =
            POINTS.stream().map(ImportanceTests::row).collect(Collectors.joining(",", "[", "]"));

    /** Predicts 3·x₀ + x₁; x₂ has no influence. */
    private static final String SUM = "{\"weights\": [[3, 1, 0]], \"biases\": [0]}";

    private static final String SUM_TARGETS = POINTS.stream()
            .map(point -> String.valueOf(3 * point[0] + point[1]))
            .collect(Collectors.joining(",", "[", "]"));

    @Test
    void importanceFollowsTheVarianceOfTheTerm() {
        String id = model("\"hidden\": [], \"task\": \"regression\"", SUM);

        JsonNode answer = importance(id, INPUTS, SUM_TARGETS, ", \"seed\": 1");

        assertThat(answer.propertyNames())
                .containsExactly("model", "version", "examples", "metric", "score", "repeats", "features");
        assertThat(answer.path("model").asString()).isEqualTo(id);
        assertThat(answer.path("version").asInt()).isEqualTo(1);
        assertThat(answer.path("examples").asInt()).isEqualTo(2_000);
        assertThat(answer.path("metric").asString()).isEqualTo("r2");
        assertThat(answer.path("score").asDouble()).isEqualTo(1);
        assertThat(answer.path("repeats").asInt()).isEqualTo(5);
        assertThat(names(answer)).containsExactly("0", "1", "2");
        // a permuted term of variance w² leaves errors of 2·w²; r2 measures them by the targets' 3² + 1²
        assertThat(answer.at("/features/0/mean").asDouble()).isCloseTo(2 * 9 / 10.0, Offset.offset(0.1));
        assertThat(answer.at("/features/1/mean").asDouble()).isCloseTo(2 * 1 / 10.0, Offset.offset(0.02));
        assertThat(answer.at("/features/0/deviation").asDouble()).isBetween(0.001, 0.1);
        assertThat(answer.at("/features/2").toString()).isEqualTo("""
                {"name":"2","mean":0.0,"deviation":0.0}""");
    }

    @Test
    void importanceOfAClassifierIsLostAccuracy() {
        String id = model("""
                        "hidden": [], "classes": ["low", "high"]""", "{\"weights\": [[0, 0, 5]], \"biases\": [0]}");
        String targets = POINTS.stream()
                .map(point -> point[2] > 0 ? "\"high\"" : "\"low\"")
                .collect(Collectors.joining(",", "[", "]"));

        JsonNode answer = importance(id, INPUTS, targets, ", \"seed\": 1");

        assertThat(answer.path("metric").asString()).isEqualTo("accuracy");
        assertThat(answer.path("score").asDouble()).isEqualTo(1);
        assertThat(names(answer)).containsExactly("2", "0", "1");
        assertThat(answer.at("/features/0/mean").asDouble()).isCloseTo(0.5, Offset.offset(0.03));
        assertThat(answer.at("/features/1/mean").asDouble()).isZero();
    }

    @Test
    void returnsMeanAndDeviationOfTheRepeats() {
        String id = model("\"hidden\": [], \"task\": \"regression\"", "{\"weights\": [[1]], \"biases\": [0]}");
        // in the other order of two rows the errors are 1 and -1, against squares of 0.5 around the mean: r2 is -3
        JsonNode answer = importance(id, "[[0],[1]]", "[0,1]", ", \"repeats\": 100, \"seed\": 1");

        double mean = answer.at("/features/0/mean").asDouble();
        double swapped = mean / 4; // the share of the orders that lose 4
        assertThat(swapped).isBetween(0.3, 0.7);
        assertThat(answer.at("/features/0/deviation").asDouble())
                .isCloseTo(4 * Math.sqrt(swapped * (1 - swapped)), Offset.offset(1e-12));
    }

    /** More rows than one part. */
    @Test
    void largeInputsKeepTheirTargets() {
        String id = model("\"hidden\": [], \"task\": \"regression\"", "{\"weights\": [[1]], \"biases\": [0]}");
        List<String> numbers =
                IntStream.range(0, 300_000).mapToObj(String::valueOf).toList();
        String rows = numbers.stream().map("[%s]"::formatted).collect(Collectors.joining(",", "[", "]"));

        JsonNode answer = importance(id, rows, numbers.toString(), ", \"repeats\": 2, \"seed\": 1");

        assertThat(answer.path("score").asDouble()).isEqualTo(1);
        assertThat(answer.at("/features/0/mean").asDouble()).isCloseTo(2, Offset.offset(0.01));
    }

    @Test
    void sameSeedGivesTheSameBits() {
        String id = model("""
                "hidden": [], "task": "regression", "seed": 7""", SUM);

        JsonNode answer = importance(id, INPUTS, SUM_TARGETS, "");

        assertThat(importance(id, INPUTS, SUM_TARGETS, "")).isEqualTo(answer);
        assertThat(importance(id, INPUTS, SUM_TARGETS, ", \"seed\": 7")).isEqualTo(answer);
        assertThat(importance(id, INPUTS, SUM_TARGETS, ", \"seed\": 8").path("features"))
                .isNotEqualTo(answer.path("features"));
    }

    @Test
    void firstRepeatDoesNotDependOnTheNumberOfRepeats() {
        String id = model("\"hidden\": [], \"task\": \"regression\"", SUM);
        double one = firstMean(id, 1);
        double two = firstMean(id, 2);
        double deviationOfTwo = importance(id, INPUTS, SUM_TARGETS, ", \"repeats\": 2")
                .at("/features/0/deviation")
                .asDouble();

        assertThat(Math.abs(one - two)).isCloseTo(deviationOfTwo, Offset.offset(1e-12));
    }

    private double firstMean(String id, int repeats) {
        return importance(id, INPUTS, SUM_TARGETS, ", \"repeats\": " + repeats)
                .at("/features/0/mean")
                .asDouble();
    }

    @Test
    void measuresEarlierVersion() {
        String id = model("\"hidden\": [], \"task\": \"regression\"", SUM);
        json(put("/models/" + id + "/parameters", """
                {"layers": [{"weights": [[0, 0, 1]], "biases": [0]}]}"""), 200);
        String body = "{\"inputs\": %s, \"targets\": %s}".formatted(INPUTS, SUM_TARGETS);

        JsonNode first = json(post("/models/" + id + "/importance?version=1", body), 200);
        JsonNode second = json(post("/models/" + id + "/importance", body), 200);

        assertThat(first.path("version").asInt()).isEqualTo(1);
        assertThat(names(first)).containsExactly("0", "1", "2");
        assertThat(names(second)).startsWith("2");
    }

    /** Petals distinguish the species of irises better than sepals. */
    @Test
    void petalsAreMostImportantForIrises() throws IOException {
        List<String[]> flowers;
        try (Stream<String> lines = Files.lines(Path.of("src/test/resources/data/iris.csv"))) {
            flowers = lines.skip(1).map(line -> line.split(",", -1)).toList();
        }
        String examples = "\"inputs\": %s, \"targets\": %s"
                .formatted(
                        flowers.stream()
                                .map(flower -> List.of(flower).subList(0, 4))
                                .toList(),
                        flowers.stream().map(flower -> "\"" + flower[4] + "\"").toList());
        String id = create("""
                "hidden": [{"units": 16}], "standardize": true, "seed": 1""");
        train(id, examples + ", \"epochs\": 200");

        JsonNode answer = json(post("/models/" + id + "/importance", "{" + examples + "}"), 200);

        assertThat(answer.path("score").asDouble()).isGreaterThan(0.95);
        assertThat(names(answer).subList(0, 2)).containsExactlyInAnyOrder("2", "3");
    }

    /** Independent numbers of mean 0 and deviation 1. */
    private static List<float[]> points(int count) {
        Random random = new Random(1);
        return IntStream.range(0, count)
                .mapToObj(i -> new float[] {
                    (float) random.nextGaussian(), (float) random.nextGaussian(), (float) random.nextGaussian()
                })
                .toList();
    }

    private static String row(float[] point) {
        return "[%s,%s,%s]".formatted(point[0], point[1], point[2]);
    }

    private JsonNode importance(String id, String inputs, String targets, String options) {
        String body = "{\"inputs\": %s, \"targets\": %s%s}".formatted(inputs, targets, options);
        return json(post("/models/" + id + "/importance", body), 200);
    }

    private static List<String> names(JsonNode answer) {
        return answer.path("features")
                .valueStream()
                .map(feature -> feature.path("name").asString())
                .toList();
    }

    /** A model of one layer with these parameters. */
    private String model(String fields, String layer) {
        String id = create(fields);
        json(put("/models/" + id + "/parameters", "{\"layers\": [%s]}".formatted(layer)), 200);
        return id;
    }
}
