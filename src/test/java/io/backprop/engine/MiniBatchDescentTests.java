package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.backprop.engine.kernel.Kernels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Takes three steps of 23 shuffled, weighted examples with a front scale, dropout, penalties and clipping. */
class MiniBatchDescentTests {

    private static final int BATCH = 23;
    private static final NetworkSpec SPEC = NetworkSpec.of(
            5,
            new Loss.CategoricalCrossentropy(),
            new LayerSpec(33, Activation.GELU, 0.25f),
            new LayerSpec(18, Activation.SIGMOID, 0.5f),
            new LayerSpec(3, Activation.SOFTMAX));
    private static final Examples EXAMPLES =
            ExampleData.probabilities(3 * BATCH, 5, 3).withWeights(ExampleData.weights(3 * BATCH));
    private static final TrainingPlan PLAN = TrainingPlan.adam(0.01f)
            .withFrontScale(3)
            .withBatches(BATCH, true)
            .withRegularization(new Regularization(0.001f, 0.002f, 0.1f))
            .withSeed(8);

    /** The result of three steps. */
    private record Outcome(double lossSum, Vector parameters, Vector optimizerState) {}

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 16, 22})
    void slicesGiveTheSameBits(int sliceRows) {
        assertThat(threeSteps(Kernels.best(), sliceRows)).isEqualTo(threeSteps(Kernels.best(), BATCH));
    }

    @Test
    void scalarAndSimdKernelsTrainTheSameBits() {
        assumeThat(Kernels.simd()).isPresent();
        assertThat(threeSteps(Kernels.simd().orElseThrow(), BATCH)).isEqualTo(threeSteps(Kernels.scalar(), BATCH));
    }

    /** A step of this size keeps three threads busy, so with more of them some are idle. */
    @ParameterizedTest
    @CsvSource({"2, 96", "3, 96", "4, 96", "2, 95", "3, 40"})
    void threadsGiveTheSameBits(int threads, int sliceRows) {
        assertThat(threeSteps(Threads.of(threads), sliceRows)).isEqualTo(threeSteps(Threads.ONE, 96));
    }

    private static Outcome threeSteps(Threads threads, int sliceRows) {
        NetworkSpec spec = NetworkSpec.of(
                121,
                new Loss.CategoricalCrossentropy(),
                new LayerSpec(103, Activation.GELU, 0.25f),
                new LayerSpec(65, Activation.SIGMOID, 0.5f),
                new LayerSpec(3, Activation.SOFTMAX));
        Examples examples = ExampleData.probabilities(3 * 96, 121, 3).withWeights(ExampleData.weights(3 * 96));
        Execution execution = new Execution(Kernels.best());
        execution.use(threads);
        TrainingPlan plan = PLAN.withBatches(96, true);
        float[] parameters = Network.initialize(spec, 8).parameters();
        return threeSteps(new MiniBatchDescent(execution, spec, plan, examples, parameters, sliceRows), parameters, 96);
    }

    @Test
    void dropoutDiffersByEpochAndStep() {
        assertThat(new double[] {lossOfFirstBatch(0, 0), lossOfFirstBatch(1, 0), lossOfFirstBatch(0, 1)})
                .doesNotHaveDuplicates();
        assertThat(lossOfFirstBatch(1, 0)).isEqualTo(lossOfFirstBatch(1, 0));
    }

    private static double lossOfFirstBatch(int epoch, int inEpoch) {
        float[] parameters = Network.initialize(SPEC, 8).parameters();
        MiniBatchDescent descent =
                new MiniBatchDescent(new Execution(Kernels.best()), SPEC, PLAN, EXAMPLES, parameters, BATCH);
        descent.beginEpoch(0);
        GradientDescent.Step step = new GradientDescent.Step();
        step.epoch = epoch;
        step.inEpoch = inEpoch;
        step.rows = BATCH;
        step.learningRate = PLAN.learningRate();
        descent.take(step, goOn());
        return descent.lossSum();
    }

    @Test
    void everyStepUpdatesParametersAndReportsALoss() {
        Outcome outcome = threeSteps(Kernels.best(), BATCH);
        assertThat(outcome.lossSum()).isBetween(1.0, 1000.0);
        float[] before = Network.initialize(SPEC, 8).parameters();
        assertThat(outcome.parameters().values()).isNotEqualTo(before).doesNotContain(Float.NaN);
    }

    @Test
    void stepAbandonedBetweenSlicesChangesNothing() {
        float[] parameters = Network.initialize(SPEC, 8).parameters();
        MiniBatchDescent descent =
                new MiniBatchDescent(new Execution(Kernels.best()), SPEC, PLAN, EXAMPLES, parameters, 1);
        GradientDescent.Step step = new GradientDescent.Step();
        step.rows = BATCH;
        step.learningRate = PLAN.learningRate();
        descent.beginEpoch(0);
        float[] remembered = descent.state().copy();

        assertThat(descent.take(step, new StopSignal(() -> StopReason.TIME_LIMIT)))
                .isFalse();

        assertThat(parameters).isEqualTo(Network.initialize(SPEC, 8).parameters());
        assertThat(descent.state().copy()).isEqualTo(remembered);
    }

    private static StopSignal goOn() {
        return new StopSignal(() -> null);
    }

    private static Outcome threeSteps(Kernels kernels, int sliceRows) {
        float[] parameters = Network.initialize(SPEC, 8).parameters();
        return threeSteps(
                new MiniBatchDescent(new Execution(kernels), SPEC, PLAN, EXAMPLES, parameters, sliceRows),
                parameters,
                BATCH);
    }

    private static Outcome threeSteps(MiniBatchDescent descent, float[] parameters, int batch) {
        GradientDescent.Step step = new GradientDescent.Step();
        step.rows = batch;
        step.learningRate = PLAN.learningRate();
        descent.beginEpoch(0);
        double lossSum = 0;
        for (int i = 0; i < 3; i++) {
            step.inEpoch = i;
            step.number = i;
            step.firstRow = i * batch;
            assertThat(descent.take(step, goOn())).isTrue();
            lossSum += descent.lossSum();
        }
        return new Outcome(
                lossSum, Vector.wrap(parameters), Vector.wrap(descent.state().copy()));
    }
}
