package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DivergenceTests {

    private static final NetworkSpec SPEC = NetworkSpec.of(
            2, new Loss.MeanSquaredError(), new LayerSpec(3, Activation.RELU), new LayerSpec(1, Activation.LINEAR));
    private static final TrainingData DATA = TrainingData.of(ExampleData.numbers(6, 2, 1));

    @Test
    void reportsDivergenceWithEpochAndAdvice() {
        Network network = Network.initialize(SPEC, 1);
        float[] before = network.parameters();
        assertThatExceptionOfType(TrainingDivergedException.class)
                .isThrownBy(() -> train(network, TrainingPlan.classic(1e30f), DATA))
                .satisfies(diverged -> assertThat(diverged.epoch()).isEqualTo(1))
                .withMessage(
                        "the loss became infinite or NaN in epoch 1; try a smaller learningRate, a globalClipNorm, "
                                + "or inputs and targets of moderate size");
        assertThat(network.parameters()).isEqualTo(before);
    }

    @Test
    void reportsTheEpochOfTheDivergence() {
        // one bias, b ← b − 1/2·1e4·2b ≈ −1e4·b: b overflows a float after ten steps, as 1e4¹⁰ > 3.4e38
        NetworkSpec bias = NetworkSpec.of(1, new Loss.MeanSquaredError(), new LayerSpec(1, Activation.LINEAR));
        TrainingData zero = TrainingData.of(Examples.of(Matrix.of(new float[] {0}), Matrix.of(new float[] {0})));
        ReportCollector epochs = new ReportCollector();
        TrainingPlan plan = TrainingPlan.classic(0.5e4f);
        assertThatExceptionOfType(TrainingDivergedException.class)
                .isThrownBy(() -> Trainer.start(Network.of(bias, new float[] {0, 1}), plan, zero)
                        .train(epochs))
                .satisfies(diverged -> assertThat(diverged.epoch()).isEqualTo(10));
        assertThat(epochs.reports()).hasSize(9);
    }

    @Test
    void returnsTheBestParametersOfEarlyStopping() {
        NetworkSpec bias = NetworkSpec.of(1, new Loss.MeanSquaredError(), new LayerSpec(1, Activation.LINEAR));
        TrainingData zero = TrainingData.of(Examples.of(Matrix.of(new float[] {0}), Matrix.of(new float[] {0})));
        TrainingPlan plan = TrainingPlan.classic(0.5e4f).withKeepBest(KeepBest.stoppingEarly(100, 0, Metric.LOSS));
        assertThatExceptionOfType(TrainingDivergedException.class)
                .isThrownBy(() -> Trainer.start(Network.of(bias, new float[] {0, 1}), plan, zero)
                        .train(new ReportCollector()))
                .satisfies(diverged -> {
                    TrainingResult best = diverged.best().orElseThrow();
                    assertThat(best.stopReason()).isEqualTo(StopReason.DIVERGED);
                    assertThat(best.bestEpoch()).isEqualTo(1);
                    assertThat(best.epochsCompleted()).isEqualTo(9);
                    assertThat(best.history()).hasSize(9);
                    assertThat(best.network().parameters()[1]).isEqualTo(1 - 0.5e4f * 2);
                });
    }

    @Test
    void detectsOverflowOfParametersInTheLastStep() {
        TrainingPlan plan = TrainingPlan.classic(3e38f).withEpochs(1).withBatches(6, false);
        assertThatExceptionOfType(TrainingDivergedException.class)
                .isThrownBy(() -> train(Network.initialize(SPEC, 1), plan, DATA))
                .withMessageStartingWith("a parameter became infinite or NaN in epoch 1;");
    }

    @ParameterizedTest
    @EnumSource(
            value = StopReason.class,
            names = {"CANCELLED", "TIME_LIMIT"})
    void detectsOverflowOfParametersBeforeAStopWithinAnEpoch(StopReason reason) {
        TrainingPlan plan = TrainingPlan.classic(3e38f).withBatches(3, false);
        Trainer trainer = Trainer.start(Network.initialize(SPEC, 1), plan, DATA);
        trainer.stepsBetweenStopChecks = 1;
        TrainingListener stop = new TrainingListener() {
            @Override
            public @Nullable StopReason stopRequested(Supplier<TrainingState> checkpoint) {
                return reason;
            }
        };
        assertThatExceptionOfType(TrainingDivergedException.class)
                .isThrownBy(() -> trainer.train(stop))
                .withMessageStartingWith("a parameter became infinite or NaN in epoch 1;");
    }

    @Test
    void detectsOverflowOfPredictionsAfterTheLastStep() {
        TrainingPlan plan = TrainingPlan.classic(1e30f).withEpochs(1).withBatches(6, false);
        TrainingResult result = train(Network.initialize(SPEC, 1), plan, DATA);
        Matrix predictions = result.network().predict(DATA.training().inputs());
        assertThatExceptionOfType(TrainingDivergedException.class)
                .isThrownBy(() -> TrainingDivergedException.requireFinite(predictions, result.bestEpoch()))
                .withMessageStartingWith("a prediction became infinite or NaN in epoch 1;");
    }

    @Test
    void detectsOverflowOfTheValidationLoss() {
        Examples huge = Examples.of(Matrix.of(new float[] {3e38f, 3e38f}), Matrix.of(new float[] {0}));
        TrainingData data = new TrainingData(DATA.training(), huge);
        float[] steep = {10, 10, 10, 10, 10, 10, 0, 0, 0, 10, 10, 10, 0};
        TrainingPlan plan = TrainingPlan.classic(1e-6f).withEpochs(1);
        assertThatExceptionOfType(TrainingDivergedException.class)
                .isThrownBy(() -> train(Network.of(SPEC, steep), plan, data))
                .withMessageStartingWith("the validation loss became infinite or NaN in epoch 1;");
    }

    @Test
    void clippingPreventsDivergence() {
        TrainingPlan plan = TrainingPlan.classic(100).withRegularization(new Regularization(0, 0, 1e-4f));
        TrainingResult result = train(Network.initialize(SPEC, 1), plan, DATA);
        assertThat(result.stopReason()).isEqualTo(StopReason.EPOCHS);
        assertThatExceptionOfType(TrainingDivergedException.class)
                .isThrownBy(
                        () -> train(Network.initialize(SPEC, 1), plan.withRegularization(Regularization.NONE), DATA));
    }

    @Test
    void reportsInfiniteNormOfAClippedGradient() {
        // the gradient is 2·1e20, whose square overflows a float, while the loss is 1e40
        NetworkSpec bias = NetworkSpec.of(1, new Loss.MeanSquaredError(), new LayerSpec(1, Activation.LINEAR));
        TrainingData far = TrainingData.of(Examples.of(Matrix.of(new float[] {0}), Matrix.of(new float[] {1e20f})));
        TrainingPlan plan = TrainingPlan.classic(0.1f).withEpochs(1).withRegularization(new Regularization(0, 0, 1));
        assertThatExceptionOfType(TrainingDivergedException.class)
                .isThrownBy(() -> train(Network.of(bias, new float[] {0, 0}), plan, far))
                .withMessageStartingWith("the norm of the gradient became infinite or NaN in epoch 1;");
    }

    private static TrainingResult train(Network network, TrainingPlan plan, TrainingData data) {
        return Trainer.start(network, plan, data).train(TrainingListener.NONE);
    }
}
