package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.engine.TrainingState.Progress;
import org.junit.jupiter.api.Test;

class TrainingStateTests {

    private static final Progress PROGRESS = new Progress(3, 2, 1.5, 1, 0.5);

    @Test
    void nothingHandedInOrOutChangesIt() {
        float[] parameters = {1};
        float[] optimizerState = {2};
        float[] bestParameters = {3};
        TrainingState state = new TrainingState(PROGRESS, parameters, optimizerState, bestParameters);
        parameters[0] = 99;
        optimizerState[0] = 99;
        bestParameters[0] = 99;
        state.parameters()[0] = 99;
        state.optimizerState()[0] = 99;
        state.bestParameters()[0] = 99;
        assertThat(state.parameters()).containsExactly(1);
        assertThat(state.optimizerState()).containsExactly(2);
        assertThat(state.bestParameters()).containsExactly(3);
        assertThat(state.progress()).isEqualTo(PROGRESS);
    }

    @Test
    void trainingThatGoesOnDoesNotChangeIt() {
        NetworkSpec spec = NetworkSpec.of(2, Loss.MEAN_SQUARED_ERROR, new LayerSpec(1, Activation.LINEAR));
        TrainingPlan plan = TrainingPlan.adam(0.1f).withEpochs(5);
        TrainingData data = TrainingData.of(ExampleData.xor());
        Trainer trainer = Trainer.start(Network.initialize(spec, 1), plan, data);
        TrainingState before = trainer.state();
        float[] parameters = before.parameters();
        float[] optimizerState = before.optimizerState();
        trainer.train(TrainingListener.NONE);
        assertThat(before.parameters())
                .isEqualTo(parameters)
                .isNotEqualTo(trainer.state().parameters());
        assertThat(before.optimizerState())
                .isEqualTo(optimizerState)
                .isNotEqualTo(trainer.state().optimizerState());
    }
}
