package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.backprop.engine.kernel.Kernels;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Uses 50 rows of 400 units, that is 20,000 activations of 1. */
class DropoutTests {

    private static final Execution EXECUTION = new Execution(Kernels.best());
    private static final int ROWS = 50;
    private static final int UNITS = 400;
    private static final DenseLayer[] LAYERS = DenseLayer.of(NetworkSpec.of(
            1,
            new Loss.MeanSquaredError(),
            new LayerSpec(UNITS, Activation.RELU, 0.3f),
            new LayerSpec(UNITS, Activation.RELU, 0.3f),
            new LayerSpec(UNITS, Activation.RELU),
            new LayerSpec(1, Activation.LINEAR)));

    @Test
    void dropsTheGivenShareAndKeepsTheMean() {
        float[] dropped = drop(0, 0, 0);
        double sum = 0;
        int zeros = 0;
        for (float activation : dropped) {
            assertThat(activation == 0 || activation == 1 / 0.7f).isTrue();
            zeros += activation == 0 ? 1 : 0;
            sum += activation;
        }
        assertThat((double) zeros / dropped.length).isCloseTo(0.3, within(0.015));
        assertThat(sum / dropped.length).isCloseTo(1, within(0.025));
    }

    @Test
    void masksDifferByEpochStepAndLayer() {
        float[] first = drop(0, 0, 0);
        assertThat(first)
                .isEqualTo(drop(0, 0, 0))
                .isNotEqualTo(drop(1, 0, 0))
                .isNotEqualTo(drop(0, 1, 0))
                .isNotEqualTo(drop(0, 0, 1));
        assertThat(drop(1, 0, 0)).isNotEqualTo(drop(0, 1, 0));
    }

    @Test
    void masksDifferByRow() {
        float[] dropped = drop(0, 0, 0);
        assertThat(Arrays.copyOfRange(dropped, 0, UNITS)).isNotEqualTo(Arrays.copyOfRange(dropped, UNITS, 2 * UNITS));
    }

    @Test
    void gradientsReachOnlyKeptActivations() {
        Dropout dropout = new Dropout(LAYERS, ROWS, 5);
        dropout.at(0, 0, 0);
        float[] dropped = dropout.apply(EXECUTION, 0, ones(), 0, ROWS).clone();
        float[] gradient = ones();
        dropout.applyToGradient(EXECUTION, 0, gradient, 0, ROWS);
        assertThat(gradient).isEqualTo(dropped);
    }

    /** All activations and weights are 1, so both gradients of a kept unit equal the gradient of the sum. */
    @Test
    void droppedUnitsHaveNoGradient() {
        NetworkSpec spec = NetworkSpec.of(
                1,
                new Loss.MeanSquaredError(),
                new LayerSpec(40, Activation.LINEAR, 0.5f),
                new LayerSpec(1, Activation.LINEAR));
        float[] before = new float[spec.parameterCount()];
        Arrays.fill(before, 0, 40, 1);
        Arrays.fill(before, 80, 120, 1);
        TrainingData one = TrainingData.of(Examples.of(Matrix.of(new float[] {1}), Matrix.of(new float[] {0})));
        float[] after = Trainer.start(
                        Network.of(spec, before), TrainingPlan.classic(0.125f).withEpochs(1), one)
                .train(TrainingListener.NONE)
                .network()
                .parameters();
        int kept = 0;
        for (int unit = 0; unit < 40; unit++) {
            kept += after[80 + unit] == 1 ? 0 : 1;
        }
        assertThat(kept).isBetween(10, 30);
        for (int unit = 0; unit < 40; unit++) {
            float change = after[80 + unit] == 1 ? 0 : 0.125f * 2 * (2 * kept) * 2;
            assertThat(after[unit]).isEqualTo(1 - change);
            assertThat(after[40 + unit]).isEqualTo(-change);
            assertThat(after[80 + unit]).isEqualTo(1 - change);
        }
    }

    @Test
    void layerWithoutDropoutIsUnchanged() {
        float[] activations = ones();
        assertThat(new Dropout(LAYERS, ROWS, 5).apply(EXECUTION, 2, activations, 0, ROWS))
                .isSameAs(activations)
                .containsOnly(1);
    }

    @Test
    void doesNotModifyTheActivations() {
        float[] activations = ones();
        new Dropout(LAYERS, ROWS, 5).apply(EXECUTION, 0, activations, 0, ROWS);
        assertThat(activations).containsOnly(1);
    }

    @Test
    void predictionDoesNotUseDropout() {
        NetworkSpec dropping = NetworkSpec.of(
                2,
                new Loss.MeanSquaredError(),
                new LayerSpec(9, Activation.TANH, 0.5f),
                new LayerSpec(1, Activation.LINEAR));
        NetworkSpec keeping = NetworkSpec.of(
                2, new Loss.MeanSquaredError(), new LayerSpec(9, Activation.TANH), new LayerSpec(1, Activation.LINEAR));
        Matrix inputs = ExampleData.xor().inputs();
        assertThat(Network.initialize(dropping, 1).predict(inputs))
                .isEqualTo(Network.initialize(keeping, 1).predict(inputs));
    }

    private static float[] drop(int epoch, int step, int layer) {
        Dropout dropout = new Dropout(LAYERS, ROWS, 5);
        dropout.at(epoch, step, 0);
        return dropout.apply(EXECUTION, layer, ones(), 0, ROWS);
    }

    private static float[] ones() {
        float[] ones = new float[ROWS * UNITS];
        Arrays.fill(ones, 1);
        return ones;
    }
}
