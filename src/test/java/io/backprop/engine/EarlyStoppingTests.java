package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.engine.EarlyStopping.Monitor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Trains a single bias b from 1 towards 0. With learning rate 1/4 each epoch halves it: {@code b ← b − 1/4·2b}. The
 * training losses b² are computed before the update: 1, 1/4, 1/16, …; the validation losses (b − 1/4)² after it: 1/16, 0,
 * 1/64, 9/256, …
 */
class EarlyStoppingTests {

    private static final Network START = Network.of(
            NetworkSpec.of(1, new Loss.MeanSquaredError(), new LayerSpec(1, Activation.LINEAR)), new float[] {0, 1});
    private static final TrainingData DATA = new TrainingData(example(0), example(0.25f));

    @Test
    void restoresTheParametersOfTheBestValidationLoss() {
        ReportCollector epochs = new ReportCollector();
        TrainingResult result = train(10, new EarlyStopping(3, 0, Monitor.VALIDATION_LOSS), epochs);
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
                    train(10, new EarlyStopping(patience, 0, Monitor.VALIDATION_LOSS), TrainingListener.NONE);
            assertThat(result.epochsCompleted()).isEqualTo(2 + patience);
            assertThat(bias(result)).isEqualTo(0.25f);
        }
    }

    @Test
    void decreaseBelowMinDeltaIsNoImprovement() {
        // 1/4 and 1/16 are lower by more than 1/10, 1/64 is not
        TrainingResult result = train(10, new EarlyStopping(2, 0.1f, Monitor.LOSS), TrainingListener.NONE);
        assertThat(result.stopReason()).isEqualTo(StopReason.EARLY_STOPPING);
        assertThat(result.bestEpoch()).isEqualTo(3);
        assertThat(result.epochsCompleted()).isEqualTo(5);
        assertThat(bias(result)).isEqualTo(0.125f);
    }

    @Test
    void smallDecreasesAddUpToAnImprovement() {
        // 1/64 is lower than 1/4 by more than 0.2, 1/16 is not
        TrainingResult result = train(4, new EarlyStopping(2, 0.2f, Monitor.LOSS), TrainingListener.NONE);
        assertThat(result.bestEpoch()).isEqualTo(4);
        assertThat(result.stopReason()).isEqualTo(StopReason.EPOCHS);
    }

    @Test
    void constantLossIsNoImprovement() {
        TrainingPlan plan =
                TrainingPlan.classic(0.25f).withEpochs(10).withEarlyStopping(new EarlyStopping(4, 0, Monitor.LOSS));
        TrainingResult result =
                Trainer.start(START, plan, TrainingData.of(example(1))).train(TrainingListener.NONE);
        assertThat(result.bestEpoch()).isEqualTo(1);
        assertThat(result.epochsCompleted()).isEqualTo(5);
    }

    @Test
    void monitorsTheTrainingLossDespiteValidation() {
        TrainingResult result = train(10, new EarlyStopping(3, 0, Monitor.LOSS), TrainingListener.NONE);
        assertThat(result.stopReason()).isEqualTo(StopReason.EPOCHS);
        assertThat(result.bestEpoch()).isEqualTo(10);
        assertThat(bias(result)).isEqualTo(1 / 1024f);
    }

    @Test
    void returnsTheBestParametersIfAllEpochsWereRun() {
        TrainingResult result = train(4, new EarlyStopping(10, 0, Monitor.VALIDATION_LOSS), TrainingListener.NONE);
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
        TrainingResult result = train(9, new EarlyStopping(5, 0, Monitor.VALIDATION_LOSS), cancelling);
        assertThat(result.epochsCompleted()).isEqualTo(4);
        assertThat(bias(result)).isEqualTo(0.25f);
    }

    @Test
    void returnsTheLastParametersWithoutEarlyStopping() {
        TrainingPlan plan = TrainingPlan.classic(0.25f).withEpochs(4);
        TrainingResult result = Trainer.start(START, plan, DATA).train(TrainingListener.NONE);
        assertThat(result.bestEpoch()).isEqualTo(4);
        assertThat(bias(result)).isEqualTo(0.0625f);
    }

    @Test
    void stateAtTheEndOfAnEpochIncludesTheBestEpoch() {
        TrainingPlan plan = TrainingPlan.classic(0.25f).withEpochs(2).withEarlyStopping(new EarlyStopping());
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
    void rejectsMonitoringWithoutValidation() {
        TrainingPlan plan = TrainingPlan.classic(0.25f).withEarlyStopping(new EarlyStopping());
        assertThatThrownBy(() -> Trainer.start(START, plan, TrainingData.of(example(0))))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("earlyStopping monitors VALIDATION_LOSS, which requires validation data");
    }

    @Test
    void rejectsInvalidArguments() {
        assertThatThrownBy(() -> new EarlyStopping(0, 0, Monitor.LOSS))
                .hasMessage("patience must be at least 1, but was 0");
        assertThatThrownBy(() -> new EarlyStopping(1, -1, Monitor.LOSS))
                .hasMessage("minDelta must be at least 0, but was -1.0");
    }

    private static TrainingResult train(int epochs, EarlyStopping earlyStopping, TrainingListener listener) {
        TrainingPlan plan = TrainingPlan.classic(0.25f).withEpochs(epochs).withEarlyStopping(earlyStopping);
        return Trainer.start(START, plan, DATA).train(listener);
    }

    private static Examples example(float target) {
        return Examples.of(Matrix.of(new float[] {0}), Matrix.of(new float[] {target}));
    }

    private static float bias(TrainingResult result) {
        return result.network().parameters()[1];
    }
}
