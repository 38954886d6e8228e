package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.engine.LearningRateSchedule.CosLog;
import io.backprop.engine.LearningRateSchedule.ExponentialDecay;
import io.backprop.engine.LearningRateSchedule.ReduceOnPlateau;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Uses everything random or stateful: dropout, shuffling, decay, a front scale, penalties, clipping, early stopping. */
class ReproducibilityTests {

    private static final NetworkSpec SPEC = NetworkSpec.of(
            3,
            new Loss.CategoricalCrossentropy(),
            new LayerSpec(6, Activation.RELU, 0.25f),
            new LayerSpec(5, Activation.TANH, 0.5f),
            new LayerSpec(2, Activation.SOFTMAX));
    private static final TrainingData DATA = TrainingData.of(
            ExampleData.probabilities(30, 3, 2).withWeights(ExampleData.weights(30)),
            Split.random(
                    ExampleData.probabilities(30, 3, 2)
                            .withWeights(ExampleData.weights(30))
                            .size(),
                    0.25f,
                    1));
    private static final int STEPS = 5; // per epoch, of 23 examples in batches of 5

    /** Of one shard and of several ones, for each optimizer. */
    static Stream<TrainingPlan> plans() {
        return optimizers().map(ReproducibilityTests::plan).flatMap(plan -> Stream.of(plan, plan.withShards(4)));
    }

    private static Stream<Optimizer> optimizers() {
        return Stream.of(
                new Optimizer.Sgd(),
                new Optimizer.Sgd(0.9f, false),
                new Optimizer.Sgd(0.9f, true),
                new Optimizer.RmsProp(),
                new Optimizer.Adam(),
                new Optimizer.AdamW());
    }

    private static TrainingPlan plan(Optimizer optimizer) {
        return TrainingPlan.adam(0.05f)
                .withOptimizer(optimizer)
                .withEpochs(8)
                .withBatches(5, true)
                .withSchedule(schedule(optimizer))
                .withFrontScale(optimizer instanceof Optimizer.Sgd sgd && !sgd.nesterov() ? 0 : 2)
                .withRegularization(new Regularization(0, 0.01f, 0.5f))
                .withKeepBest(KeepBest.stoppingEarly(3, 0, Metric.VALIDATION_LOSS))
                .withSeed(3);
    }

    private static LearningRateSchedule schedule(Optimizer optimizer) {
        if (optimizer instanceof Optimizer.AdamW) {
            return new ReduceOnPlateau(Metric.ACCURACY, 0.5f, 1, 0.1f, 2, 1e-3f);
        }
        return optimizer instanceof Optimizer.RmsProp ? new CosLog(3) : new ExponentialDecay(10, 0.9f, false);
    }

    /** Stops at the n-th poll, from 1, and keeps the state at that time. */
    private static final class StopAt extends ReportCollector {
        private int pollsLeft;
        private @Nullable TrainingState state;

        StopAt(int stopSignal) {
            this.pollsLeft = stopSignal;
        }

        @Override
        public @Nullable StopReason stopRequested(Supplier<TrainingState> checkpoint) {
            if (--pollsLeft > 0) {
                return null;
            }
            state = checkpoint.get();
            return StopReason.CANCELLED;
        }
    }

    private static Trainer askingAfterEachStep(Trainer trainer) {
        trainer.stepsBetweenStopChecks = 1;
        return trainer;
    }

    private static Trainer start(TrainingPlan plan) {
        return askingAfterEachStep(
                Trainer.start(Network.initialize(SPEC, 2), plan, DATA).measuring(Metric.LOG_LOSS));
    }

    private static Trainer resume(TrainingState state, TrainingPlan plan) {
        return askingAfterEachStep(Trainer.resume(SPEC, state, plan, DATA).measuring(Metric.LOG_LOSS));
    }

    @ParameterizedTest
    @MethodSource("plans")
    void trainingResumedAfterAnyStepGivesTheSameBits(TrainingPlan plan) {
        ReportCollector whole = new ReportCollector();
        TrainingResult expected = start(plan).train(whole);
        int polls = STEPS * expected.epochsCompleted() - 1; // none after the last step
        for (int stopSignal = 1; stopSignal <= polls; stopSignal++) {
            StopAt stop = new StopAt(stopSignal);
            assertThat(start(plan).train(stop).stopReason()).isEqualTo(StopReason.CANCELLED);
            TrainingState state = stored(stop);
            assertThat(state.progress().epoch() * STEPS + state.progress().step())
                    .isEqualTo(stopSignal);
            ReportCollector rest = new ReportCollector();
            assertSame(resume(state, plan).train(rest), expected);
            assertThat(Stream.concat(stop.reports().stream(), rest.reports().stream()))
                    .containsExactlyElementsOf(whole.reports());
        }
    }

    @ParameterizedTest
    @MethodSource("plans")
    void trainingResumedAfterEveryStepGivesTheSameBits(TrainingPlan plan) {
        ReportCollector whole = new ReportCollector();
        TrainingResult expected = start(plan).train(whole);
        List<EpochReport> reports = new ArrayList<>();
        StopAt stop = new StopAt(1);
        TrainingResult result = start(plan).train(stop);
        while (result.stopReason() == StopReason.CANCELLED) {
            TrainingState state = stored(stop);
            reports.addAll(stop.reports());
            stop = new StopAt(1);
            result = resume(state, plan).train(stop);
        }
        reports.addAll(stop.reports());
        assertSame(result, expected);
        assertThat(reports).isEqualTo(whole.reports());
    }

    @Test
    void resumingACompletedTrainingGivesTheSameBits() {
        for (int patience : new int[] {1, 8}) {
            TrainingPlan plan = plan(new Optimizer.Adam())
                    .withKeepBest(KeepBest.stoppingEarly(patience, patience == 1 ? 10 : 0, Metric.LOSS));
            Trainer trainer = start(plan);
            TrainingResult ended = trainer.train(TrainingListener.NONE);
            ReportCollector rest = new ReportCollector();
            assertSame(resume(trainer.state(), plan).train(rest), ended);
            assertThat(rest.reports()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("plans")
    void sameSeedGivesTheSameBits(TrainingPlan plan) {
        assertSame(start(plan).train(TrainingListener.NONE), start(plan).train(TrainingListener.NONE));
    }

    @ParameterizedTest
    @MethodSource("plans")
    void differentSeedsGiveDifferentBits(TrainingPlan plan) {
        assertThat(parameters(start(plan))).isNotEqualTo(parameters(start(plan.withSeed(4))));
    }

    @Test
    void optimizersGiveDifferentBits() {
        assertThat(optimizers().map(optimizer -> Vector.wrap(parameters(start(plan(optimizer))))))
                .doesNotHaveDuplicates();
    }

    private static float[] parameters(Trainer trainer) {
        return trainer.train(TrainingListener.NONE).network().parameters();
    }

    /** Rebuilds the state from its parts, like a store does. */
    private static TrainingState stored(StopAt stop) {
        TrainingState state = Objects.requireNonNull(stop.state);
        return new TrainingState(state.progress(), state.parameters(), state.optimizerState(), state.bestParameters());
    }

    private static void assertSame(TrainingResult actual, TrainingResult expected) {
        assertThat(actual.network().parameters()).isEqualTo(expected.network().parameters());
        assertThat(actual.stopReason()).isEqualTo(expected.stopReason());
        assertThat(actual.epochsCompleted()).isEqualTo(expected.epochsCompleted());
        assertThat(actual.bestEpoch()).isEqualTo(expected.bestEpoch());
    }
}
