package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares the losses before each of three steps of gradient descent with those of PyTorch 2.6 in double precision, with
 * {@code selu}, {@code silu}, {@code mish}, {@code huber_loss}, {@code poisson_nll_loss(full=False)} and {@code
 * cross_entropy(label_smoothing)}. PyTorch has no quantile loss, whose formula is {@code max(q·(t − p), (q − 1)·(t − p))}.
 */
class PyTorchTests {

    private static final int EXAMPLES = 6;
    private static final int OUTPUTS = 2;

    static List<Arguments> networks() {
        Loss squared = new Loss.MeanSquaredError();
        return List.of(
                network(Activation.SELU, Activation.LINEAR, squared, 6.472608714, 3.620875003, 2.817591869),
                network(Activation.SILU, Activation.LINEAR, squared, 5.896351428, 3.845905208, 3.119542112),
                network(Activation.MISH, Activation.LINEAR, squared, 6.244877260, 3.904164074, 3.119380119),
                ofTanh(Activation.LINEAR, new Loss.Huber(), 0.880375335, 0.872038086, 0.864116019),
                ofTanh(Activation.LINEAR, new Loss.Huber(0.5f), 0.546619337, 0.543365349, 0.540137746),
                ofTanh(Activation.LINEAR, new Loss.Quantile(0.9f), 0.429992870, 0.423765071, 0.417600913),
                ofTanh(Activation.EXPONENTIAL, new Loss.Poisson(), 1.900660675, 1.584487439, 1.418319290),
                ofTanh(Activation.SOFTPLUS, new Loss.Poisson(), 1.117453798, 1.110938129, 1.104708456),
                ofTanh(Activation.SIGMOID, new Loss.BinaryCrossentropy(0.1f), 0.717065230, 0.713721618, 0.710451184),
                ofTanh(
                        Activation.SOFTMAX,
                        new Loss.CategoricalCrossentropy(0.1f),
                        0.728499314,
                        0.723160779,
                        0.718212204));
    }

    private static Arguments ofTanh(Activation output, Loss loss, double... expected) {
        return network(Activation.TANH, output, loss, expected);
    }

    private static Arguments network(Activation hidden, Activation output, Loss loss, double... expected) {
        return Arguments.of(
                NetworkSpec.of(3, loss, new LayerSpec(4, hidden), new LayerSpec(OUTPUTS, output)), expected);
    }

    @ParameterizedTest
    @MethodSource("networks")
    void lossesOfThreeStepsAreThoseOfPyTorch(NetworkSpec spec, double[] expected) {
        List<float[]> parts = List.of(
                sines(12, 1.3, 0.7, 1), sines(4, 0.9, 2, 1), sines(8, 1.1, 0.2, 1), sines(OUTPUTS, 0.5, 0.4, 1));
        float[] parameters = new float[spec.parameterCount()];
        int offset = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, parameters, offset, part.length);
            offset += part.length;
        }
        Examples examples = Examples.of(
                Matrix.wrap(EXAMPLES, 3, sines(EXAMPLES * 3, 1.7, 0.3, 2)),
                Matrix.wrap(EXAMPLES, OUTPUTS, targets(spec.loss())));
        TrainingPlan plan =
                TrainingPlan.classic(0.05f).withBatches(EXAMPLES, false).withEpochs(3);
        ReportCollector collector = new ReportCollector();
        Trainer.start(Network.of(spec, parameters), plan, TrainingData.of(examples))
                .train(collector);

        for (int step = 0; step < expected.length; step++) {
            assertThat(collector.losses().get(step)).as("step %d", step).isCloseTo(expected[step], within(2e-6));
        }
    }

    private static float[] targets(Loss loss) {
        float[] targets = sines(EXAMPLES * OUTPUTS, 2.3, 1.1, 2);
        for (int i = 0; i < targets.length; i++) {
            if (loss instanceof Loss.Poisson) {
                targets[i] = Math.round(Math.abs(targets[i]));
            } else if (loss instanceof Loss.BinaryCrossentropy) {
                targets[i] = targets[i] > 0 ? 1 : 0;
            } else if (loss instanceof Loss.CategoricalCrossentropy) {
                targets[i] = i / OUTPUTS % OUTPUTS == i % OUTPUTS ? 1 : 0;
            }
        }
        return targets;
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
