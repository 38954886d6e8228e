package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The trained numbers are the parameters, of which the first {@code WEIGHTS} are unscaled, and then the scales. */
class FrontScaleTests {

    private static final int INPUTS = 3;
    private static final int UNITS = 7;
    private static final int WEIGHTS = INPUTS * UNITS;
    private static final int EXAMPLES = 5;
    private static final NetworkSpec SPEC = NetworkSpec.of(
            INPUTS,
            new Loss.MeanSquaredError(),
            new LayerSpec(UNITS, Activation.MISH),
            new LayerSpec(2, Activation.LINEAR));
    private static final int PARAMETERS = SPEC.parameterCount();
    private static final Examples DATA =
            ExampleData.numbers(EXAMPLES, INPUTS, 2).withWeights(ExampleData.weights(EXAMPLES));
    private static final float LEARNING_RATE = 1 << 16; // avoids cancellation with the trained numbers
    private static final float FACTOR = 0.5f;
    private static final TrainingPlan PLAN = TrainingPlan.classic(LEARNING_RATE)
            .withFrontScale(FACTOR)
            .withEpochs(1)
            .withBatches(EXAMPLES, false);

    @ParameterizedTest
    @ValueSource(floats = {0, 0.25f})
    void gradientMatchesCentralDifferences(float penalty) {
        TrainingPlan plan = PLAN.withRegularization(new Regularization(penalty, penalty, Float.POSITIVE_INFINITY));
        double[] actual = gradient(plan);
        double[] trained = toDoubles(trained());
        for (int i = 0; i < trained.length; i++) {
            double expected = slope(trained, i, penalty);
            assertThat(actual[i]).as("gradient %d", i).isCloseTo(expected, within(2e-6 + 1e-5 * Math.abs(expected)));
        }
    }

    @Test
    void clippingIncludesTheGradientOfScales() {
        double[] whole = gradient(PLAN);
        double norm = Math.sqrt(Arrays.stream(whole).map(g -> g * g).sum());
        double[] clipped = gradient(PLAN.withRegularization(new Regularization(0, 0, (float) (norm / 4))));
        for (int i = 0; i < whole.length; i++) {
            assertThat(clipped[i]).as("gradient %d", i).isCloseTo(whole[i] / 4, within(1e-5));
        }
        double[] kept = gradient(PLAN.withRegularization(new Regularization(0, 0, (float) (norm * 1.01))));
        assertThat(kept).isEqualTo(whole);
    }

    private static double slope(double[] trained, int i, double penalty) {
        double difference = 1e-5;
        double[] moved = trained.clone();
        moved[i] = trained[i] + difference;
        double above = objective(moved, penalty);
        moved[i] = trained[i] - difference;
        return (above - objective(moved, penalty)) / (2 * difference);
    }

    /** The loss, and the penalty of the unscaled weights. */
    private static double objective(double[] trained, double penalty) {
        double objective = 0;
        double[] parameters = Arrays.copyOf(trained, PARAMETERS);
        for (int i = 0; i < PARAMETERS; i++) {
            boolean weight = i < WEIGHTS || (i >= WEIGHTS + UNITS && i < PARAMETERS - 2);
            objective += weight ? penalty * (Math.abs(trained[i]) + trained[i] * trained[i]) : 0;
            parameters[i] *= i < WEIGHTS ? trained[PARAMETERS + i / UNITS] : 1;
        }
        float[] weights = ExampleData.weights(EXAMPLES).values();
        return objective + new ReferenceNetwork(SPEC).loss(parameters, DATA.inputs(), DATA.targets(), weights);
    }

    /** The change of each trained number by a step of plain SGD, divided by its learning rate. */
    private static double[] gradient(TrainingPlan plan) {
        float[] before = trained();
        Trainer trainer = Trainer.resume(SPEC, state(before), plan, TrainingData.of(DATA));
        trainer.train(TrainingListener.NONE);
        float[] after = trained(trainer.state());
        double[] gradient = new double[before.length];
        for (int i = 0; i < before.length; i++) {
            double rate = LEARNING_RATE * (i < PARAMETERS ? 1 : FACTOR);
            gradient[i] = ((double) before[i] - after[i]) / rate;
        }
        return gradient;
    }

    private static float[] trained() {
        float[] trained =
                Arrays.copyOf(Network.initialize(SPEC, Initializer.NORMAL, 5).parameters(), PARAMETERS + INPUTS);
        System.arraycopy(new float[] {0.5f, -2, 1.25f}, 0, trained, PARAMETERS, INPUTS);
        return trained;
    }

    private static float[] trained(TrainingState state) {
        float[] trained = Arrays.copyOf(state.parameters().values(), PARAMETERS + INPUTS);
        float[] saved = state.optimizerState().values();
        System.arraycopy(saved, 0, trained, 0, WEIGHTS);
        System.arraycopy(saved, WEIGHTS, trained, PARAMETERS, INPUTS);
        return trained;
    }

    private static TrainingState state(float[] trained) {
        float[] parameters = Arrays.copyOf(trained, PARAMETERS);
        float[] saved = Arrays.copyOf(trained, WEIGHTS + INPUTS);
        for (int i = 0; i < WEIGHTS; i++) {
            parameters[i] *= trained[PARAMETERS + i / UNITS];
        }
        System.arraycopy(trained, PARAMETERS, saved, WEIGHTS, INPUTS);
        return new TrainingState(
                TrainingState.Progress.START, Vector.wrap(parameters), Vector.wrap(saved), Vector.of());
    }

    private static double[] toDoubles(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }

    static Stream<Optimizer> optimizers() {
        return Stream.of(
                new Optimizer.Sgd(),
                new Optimizer.Sgd(0.9f, true),
                new Optimizer.RmsProp(),
                new Optimizer.Adam(),
                new Optimizer.AdamW());
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void parametersAreTheScaledWeights(Optimizer optimizer) {
        TrainingPlan plan = TrainingPlan.classic(0.01f)
                .withOptimizer(optimizer)
                .withFrontScale(6)
                .withBatches(2, true)
                .withEpochs(3);
        Trainer trainer = Trainer.start(Network.initialize(SPEC, 3), plan, TrainingData.of(DATA));
        Network network = trainer.train(TrainingListener.NONE).network();

        TrainingState state = trainer.state();
        float[] saved = state.optimizerState().values();
        int moments = (saved.length - WEIGHTS - INPUTS) / (PARAMETERS + INPUTS);
        int unscaled = moments * PARAMETERS;
        for (int i = 0; i < WEIGHTS; i++) {
            float scale = saved[unscaled + WEIGHTS + i / UNITS];
            assertThat(scale).isNotEqualTo(1);
            assertThat(network.parameters()[i]).isEqualTo(scale * saved[unscaled + i]);
        }
    }

    /** Without inputs, the weights of the first layer have no gradient. */
    @Test
    void weightsDecayButScalesDoNot() {
        Examples empty = Examples.of(Matrix.wrap(EXAMPLES, INPUTS, new float[EXAMPLES * INPUTS]), DATA.targets());
        TrainingPlan plan = PLAN.withLearningRate(0.5f).withOptimizer(new Optimizer.AdamW(0.9f, 0.9f, 1e-7f, 0.25f));
        Network start = Network.initialize(SPEC, Initializer.NORMAL, 5);
        Trainer trainer = Trainer.start(start, plan, TrainingData.of(empty));
        trainer.train(TrainingListener.NONE);

        float[] saved = trainer.state().optimizerState().values();
        int scales = 2 * PARAMETERS + WEIGHTS;
        assertThat(Arrays.copyOfRange(saved, scales, scales + INPUTS)).containsOnly(1);
        assertThat(saved[2 * PARAMETERS]).isCloseTo(start.parameters()[0] * 0.875f, within(1e-6f));
    }

    @Test
    void singleExamplesHaveAFrontScaleToo() {
        TrainingPlan plan = TrainingPlan.classic(0.01f).withEpochs(2);
        Network start = Network.initialize(SPEC, 3);
        assertThat(PerExampleSgd.supports(SPEC, plan)).isTrue();
        assertThat(train(start, plan.withFrontScale(1))).isNotEqualTo(train(start, plan));
    }

    private static float[] train(Network start, TrainingPlan plan) {
        return Trainer.start(start, plan, TrainingData.of(DATA))
                .train(TrainingListener.NONE)
                .network()
                .parameters();
    }

    @Test
    void memoryIncludesTheUnscaledWeights() {
        NetworkSpec wide = NetworkSpec.of(100_000, new Loss.MeanSquaredError(), new LayerSpec(5, Activation.LINEAR));
        Network start = Network.initialize(wide, 1);
        Examples examples = ExampleData.numbers(1, 100_000, 5);
        TrainingPlan plan = TrainingPlan.adam(0.01f).withFrontScale(6);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        Trainer.start(start, plan, TrainingData.of(examples)).state();
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        long estimated = Trainer.memory(wide, plan, 1);
        assertThat(allocated).isBetween(estimated * 9 / 10, estimated);
    }
}
