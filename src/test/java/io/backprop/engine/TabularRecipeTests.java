package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Compares a training by the recipe RealMLP-TD-S (Holzmüller, Grinsztajn and Steinwart 2024) with a restatement in PyTorch
 * 2.6, in double precision: layers {@code x·W / √nᵢₙ + b} and a learned scale of each input, Adam(0.9, 0.95, 10⁻¹⁴) with the
 * factors 6 for scales, 1 for weights and 0.1 for biases, the rate {@code ½ − ½·cos(2π·log₂(1 + 15t))}, batches in order
 * without the remainder.
 *
 * <p>The recipe's epsilon is 10⁻⁸, to which the first gradients of hidden layers are small because the output layer starts
 * at 0. PyTorch adds it to √s / √(1 − beta2ᵗ), and to gradients that are √nᵢₙ times smaller, so that losses would differ in
 * the fourth digit.
 */
class TabularRecipeTests {

    private static final int EXAMPLES = 40;
    private static final int INPUTS = 5;
    private static final int UNITS = 16;

    @Test
    void lossesOfClassificationAreThoseOfPyTorch() {
        NetworkSpec spec =
                spec(Activation.SELU, new Loss.CategoricalCrossentropy(0.1f), new LayerSpec(3, Activation.SOFTMAX));
        float[] classes = new float[EXAMPLES * 3];
        for (int row = 0; row < EXAMPLES; row++) {
            classes[row * 3 + row % 3] = 1;
        }
        assertClose(
                losses(spec, 0.04f, 1, Matrix.wrap(EXAMPLES, 3, classes)),
                1.098612289,
                1.102943869,
                1.087522907,
                1.054159939,
                1.043678930,
                1.017378315,
                0.968260400,
                0.934166042);
    }

    @Test
    void lossesOfRegressionAreThoseOfPyTorch() {
        NetworkSpec spec = spec(Activation.MISH, new Loss.MeanSquaredError(), new LayerSpec(1, Activation.LINEAR));
        assertClose(
                losses(spec, 0.07f, 1, Matrix.wrap(EXAMPLES, 1, sines(EXAMPLES, 2.3, 1.1, 2))),
                1.973739086,
                1.973127409,
                1.970539795,
                1.947514404,
                1.930486338,
                1.811072681,
                1.386631197,
                1.082754532);
    }

    /** The difference of two logits gets the steps of both, and has no other gradient. */
    @Test
    void oneSigmoidAtTwiceTheRateTrainsAsTwoClasses() {
        float[] one = new float[EXAMPLES];
        float[] two = new float[EXAMPLES * 2];
        for (int row = 0; row < EXAMPLES; row++) {
            one[row] = row % 3 == 0 ? 1 : 0;
            two[row * 2 + (int) one[row]] = 1;
        }
        NetworkSpec sigmoid =
                spec(Activation.SELU, new Loss.BinaryCrossentropy(0.1f), new LayerSpec(1, Activation.SIGMOID));
        NetworkSpec softmax =
                spec(Activation.SELU, new Loss.CategoricalCrossentropy(0.1f), new LayerSpec(2, Activation.SOFTMAX));
        double[] expected = losses(softmax, 0.04f, 1, Matrix.wrap(EXAMPLES, 2, two)).stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
        assertClose(losses(sigmoid, 0.04f, 2, Matrix.wrap(EXAMPLES, 1, one)), expected);
    }

    private static NetworkSpec spec(Activation activation, Loss loss, LayerSpec output) {
        LayerSpec hidden = new LayerSpec(UNITS, activation);
        return NetworkSpec.of(INPUTS, loss, hidden, hidden, hidden, output);
    }

    private static void assertClose(List<Double> losses, double... expected) {
        assertThat(losses).hasSize(expected.length);
        for (int epoch = 0; epoch < expected.length; epoch++) {
            assertThat(losses.get(epoch)).as("epoch %d", epoch).isCloseTo(expected[epoch], withinPercentage(1e-4));
        }
    }

    /** @param outputFactor factor of the learning rate of the output layer */
    private static List<Double> losses(NetworkSpec spec, float learningRate, float outputFactor, Matrix targets) {
        TrainingPlan plan = TrainingPlan.classic(learningRate)
                .withOptimizer(new Optimizer.Adam(0.9f, 0.95f, 1e-14f))
                .withSchedule(new LearningRateSchedule.CosLog(4))
                .withLearningRateFactors(factors(spec, outputFactor))
                .withFrontScale(6)
                .withBatches(16, false)
                .withDropRemainder(true)
                .withEpochs(8);
        Examples examples = Examples.of(Matrix.wrap(EXAMPLES, INPUTS, sines(EXAMPLES * INPUTS, 1.7, 0.3, 2)), targets);
        ReportCollector collector = new ReportCollector();
        Trainer.start(Network.of(spec, parameters(spec)), plan, TrainingData.of(examples))
                .train(collector);
        return collector.losses();
    }

    private static LearningRateFactors factors(NetworkSpec spec, float outputFactor) {
        List<LearningRateFactors.Layer> factors = new ArrayList<>();
        for (int layer = 0; layer < spec.layers().size(); layer++) {
            float factor = layer == spec.layers().size() - 1 ? outputFactor : 1;
            float weights = (float) (1 / Math.sqrt(spec.inputsOf(layer)));
            factors.add(new LearningRateFactors.Layer(factor * weights, factor * 0.1f));
        }
        return new LearningRateFactors(factors);
    }

    /** Sines in the hidden layers, 0 in the output layer. */
    private static float[] parameters(NetworkSpec spec) {
        double[][] angles = {{1.3, 0.7}, {0.9, 2}, {1.1, 0.2}};
        float[] parameters = new float[spec.parameterCount()];
        int offset = 0;
        for (int layer = 0; layer < angles.length; layer++) {
            int weights = spec.inputsOf(layer) * UNITS;
            double a = angles[layer][0];
            double b = angles[layer][1];
            System.arraycopy(sines(weights, a, b, 0.25f), 0, parameters, offset, weights);
            System.arraycopy(sines(UNITS, a + 0.1, b, 1), 0, parameters, offset + weights, UNITS);
            offset += spec.parameterCount(layer);
        }
        return parameters;
    }

    /** {@code factor·sin(a·k + b)} for k from 0. */
    private static float[] sines(int length, double a, double b, float factor) {
        float[] sines = new float[length];
        for (int k = 0; k < length; k++) {
            sines[k] = factor * (float) StrictMath.sin(a * k + b);
        }
        return sines;
    }
}
