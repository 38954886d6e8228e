package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.backprop.engine.LearningRateSchedule.Constant;
import io.backprop.engine.LearningRateSchedule.CosineDecay;
import io.backprop.engine.LearningRateSchedule.ExponentialDecay;
import io.backprop.engine.LearningRateSchedule.InverseTimeDecay;
import io.backprop.engine.LearningRateSchedule.StepDecay;
import org.junit.jupiter.api.Test;

class LearningRateScheduleTests {

    @Test
    void constantScheduleIsConstant() {
        assertThat(new Constant().learningRate(0.3f, 0)).isEqualTo(0.3f);
        assertThat(new Constant().learningRate(0.3f, Long.MAX_VALUE)).isEqualTo(0.3f);
    }

    @Test
    void exponentialDecayDecreasesAtEachStep() {
        LearningRateSchedule schedule = new ExponentialDecay(10, 0.25f, false);
        assertRate(schedule, 0, 0.8);
        assertRate(schedule, 5, 0.8 * 0.5);
        assertRate(schedule, 10, 0.8 * 0.25);
        assertRate(schedule, 15, 0.8 * 0.125);
    }

    @Test
    void staircaseDecreasesAtTheEndOfEachPeriod() {
        LearningRateSchedule schedule = new ExponentialDecay(10, 0.25f, true);
        assertRate(schedule, 9, 0.8);
        assertRate(schedule, 10, 0.2);
        assertRate(schedule, 19, 0.2);
        assertRate(schedule, 20, 0.05);
    }

    @Test
    void stepDecayIsAStaircase() {
        LearningRateSchedule schedule = new StepDecay(3, 0.5f);
        assertRate(schedule, 2, 0.8);
        assertRate(schedule, 3, 0.4);
        assertRate(schedule, 5, 0.4);
        assertRate(schedule, 6, 0.2);
    }

    @Test
    void inverseTimeDecayDividesByALinearFunction() {
        LearningRateSchedule schedule = new InverseTimeDecay(10, 0.5f, false);
        assertRate(schedule, 0, 0.8);
        assertRate(schedule, 5, 0.8 / 1.25);
        assertRate(schedule, 20, 0.8 / 2);
        assertRate(new InverseTimeDecay(10, 0.5f, true), 19, 0.8 / 1.5);
    }

    @Test
    void cosineDecayEndsAtAlpha() {
        LearningRateSchedule schedule = new CosineDecay(100, 0.1f, null, 0);
        assertRate(schedule, 0, 0.8);
        assertRate(schedule, 50, 0.8 * (0.9 * 0.5 + 0.1));
        assertRate(schedule, 25, 0.8 * (0.9 * (1 + Math.sqrt(0.5)) / 2 + 0.1));
        assertRate(schedule, 100, 0.08);
        assertRate(schedule, 1_000_000_000_000L, 0.08);
    }

    @Test
    void cosineDecayWarmsUpFirst() {
        LearningRateSchedule schedule = new CosineDecay(100, 0, 2f, 10);
        assertRate(schedule, 0, 0.8);
        assertRate(schedule, 5, 1.4);
        assertRate(schedule, 10, 2);
        assertRate(schedule, 60, 1);
        assertRate(schedule, 110, 0);
    }

    @Test
    void warmUpMayStartFromZero() {
        LearningRateSchedule schedule = new CosineDecay(100, 0, 2f, 10);
        assertThat(schedule.learningRate(0, 0)).isZero();
        assertThat(schedule.learningRate(0, 1)).isEqualTo(0.2f);
        assertThat(schedule.learningRate(0, 10)).isEqualTo(2);
        assertThat(plan(0, schedule).learningRate()).isZero();
        assertThatThrownBy(() -> plan(-1, schedule)).hasMessage("learningRate must be at least 0, but was -1.0");
        assertThatThrownBy(() -> plan(0, new CosineDecay(100, 0, null, 0)))
                .hasMessage("learningRate must be greater than 0, but was 0.0");
    }

    private static TrainingPlan plan(float learningRate, LearningRateSchedule schedule) {
        return new TrainingPlan(1, 1, false, new Optimizer.Sgd(), learningRate, schedule, Regularization.NONE, null, 0);
    }

    @Test
    void stepsAreNumberedAcrossEpochs() {
        TrainingPlan plan = TrainingPlan.classic(0.5f).withEpochs(3).withSchedule(new StepDecay(2, 1e-30f));
        Network network = Network.initialize(
                NetworkSpec.of(2, new Loss.MeanSquaredError(), new LayerSpec(1, Activation.LINEAR)),
                Initializer.UNIFORM,
                1);
        Examples examples = ExampleData.xor();
        Network threeEpochs = train(network, plan, examples);
        Network twoSteps = train(network, plan.withEpochs(1), examples.select(new int[] {0, 1}));
        assertThat(threeEpochs.parameters()).isEqualTo(twoSteps.parameters());
    }

    @Test
    void rejectsInvalidArguments() {
        assertThatThrownBy(() -> new StepDecay(0, 0.5f)).hasMessage("decaySteps must be at least 1, but was 0");
        assertThatThrownBy(() -> new ExponentialDecay(1, 0, false))
                .hasMessage("decayRate must be greater than 0, but was 0.0");
        assertThatThrownBy(() -> new InverseTimeDecay(1, Float.POSITIVE_INFINITY, false))
                .hasMessage("decayRate must be finite, but was Infinity");
        assertThatThrownBy(() -> new CosineDecay(1, 1.5f, null, 0))
                .hasMessage("alpha must be between 0 and 1, but was 1.5");
        assertThatThrownBy(() -> new CosineDecay(1, 0, -1f, 0))
                .hasMessage("warmupTarget must be greater than 0, but was -1.0");
        assertThatThrownBy(() -> new CosineDecay(1, 0, null, -1))
                .hasMessage("warmupSteps must be at least 0, but was -1");
    }

    private static Network train(Network network, TrainingPlan plan, Examples examples) {
        return Trainer.start(network, plan, TrainingData.of(examples))
                .train(TrainingListener.NONE)
                .network();
    }

    private static void assertRate(LearningRateSchedule schedule, long step, double expected) {
        assertThat((double) schedule.learningRate(0.8f, step)).isCloseTo(expected, within(1e-7));
    }
}
