package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RegularizationTests {

    private static final NetworkSpec SPEC = NetworkSpec.of(
            2, new Loss.MeanSquaredError(), new LayerSpec(3, Activation.LINEAR), new LayerSpec(2, Activation.LINEAR));
    private static final Network NETWORK = Network.initialize(SPEC, Initializer.NORMAL, 4);
    private static final Examples EXAMPLES = ExampleData.numbers(6, 2, 2);

    @Test
    void penaltiesApplyToWeightsOnly() {
        Examples countingNothing = EXAMPLES.withWeights(Vector.wrap(new float[6]));
        float[] gradient = gradient(countingNothing, new Regularization(0.5f, 0.25f, Float.POSITIVE_INFINITY));
        float[] parameters = NETWORK.parameters();
        for (int i = 0; i < parameters.length; i++) {
            boolean bias = (i >= 6 && i < 9) || i >= 15;
            double expected = bias ? 0 : 0.5 * Math.signum(parameters[i]) + 2 * 0.25 * parameters[i];
            assertThat((double) gradient[i]).as("parameter %d", i).isCloseTo(expected, within(1e-6));
        }
    }

    @Test
    void reportedLossExcludesPenalties() {
        assertThat(loss(new Regularization(10, 10, Float.POSITIVE_INFINITY))).isEqualTo(loss(Regularization.NONE));
    }

    @Test
    void clipsGradientOfLargerNorm() {
        float[] free = gradient(EXAMPLES, Regularization.NONE);
        float[] clipped = gradient(EXAMPLES, new Regularization(0, 0, 0.5f));
        assertThat(norm(free)).isGreaterThan(1);
        assertThat(norm(clipped)).isCloseTo(0.5, within(1e-6));
        for (int i = 0; i < free.length; i++) {
            assertThat((double) clipped[i]).isCloseTo(free[i] * 0.5 / norm(free), within(1e-6));
        }
    }

    @Test
    void keepsGradientOfSmallerNorm() {
        float[] free = gradient(EXAMPLES, Regularization.NONE);
        assertThat(gradient(EXAMPLES, new Regularization(0, 0, (float) norm(free) + 0.01f)))
                .isEqualTo(free);
    }

    @Test
    void clippingIncludesPenalties() {
        assertThat(norm(gradient(EXAMPLES, new Regularization(100, 100, 0.5f)))).isCloseTo(0.5, within(1e-6));
    }

    @Test
    void rejectsInvalidArguments() {
        assertThatThrownBy(() -> new Regularization(-1, 0, 1)).hasMessage("l1 must be at least 0, but was -1.0");
        assertThatThrownBy(() -> new Regularization(0, Float.NaN, 1)).hasMessage("l2 must be finite, but was NaN");
        assertThatThrownBy(() -> new Regularization(0, 0, 0))
                .hasMessage("globalClipNorm must be greater than 0, but was 0.0");
    }

    private static TrainingResult step(Examples examples, Regularization regularization, TrainingListener listener) {
        TrainingPlan plan =
                TrainingPlan.classic(1024).withEpochs(1).withBatches(6, false).withRegularization(regularization);
        return Trainer.start(NETWORK, plan, TrainingData.of(examples)).train(listener);
    }

    /** The change of the parameters in one step, divided by the learning rate. */
    private static float[] gradient(Examples examples, Regularization regularization) {
        float[] after =
                step(examples, regularization, TrainingListener.NONE).network().parameters();
        float[] gradient = NETWORK.parameters();
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] = (gradient[i] - after[i]) / 1024;
        }
        return gradient;
    }

    private static double loss(Regularization regularization) {
        ReportCollector epochs = new ReportCollector();
        step(EXAMPLES, regularization, epochs);
        return epochs.reports().get(0).loss();
    }

    private static double norm(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }
}
