package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EvaluatorTests {

    private static final int ROWS = 1_000;

    @Test
    void lossIsTheMeanOfTheWeightedLosses() {
        NetworkSpec spec = NetworkSpec.of(1, new Loss.MeanSquaredError(), new LayerSpec(1, Activation.LINEAR));
        Network identity = Network.of(spec, new float[] {1, 0});
        Examples examples =
                Examples.of(Matrix.of(new float[][] {{1}, {2}, {3}}), Matrix.of(new float[][] {{2}, {4}, {6}}));
        assertThat(loss(identity, examples)).isCloseTo((1 + 4 + 9) / 3.0, within(1e-12));
        assertThat(loss(identity, examples.withWeights(Vector.of(0, 0.5f, 2))))
                .isCloseTo((2 + 18) / 3.0, within(1e-12));
    }

    @ParameterizedTest
    @MethodSource("io.backprop.engine.Loss#all")
    void lossIsTheMeanOverExamplesAndPredictionsAreThoseOfTheNetwork(Loss loss) {
        Network network = network(loss);
        Examples examples = ExampleData.probabilities(ROWS, 2, 3);
        double sum = 0;
        for (int row = 0; row < ROWS; row++) {
            sum += loss(network, examples.select(new int[] {row}));
        }
        Evaluator evaluator = network.evaluator();
        assertThat(evaluator.add(examples)).isEqualTo(network.predict(examples.inputs()));
        assertThat(evaluator.loss()).isCloseTo(sum / ROWS, within(1e-12));
    }

    @ParameterizedTest
    @MethodSource("io.backprop.engine.Loss#all")
    void bitsDoNotDependOnTheDivisionIntoParts(Loss loss) {
        Network network = network(loss);
        Examples examples = ExampleData.probabilities(ROWS, 2, 3).withWeights(ExampleData.weights(ROWS));
        Matrix predictions = network.predict(examples.inputs());
        Evaluator evaluator = network.evaluator();
        int first = 0;
        for (int end : new int[] {1, 8, 265, 900, ROWS}) {
            int[] rows = IntStream.range(first, end).toArray();
            assertThat(evaluator.add(examples.select(rows))).isEqualTo(predictions.select(rows));
            first = end;
        }
        assertThat(evaluator.loss()).isEqualTo(loss(network, examples));
    }

    @Test
    void rejectsExamplesOfOtherWidths() {
        Evaluator evaluator = network(new Loss.Huber()).evaluator();
        assertThatThrownBy(() -> evaluator.add(ExampleData.xor())).hasMessage("targets must have 3 columns, but has 1");
        assertThatThrownBy(evaluator::loss).hasMessage("examples must be at least 1, but was 0");
    }

    private static Network network(Loss loss) {
        Activation output = Arrays.stream(Activation.values())
                .filter(loss::fits)
                .findFirst()
                .orElseThrow();
        return Network.initialize(
                NetworkSpec.of(2, loss, new LayerSpec(5, Activation.TANH), new LayerSpec(3, output)), 7);
    }

    static double loss(Network network, Examples examples) {
        Evaluator evaluator = network.evaluator();
        evaluator.add(examples);
        return evaluator.loss();
    }
}
