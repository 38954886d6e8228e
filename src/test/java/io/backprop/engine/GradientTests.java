package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares gradients with central differences of {@link ReferenceNetwork}. The gradient is the change of the parameters in
 * one step of plain SGD, divided by the learning rate; a large rate avoids cancellation with the parameters.
 */
class GradientTests {

    private static final float LEARNING_RATE = 1 << 16;
    private static final double DIFFERENCE = 1e-5;
    private static final int EXAMPLES = 5;

    private static Stream<Loss> losses() {
        return Stream.concat(
                Loss.all().stream(),
                Stream.of(
                        new Loss.Huber(0.3f),
                        new Loss.Quantile(0.9f),
                        new Loss.BinaryCrossentropy(0.2f),
                        new Loss.CategoricalCrossentropy(0.2f)));
    }

    static List<Arguments> everyActivationAndFittingLoss() {
        List<Arguments> cases = new ArrayList<>();
        for (Activation hidden : Activation.values()) {
            for (Activation output : Activation.values()) {
                losses().filter(loss -> !hidden.isOutputOnly() && loss.fits(output))
                        .forEach(loss -> cases.add(Arguments.of(hidden, output, loss)));
            }
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("everyActivationAndFittingLoss")
    void gradientMatchesCentralDifferences(Activation hidden, Activation output, Loss loss) {
        NetworkSpec spec =
                NetworkSpec.of(3, loss, new LayerSpec(4, hidden), new LayerSpec(5, hidden), new LayerSpec(2, output));
        boolean limited = output != Activation.EXPONENTIAL; // with large logits, rounding errors become large
        Network network = Network.initialize(spec, limited ? Initializer.NORMAL : Initializer.GLOROT_UNIFORM, 5);
        Examples examples = examplesFor(loss, 2);
        assertGradient(network, examples, Regularization.NONE, parameters -> loss(spec, parameters, examples));
    }

    @Test
    void coversEveryCombination() {
        assertThat(everyActivationAndFittingLoss()).hasSize(11 * (6 * 12 + 2 + 2 + 2));
    }

    @Test
    void gradientOfASingleLayerMatchesCentralDifferences() {
        NetworkSpec spec = NetworkSpec.of(3, new Loss.Huber(), new LayerSpec(1, Activation.LINEAR));
        Examples examples = examplesFor(new Loss.Huber(), 1);
        assertGradient(
                Network.initialize(spec, Initializer.NORMAL, 6),
                examples,
                Regularization.NONE,
                parameters -> loss(spec, parameters, examples));
    }

    @Test
    void penaltiesAddTheirGradient() {
        NetworkSpec spec = NetworkSpec.of(
                3, new Loss.MeanSquaredError(), new LayerSpec(4, Activation.TANH), new LayerSpec(2, Activation.LINEAR));
        Examples examples = examplesFor(new Loss.MeanSquaredError(), 2);
        assertGradient(
                Network.initialize(spec, Initializer.NORMAL, 7),
                examples,
                new Regularization(0.3f, 0.2f, Float.POSITIVE_INFINITY),
                parameters -> loss(spec, parameters, examples) + penalty(parameters, 0.3f, 0.2f));
    }

    /** Penalty of the network with 3 × 4 and 4 × 2 weights, without biases. */
    private static double penalty(double[] parameters, double l1, double l2) {
        double penalty = 0;
        for (int i = 0; i < parameters.length; i++) {
            boolean weight = i < 12 || (i >= 16 && i < 24);
            penalty += weight ? l1 * Math.abs(parameters[i]) + l2 * parameters[i] * parameters[i] : 0;
        }
        return penalty;
    }

    private static Examples examplesFor(Loss loss, int outputs) {
        Examples examples = loss.isCrossentropy() || loss instanceof Loss.Poisson
                ? ExampleData.probabilities(EXAMPLES, 3, outputs)
                : ExampleData.numbers(EXAMPLES, 3, outputs);
        return examples.withWeights(ExampleData.weights(EXAMPLES));
    }

    private static double loss(NetworkSpec spec, double[] parameters, Examples examples) {
        float[] weights = ExampleData.weights(EXAMPLES).values();
        return new ReferenceNetwork(spec).loss(parameters, examples.inputs(), examples.targets(), weights);
    }

    private static void assertGradient(
            Network network, Examples examples, Regularization regularization, ToDoubleFunction<double[]> loss) {
        float[] actual = gradient(network, examples, regularization, 1);
        float[] sharded = gradient(network, examples, regularization, 4);
        double[] parameters = toDoubles(network.parameters());
        assertThat(actual).hasSameSizeAs(parameters);
        for (int i = 0; i < parameters.length; i++) {
            double expected = slope(loss, parameters, i);
            assertThat((double) sharded[i])
                    .as("gradient of parameter %d, of four shards", i)
                    .isCloseTo(expected, within(2e-6 + 1e-5 * Math.abs(expected)));
            assertThat((double) actual[i])
                    .as("gradient of parameter %d", i)
                    .isCloseTo(expected, within(2e-6 + 1e-5 * Math.abs(expected)));
        }
    }

    private static float[] gradient(Network network, Examples examples, Regularization regularization, int shards) {
        TrainingPlan plan = TrainingPlan.classic(LEARNING_RATE)
                .withEpochs(1)
                .withBatches(EXAMPLES, false)
                .withShards(shards)
                .withRegularization(regularization);
        float[] before = network.parameters();
        float[] after = Trainer.start(network, plan, TrainingData.of(examples))
                .train(TrainingListener.NONE)
                .network()
                .parameters();
        for (int i = 0; i < before.length; i++) {
            before[i] = (before[i] - after[i]) / LEARNING_RATE;
        }
        return before;
    }

    private static double slope(ToDoubleFunction<double[]> loss, double[] parameters, int i) {
        double[] moved = parameters.clone();
        moved[i] = parameters[i] + DIFFERENCE;
        double above = loss.applyAsDouble(moved);
        moved[i] = parameters[i] - DIFFERENCE;
        return (above - loss.applyAsDouble(moved)) / (2 * DIFFERENCE);
    }

    private static double[] toDoubles(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }
}
