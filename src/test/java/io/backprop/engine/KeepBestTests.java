package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Trains a single bias b from 1 towards 0. With learning rate 1/4 each epoch halves it: {@code b ← b − 1/4·2b}. The
 * training losses b² are computed before the update: 1, 1/4, 1/16, …; the validation losses (b − 1/4)² after it: 1/16, 0,
 * 1/64, 9/256, …
 */
class KeepBestTests {

    private static final Network START = Network.of(
            NetworkSpec.of(1, new Loss.MeanSquaredError(), new LayerSpec(1, Activation.LINEAR)), new float[] {0, 1});
    private static final TrainingData DATA = new TrainingData(example(0), example(0.25f));

    @Test
    void restoresTheParametersOfTheBestValidationLoss() {
        ReportCollector epochs = new ReportCollector();
        TrainingResult result = train(10, KeepBest.stoppingEarly(3, 0, Metric.VALIDATION_LOSS), epochs);
        assertThat(result.stopReason()).isEqualTo(StopReason.EARLY_STOPPING);
        assertThat(result.bestEpoch()).isEqualTo(2);
        assertThat(result.epochsCompleted()).isEqualTo(5);
        assertThat(bias(result)).isEqualTo(0.25f);
        assertThat(epochs.reports().stream().map(EpochReport::validationLoss))
                .containsExactly(0.0625, 0.0, 0.015625, 0.03515625, 0.0478515625);
    }

    @Test
    void patienceCountsEpochsWithoutImprovement() {
        for (int patience = 1; patience <= 7; patience++) {
            TrainingResult result =
                    train(10, KeepBest.stoppingEarly(patience, 0, Metric.VALIDATION_LOSS), TrainingListener.NONE);
            assertThat(result.epochsCompleted()).isEqualTo(2 + patience);
            assertThat(bias(result)).isEqualTo(0.25f);
        }
    }

    @Test
    void decreaseBelowMinDeltaIsNoImprovement() {
        // 1/4 and 1/16 are lower by more than 1/10, 1/64 is not
        TrainingResult result = train(10, KeepBest.stoppingEarly(2, 0.1f, Metric.LOSS), TrainingListener.NONE);
        assertThat(result.stopReason()).isEqualTo(StopReason.EARLY_STOPPING);
        assertThat(result.bestEpoch()).isEqualTo(3);
        assertThat(result.epochsCompleted()).isEqualTo(5);
        assertThat(bias(result)).isEqualTo(0.125f);
    }

    @Test
    void smallDecreasesAddUpToAnImprovement() {
        // 1/64 is lower than 1/4 by more than 0.2, 1/16 is not
        TrainingResult result = train(4, KeepBest.stoppingEarly(2, 0.2f, Metric.LOSS), TrainingListener.NONE);
        assertThat(result.bestEpoch()).isEqualTo(4);
        assertThat(result.stopReason()).isEqualTo(StopReason.EPOCHS);
    }

    @Test
    void constantLossIsNoImprovement() {
        TrainingPlan plan =
                TrainingPlan.classic(0.25f).withEpochs(10).withKeepBest(KeepBest.stoppingEarly(4, 0, Metric.LOSS));
        TrainingResult result =
                Trainer.start(START, plan, TrainingData.of(example(1))).train(TrainingListener.NONE);
        assertThat(result.bestEpoch()).isEqualTo(1);
        assertThat(result.epochsCompleted()).isEqualTo(5);
    }

    @Test
    void monitorsTheTrainingLossDespiteValidation() {
        TrainingResult result = train(10, KeepBest.stoppingEarly(3, 0, Metric.LOSS), TrainingListener.NONE);
        assertThat(result.stopReason()).isEqualTo(StopReason.EPOCHS);
        assertThat(result.bestEpoch()).isEqualTo(10);
        assertThat(bias(result)).isEqualTo(1 / 1024f);
    }

    @Test
    void returnsTheBestParametersIfAllEpochsWereRun() {
        TrainingResult result = train(4, KeepBest.stoppingEarly(10, 0, Metric.VALIDATION_LOSS), TrainingListener.NONE);
        assertThat(result.stopReason()).isEqualTo(StopReason.EPOCHS);
        assertThat(result.bestEpoch()).isEqualTo(2);
        assertThat(bias(result)).isEqualTo(0.25f);
    }

    @Test
    void returnsTheBestParametersOfACancelledTraining() {
        TrainingListener cancelling = new ReportCollector() {
            @Override
            public @Nullable StopReason stopRequested(Supplier<TrainingState> checkpoint) {
                return reports().size() == 4 ? StopReason.CANCELLED : null;
            }
        };
        TrainingResult result = train(9, KeepBest.stoppingEarly(5, 0, Metric.VALIDATION_LOSS), cancelling);
        assertThat(result.epochsCompleted()).isEqualTo(4);
        assertThat(bias(result)).isEqualTo(0.25f);
    }

    @Test
    void returnsTheLastParametersByDefault() {
        TrainingPlan plan = TrainingPlan.classic(0.25f).withEpochs(4);
        TrainingResult result = Trainer.start(START, plan, DATA).train(TrainingListener.NONE);
        assertThat(result.bestEpoch()).isEqualTo(4);
        assertThat(bias(result)).isEqualTo(0.0625f);
    }

    @Test
    void stateAtTheEndOfAnEpochIncludesTheBestEpoch() {
        TrainingPlan plan = TrainingPlan.classic(0.25f).withEpochs(2).withKeepBest(KeepBest.stoppingEarly());
        Trainer trainer = Trainer.start(START, plan, DATA);
        trainer.train(new TrainingListener() {
            @Override
            public void epochEnded(EpochReport report, Supplier<Network> network) {
                assertThat(trainer.state().progress().bestEpoch()).isEqualTo(report.epoch());
            }
        });
        assertThat(trainer.state().bestParameters()).isEqualTo(Vector.of(0, 0.25f));
    }

    @Test
    void completesAllEpochsWithoutPatience() {
        TrainingResult result = train(10, KeepBest.of(Metric.VALIDATION_LOSS), TrainingListener.NONE);
        assertThat(result.stopReason()).isEqualTo(StopReason.EPOCHS);
        assertThat(result.epochsCompleted()).isEqualTo(10);
        assertThat(result.bestEpoch()).isEqualTo(2);
        assertThat(bias(result)).isEqualTo(0.25f);
    }

    @Test
    void keepsTheEarlierOrTheLaterOfEqualEpochs() {
        TrainingData data = TrainingData.of(example(1)); // the loss is 0 in each epoch
        for (KeepBest.Ties ties : KeepBest.Ties.values()) {
            TrainingPlan plan =
                    TrainingPlan.classic(0.25f).withEpochs(5).withKeepBest(new KeepBest(Metric.LOSS, 0, ties, null));
            TrainingResult result = Trainer.start(START, plan, data).train(TrainingListener.NONE);
            assertThat(result.bestEpoch()).isEqualTo(ties == KeepBest.Ties.EARLIER ? 1 : 5);
        }
    }

    /** With validation targets 0 and 1/2, r2 is {@code −16(b − 1/4)²}. */
    @Test
    void monitorsAMetricThatRises() {
        Examples validation = Examples.of(
                Matrix.of(new float[] {0}, new float[] {0}), Matrix.of(new float[] {0}, new float[] {0.5f}));
        ReportCollector epochs = new ReportCollector();
        TrainingPlan plan =
                TrainingPlan.classic(0.25f).withEpochs(9).withKeepBest(KeepBest.stoppingEarly(2, 0, Metric.R2));
        TrainingResult result = Trainer.start(START, plan, new TrainingData(example(0), validation))
                .train(epochs);
        assertThat(result.stopReason()).isEqualTo(StopReason.EARLY_STOPPING);
        assertThat(result.bestEpoch()).isEqualTo(2);
        assertThat(epochs.reports().stream().map(EpochReport::validationScores))
                .containsExactly(score(-1), score(0), score(-0.25), score(-0.5625));
    }

    private static List<Metric.Score> score(double r2) {
        return List.of(new Metric.Score(Metric.R2, r2));
    }

    @Test
    void measuresErrorsInTheUnitOfTheTargets() {
        ReportCollector epochs = new ReportCollector();
        TrainingPlan plan =
                TrainingPlan.classic(0.25f).withEpochs(1).withKeepBest(KeepBest.of(Metric.MEAN_ABSOLUTE_ERROR));
        Trainer.start(START, plan, DATA)
                .withTargets(TargetKind.NUMBERS, scaled -> Matrix.of(new float[] {10 * scaled.get(0, 0) + 1}))
                .train(epochs);
        assertThat(epochs.reports().get(0).validationScores())
                .containsExactly(new Metric.Score(Metric.MEAN_ABSOLUTE_ERROR, 2.5));
    }

    @Test
    void undefinedMetricIsNoImprovement() {
        TrainingPlan plan =
                TrainingPlan.classic(0.25f).withEpochs(3).withKeepBest(KeepBest.stoppingEarly(1, 0, Metric.R2));
        TrainingResult result = Trainer.start(START, plan, DATA).train(TrainingListener.NONE); // of one validation row
        assertThat(result.stopReason()).isEqualTo(StopReason.EPOCHS);
        assertThat(bias(result)).isEqualTo(0.125f);
    }

    @Test
    void rejectsMetricThatDoesNotFitTheTargets() {
        TrainingPlan plan = TrainingPlan.classic(0.25f).withKeepBest(KeepBest.of(Metric.AUC));
        assertThatThrownBy(() -> Trainer.start(START, plan, DATA).train(TrainingListener.NONE))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("metric must be one of loss, validation_loss, mean_squared_error, mean_absolute_error,"
                        + " root_mean_squared_error, r2 for these targets, but was auc");
    }

    @Test
    void rejectsMonitoringWithoutValidation() {
        TrainingPlan plan = TrainingPlan.classic(0.25f).withKeepBest(KeepBest.stoppingEarly());
        assertThatThrownBy(() -> Trainer.start(START, plan, TrainingData.of(example(0))))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("the plan monitors validation_loss, which requires validation data");
    }

    @Test
    void rejectsInvalidArguments() {
        assertThatThrownBy(() -> KeepBest.stoppingEarly(0, 0, Metric.LOSS))
                .hasMessage("patience must be at least 1, but was 0");
        assertThatThrownBy(() -> KeepBest.stoppingEarly(1, -1, Metric.LOSS))
                .hasMessage("minDelta must be at least 0, but was -1.0");
    }

    private static TrainingResult train(int epochs, KeepBest keepBest, TrainingListener listener) {
        TrainingPlan plan = TrainingPlan.classic(0.25f).withEpochs(epochs).withKeepBest(keepBest);
        return Trainer.start(START, plan, DATA).train(listener);
    }

    private static Examples example(float target) {
        return Examples.of(Matrix.of(new float[] {0}), Matrix.of(new float[] {target}));
    }

    private static float bias(TrainingResult result) {
        return result.network().parameters()[1];
    }
}
