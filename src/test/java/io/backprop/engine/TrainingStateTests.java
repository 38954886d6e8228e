package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.engine.LearningRateSchedule.Plateau;
import io.backprop.engine.TrainingState.Progress;
import org.junit.jupiter.api.Test;

class TrainingStateTests {

    private static final NetworkSpec SPEC =
            NetworkSpec.of(2, new Loss.MeanSquaredError(), new LayerSpec(1, Activation.LINEAR));
    private static final TrainingPlan PLAN = TrainingPlan.adam(0.1f).withEpochs(5);
    private static final TrainingData DATA = TrainingData.of(ExampleData.xor());

    private final Trainer trainer = Trainer.start(Network.initialize(SPEC, 1), PLAN, DATA);

    @Test
    void snapshotDoesNotChangeWhileTrainingContinues() {
        TrainingState before = trainer.state();
        Vector parameters = Vector.of(before.parameters().values());
        Vector optimizerState = Vector.of(before.optimizerState().values());
        trainer.train(TrainingListener.NONE);
        assertThat(before.parameters())
                .isEqualTo(parameters)
                .isNotEqualTo(trainer.state().parameters());
        assertThat(before.optimizerState())
                .isEqualTo(optimizerState)
                .isNotEqualTo(trainer.state().optimizerState());
    }

    @Test
    void rejectsStateOfAnotherNetwork() {
        NetworkSpec other = NetworkSpec.of(2, new Loss.MeanSquaredError(), new LayerSpec(2, Activation.LINEAR));
        assertThatThrownBy(() -> Trainer.resume(other, trainer.state(), PLAN, DATA))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("parameters of the state must have 6 values, but has 3");
    }

    @Test
    void rejectsABestEpochWithoutParameters() {
        TrainingState state = trainer.state();
        Progress progress = new Progress(3, 0, 0, 2, 0.5, Plateau.START);
        TrainingState other =
                new TrainingState(progress, state.parameters(), state.optimizerState(), state.bestParameters());
        assertThatThrownBy(() -> Trainer.resume(SPEC, other, PLAN, DATA))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("bestParameters of the state must have 3 values, but has 0");
    }

    @Test
    void rejectsBestParametersOfAnotherNetwork() {
        TrainingState state = trainer.state();
        TrainingState other =
                new TrainingState(state.progress(), state.parameters(), state.optimizerState(), Vector.of(1, 2));
        assertThatThrownBy(() -> Trainer.resume(SPEC, other, PLAN, DATA))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("bestParameters of the state must have 3 values, but has 2");
    }
}
