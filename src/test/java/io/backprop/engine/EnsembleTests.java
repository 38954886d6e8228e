package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The expected predictions and losses are from PyTorch 2.6 in float64. */
class EnsembleTests {

    private static final Offset<Float> CLOSE = within(1e-6f);
    private static final NetworkSpec SOFTMAX =
            NetworkSpec.of(2, new Loss.CategoricalCrossentropy(), new LayerSpec(3, Activation.SOFTMAX));
    private static final NetworkSpec SIGMOID =
            NetworkSpec.of(2, new Loss.BinaryCrossentropy(), new LayerSpec(1, Activation.SIGMOID));
    private static final Matrix INPUTS = Matrix.of(new float[] {1, 2}, new float[] {-3, 0.5f}, new float[] {4, -1});
    private static final Ensemble CLASSES = Ensemble.of(List.of(
            Network.of(SOFTMAX, new float[] {1, -1, 0, 0.5f, 0.25f, 2, 0, 1, -1}),
            Network.of(SOFTMAX, new float[] {0.5f, 2, -0.5f, -1, 1, 0.25f, 0.5f, 0, 0})));
    private static final Ensemble POSITIVE = Ensemble.of(
            List.of(Network.of(SIGMOID, new float[] {1, 0.5f, 0}), Network.of(SIGMOID, new float[] {0.5f, -1, 0.5f})));
    private static final Examples CLASS_EXAMPLES =
            Examples.of(INPUTS, Matrix.of(new float[] {1, 0, 0}, new float[] {0, 1, 0}, new float[] {0, 0, 1}));
    private static final Examples POSITIVE_EXAMPLES =
            Examples.of(INPUTS, Matrix.of(new float[] {1}, new float[] {0}, new float[] {1}));

    @Test
    void averagesProbabilities() {
        Matrix predictions = CLASSES.predict(INPUTS);

        assertThat(predictions.row(0)).containsExactly(new float[] {0.13014472f, 0.51608527f, 0.35377002f}, CLOSE);
        assertThat(predictions.row(2)).containsExactly(new float[] {0.51332116f, 0.4858825f, 0.00079636f}, CLOSE);
        assertThat(POSITIVE.predict(INPUTS).row(1)).containsExactly(new float[] {0.12125609f}, CLOSE);
    }

    /** Layers of a prediction share arrays, in which a row has another place if they are not equally wide. */
    @ParameterizedTest
    @ValueSource(ints = {256, 64})
    void severalThreadsPredictTheSameBits(int lastUnits) {
        NetworkSpec spec = NetworkSpec.of(
                4,
                new Loss.CategoricalCrossentropy(),
                new LayerSpec(256, Activation.SELU),
                new LayerSpec(256, Activation.SELU),
                new LayerSpec(lastUnits, Activation.SELU),
                new LayerSpec(3, Activation.SOFTMAX));
        Ensemble ensemble = Ensemble.of(List.of(Network.initialize(spec, 3), Network.initialize(spec, 4)));
        Matrix inputs = ExampleData.numbers(120, 4, 1).inputs();
        Matrix expected = ensemble.predict(inputs);
        Threads threads = Threads.of(2);
        for (int call = 0; call < 100; call++) {
            assertThat(ensemble.predict(inputs, threads)).isEqualTo(expected);
        }
    }

    @Test
    void dividesTheLogitsOfTheMeanByTheTemperature() {
        Matrix predictions = CLASSES.withTemperature(1.5).predict(INPUTS);

        assertThat(predictions.row(0)).containsExactly(new float[] {0.18338346f, 0.45943433f, 0.35718223f}, CLOSE);
        assertThat(predictions.row(2)).containsExactly(new float[] {0.5057042f, 0.4875187f, 0.00677708f}, CLOSE);
        assertThat(POSITIVE.withTemperature(1.5).predict(INPUTS).row(1))
                .containsExactly(new float[] {0.210753f}, CLOSE);
    }

    @Test
    void evaluatesTheMeanPredictions() {
        assertThat(loss(CLASSES, CLASS_EXAMPLES)).isCloseTo(3.29466172, within(1e-6));
        assertThat(loss(CLASSES.withTemperature(1.5), CLASS_EXAMPLES)).isCloseTo(2.48010976, within(1e-6));
        assertThat(loss(POSITIVE, POSITIVE_EXAMPLES)).isCloseTo(0.23754161, within(1e-6));
        assertThat(loss(POSITIVE.withTemperature(1.5), POSITIVE_EXAMPLES)).isCloseTo(0.30894822, within(1e-6));
    }

    private static double loss(Ensemble ensemble, Examples examples) {
        Evaluator evaluator = ensemble.evaluator();
        assertThat(evaluator.add(examples)).isEqualTo(ensemble.predict(examples.inputs()));
        return evaluator.loss();
    }

    @Test
    void evaluatesTheMeanOfCounts() {
        NetworkSpec spec = NetworkSpec.of(1, new Loss.Poisson(), new LayerSpec(1, Activation.EXPONENTIAL));
        Ensemble counts =
                Ensemble.of(List.of(Network.of(spec, new float[] {0, 1}), Network.of(spec, new float[] {0, 2})));
        double mean = (Math.exp(1) + Math.exp(2)) / 2;

        Evaluator evaluator = counts.evaluator();
        evaluator.add(Examples.of(Matrix.of(new float[] {0}), Matrix.of(new float[] {3})));

        assertThat(evaluator.loss()).isCloseTo(mean - 3 * Math.log(mean), within(1e-5));
    }

    @Test
    void temperatureOfAnOverconfidentNetworkLeavesTheComplementItsDigits() {
        Network certain = Network.of(SIGMOID, new float[] {0, 0, 30});

        float calibrated =
                Ensemble.of(certain).withTemperature(4).predict(INPUTS).get(0, 0);

        assertThat(1 - (double) calibrated).isCloseTo(1 / (1 + Math.exp(7.5)), within(1e-7));
    }

    @Test
    void predictsAsASingleNetworkBitForBit() {
        Network network = CLASSES.networks().get(0);

        assertThat(Ensemble.of(network).predict(INPUTS)).isEqualTo(network.predict(INPUTS));
        assertThat(Ensemble.of(network).logits(INPUTS, Threads.ONE).row(0))
                .containsExactly(new float[] {2, 0.5f, 3}, CLOSE);
        assertThat(Ensemble.of(network).memoryToPredict(9)).isEqualTo(network.memoryToPredict(9));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 0.7})
    void bitsDependNeitherOnThreadsNorOnTheNumberOfRows(double temperature) {
        NetworkSpec spec = NetworkSpec.of(
                7,
                new Loss.CategoricalCrossentropy(),
                new LayerSpec(19, Activation.GELU),
                new LayerSpec(5, Activation.SOFTMAX));
        Ensemble ensemble = Ensemble.of(IntStream.range(0, 3)
                        .mapToObj(seed -> Network.initialize(spec, seed))
                        .toList())
                .withTemperature(temperature);
        Matrix inputs = ExampleData.numbers(20_000, 7, 1).inputs();

        Matrix predictions = ensemble.predict(inputs);

        assertThat(ensemble.predict(inputs, Threads.of(3))).isEqualTo(predictions);
        assertThat(ensemble.predict(inputs.rows(19_001, 3))).isEqualTo(predictions.rows(19_001, 3));
        assertThat(SameBitsTests.hash(predictions.values()))
                .isEqualTo(temperature == 1 ? "5b5cae43a1175f89" : "cf3938db6a7e04c");
    }

    @Test
    void rejectsWhatCannotBeAveraged() {
        assertThatThrownBy(() -> Ensemble.of(List.of()))
                .hasMessage("networks must have at least 1 network, but has none");
        assertThatThrownBy(() -> Ensemble.of(
                        List.of(CLASSES.networks().get(0), POSITIVE.networks().get(0))))
                .hasMessage("networks must all have the same specification");
        assertThatThrownBy(() -> CLASSES.withTemperature(0))
                .hasMessage("temperature must be finite and greater than 0, but was 0.0");
        NetworkSpec regression = NetworkSpec.of(1, new Loss.MeanSquaredError(), new LayerSpec(1, Activation.LINEAR));
        assertThatThrownBy(() -> Ensemble.of(Network.initialize(regression, 1)).withTemperature(2))
                .hasMessage("temperature must be 1 without a cross-entropy, but was 2.0");
    }
}
