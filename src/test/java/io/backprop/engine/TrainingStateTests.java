package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TrainingStateTests {

    @Test
    void trainingThatGoesOnDoesNotChangeIt() {
        NetworkSpec spec = NetworkSpec.of(2, Loss.MEAN_SQUARED_ERROR, new LayerSpec(1, Activation.LINEAR));
        TrainingPlan plan = TrainingPlan.adam(0.1f).withEpochs(5);
        TrainingData data = TrainingData.of(ExampleData.xor());
        Trainer trainer = Trainer.start(Network.initialize(spec, 1), plan, data);
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
}
