package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.engine.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares the bits after every step with those of {@link MiniBatchDescent}. */
class PerExampleSgdTests {

    private static final TrainingPlan PLAN = TrainingPlan.classic(0.1f)
            .withSchedule(new LearningRateSchedule.InverseTimeDecay(3, 0.5f, false))
            .withSeed(7);
    private static final Regularization ANY = new Regularization(0, 0.1f, 1);

    static List<NetworkSpec> networks() {
        List<NetworkSpec> networks = new ArrayList<>();
        for (Activation hidden : Activation.values()) {
            for (Activation output : Activation.values()) {
                for (Loss loss : Loss.all()) {
                    if (!hidden.isOutputOnly() && loss.fits(output)) {
                        networks.add(NetworkSpec.of(
                                3, loss, new LayerSpec(6, hidden), new LayerSpec(5, hidden), new LayerSpec(2, output)));
                    }
                }
            }
        }
        networks.add(NetworkSpec.of(1, new Loss.Huber(), new LayerSpec(1, Activation.LINEAR)));
        networks.add(NetworkSpec.of(
                32, new Loss.Huber(), new LayerSpec(32, Activation.TANH), new LayerSpec(17, Activation.SIGMOID)));
        for (Activation own : List.of(Activation.SIGMOID, Activation.RELU)) {
            networks.add(NetworkSpec.of(
                    31, new Loss.Huber(), new LayerSpec(15, own), new LayerSpec(31, own), new LayerSpec(16, own)));
            networks.add(NetworkSpec.of(
                    17, new Loss.Huber(), new LayerSpec(16, own), new LayerSpec(7, own), new LayerSpec(8, own)));
        }
        networks.add(NetworkSpec.of(
                3,
                new Loss.MeanSquaredError(),
                new LayerSpec(2, Activation.RELU),
                new LayerSpec(1, Activation.SIGMOID),
                new LayerSpec(9, Activation.RELU)));
        return networks;
    }

    @ParameterizedTest
    @MethodSource("networks")
    void everyStepGivesTheBitsOfMiniBatchDescent(NetworkSpec spec) {
        Examples examples =
                ExampleData.probabilities(20, spec.inputs(), spec.outputs()).withWeights(ExampleData.weights(20));
        TrainingPlan plan = PLAN.withBatches(1, true);
        Network start = Network.initialize(spec, 8);
        for (Kernels kernels : List.of(Kernels.scalar(), Kernels.best())) {
            float[] parameters = start.parameters();
            float[] expected = start.parameters();
            GradientDescent fast = new PerExampleSgd(new Execution(kernels), spec, plan, examples, parameters);
            GradientDescent general = new MiniBatchDescent(new Execution(kernels), spec, plan, examples, expected);
            assertSameBits(fast, parameters, general, expected);
        }
    }

    private static void assertSameBits(
            GradientDescent fast, float[] parameters, GradientDescent general, float[] expected) {
        for (int i = 0; i < 40; i++) {
            GradientDescent.Step step = new GradientDescent.Step();
            step.epoch = i / 20;
            step.inEpoch = i % 20;
            step.number = i;
            step.firstRow = i % 20;
            step.rows = 1;
            for (GradientDescent descent : List.of(fast, general)) {
                descent.beginEpoch(step.epoch);
                descent.take(step, new StopSignal(() -> null));
            }
            fast.writeBack();
            assertThat(fast.lossSum()).isEqualTo(Double.valueOf(general.lossSum())); // or both are NaN
            assertThat(parameters).isEqualTo(expected);
        }
    }

    @Test
    void isChosenOnlyForSmallNetworksAndPlainSgd() {
        NetworkSpec small = NetworkSpec.of(
                2, new Loss.Huber(), new LayerSpec(32, Activation.TANH), new LayerSpec(1, Activation.LINEAR));
        NetworkSpec wide = NetworkSpec.of(
                2, new Loss.Huber(), new LayerSpec(33, Activation.TANH), new LayerSpec(1, Activation.LINEAR));
        NetworkSpec dropping = NetworkSpec.of(
                2, new Loss.Huber(), new LayerSpec(4, Activation.TANH, 0.5f), new LayerSpec(1, Activation.LINEAR));

        assertThat(PerExampleSgd.supports(small, PLAN)).isTrue();
        assertThat(PerExampleSgd.supports(wide, PLAN)).isFalse();
        assertThat(PerExampleSgd.supports(dropping, PLAN)).isFalse();
        assertThat(PerExampleSgd.supports(small, PLAN.withBatches(2, false))).isFalse();
        assertThat(PerExampleSgd.supports(small, PLAN.withOptimizer(new Optimizer.Adam())))
                .isFalse();
        assertThat(PerExampleSgd.supports(small, PLAN.withOptimizer(new Optimizer.Sgd(0.9f, false))))
                .isFalse();
        assertThat(PerExampleSgd.supports(small, PLAN.withRegularization(ANY))).isFalse();
    }
}
