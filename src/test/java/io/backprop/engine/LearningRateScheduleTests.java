package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.backprop.engine.LearningRateSchedule.Constant;
import io.backprop.engine.LearningRateSchedule.CosLog;
import io.backprop.engine.LearningRateSchedule.CosineDecay;
import io.backprop.engine.LearningRateSchedule.ExponentialDecay;
import io.backprop.engine.LearningRateSchedule.InverseTimeDecay;
import io.backprop.engine.LearningRateSchedule.Plateau;
import io.backprop.engine.LearningRateSchedule.ReduceOnPlateau;
import io.backprop.engine.LearningRateSchedule.StepDecay;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LearningRateScheduleTests {

    private static final long STEPS = 150; // of the whole training

    @Test
    void constantScheduleIsConstant() {
        assertThat(new Constant().learningRate(0.3f, 0, 1)).isEqualTo(0.3f);
        assertThat(new Constant().learningRate(0.3f, Long.MAX_VALUE, Long.MAX_VALUE))
                .isEqualTo(0.3f);
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
        assertThat(schedule.learningRate(0, 0, 1)).isZero();
        assertThat(schedule.learningRate(0, 1, 1)).isEqualTo(0.2f);
        assertThat(schedule.learningRate(0, 10, 1)).isEqualTo(2);
        assertThat(plan(0, schedule).learningRate()).isZero();
        assertThatThrownBy(() -> plan(-1, schedule)).hasMessage("learningRate must be at least 0, but was -1.0");
        assertThatThrownBy(() -> plan(0, new CosineDecay(100, 0, null, 0)))
                .hasMessage("learningRate must be greater than 0, but was 0.0");
    }

    /** With four cycles the rate is 0 at 0, 1/15, 3/15, 7/15 and 1, and full where log₂ is a half, 3/2, 5/2 and 7/2. */
    @Test
    void cosLogRisesAndFallsInCyclesOfDoubleLength() {
        LearningRateSchedule schedule = new CosLog(4);
        for (long step : new long[] {0, 10, 30, 70}) {
            assertThat(schedule.learningRate(0.8f, step, STEPS)).isCloseTo(0, within(1e-7f));
        }
        for (double half : new double[] {0.5, 1.5, 2.5, 3.5}) {
            long step = Math.round((Math.pow(2, half) - 1) / 15 * 1_000_000);
            assertThat(schedule.learningRate(0.8f, step, 1_000_000)).isCloseTo(0.8f, within(1e-6f));
        }
        assertThat(schedule.learningRate(0.8f, 999_999, 1_000_000)).isCloseTo(0, within(1e-6f));
        assertThat(new CosLog(1).learningRate(0.8f, 1, 3)).isCloseTo(0.744345f, within(1e-6f));
        assertThatThrownBy(() -> new CosLog(0)).hasMessage("cycles must be between 1 and 30, but was 0");
        assertThatThrownBy(() -> new CosLog(31)).hasMessage("cycles must be between 1 and 30, but was 31");
    }

    @Test
    void cosLogEndsWithTheTraining() {
        Network network = Network.initialize(
                NetworkSpec.of(2, new Loss.MeanSquaredError(), new LayerSpec(1, Activation.LINEAR)), 1);
        TrainingPlan plan = TrainingPlan.classic(0.1f).withEpochs(1).withSchedule(new CosLog(1));
        Examples examples = ExampleData.xor(); // 4 steps, the first with a rate of 0
        assertThat(train(network, plan, examples.select(new int[] {0})).parameters())
                .isEqualTo(network.parameters());
        assertThat(train(network, plan, examples).parameters()).isNotEqualTo(network.parameters());
    }

    /** Expected values are of PyTorch 2.6, whose patience and cooldown are lower by 1 for the same rules. */
    @ParameterizedTest
    @EnumSource(
            value = Metric.class,
            names = {"LOSS", "R2"})
    void reducesOnAPlateauLikePyTorch(Metric monitor) {
        double[] losses = {
            1.0, 0.9, 0.8999, 0.8, 0.85, 0.81, 0.8, 0.79, 0.795, 0.795, 0.795, 0.795, 0.795, 0.79, 0.6, 0.7, 0.7, 0.7,
            0.7, 0.7, 0.7, 0.7
        };
        float[] expected = {
            0.8f, 0.8f, 0.8f, 0.8f, 0.8f, 0.8f, 0.4f, 0.4f, 0.4f, 0.4f, 0.2f, 0.2f, 0.2f, 0.2f, 0.2f, 0.2f, 0.2f, 0.1f,
            0.1f, 0.1f, 0.1f, 0.1f
        };
        ReduceOnPlateau schedule = new ReduceOnPlateau(monitor, 0.5f, 3, 0.02f, 2, 0.1f);
        Plateau plateau = Plateau.START;
        for (int i = 0; i < losses.length; i++) {
            plateau = schedule.after(plateau, monitor == Metric.R2 ? 1 - losses[i] : losses[i], 0.8f);
            assertThat(schedule.reduced(0.8f, plateau)).as("epoch %d", i + 1).isEqualTo(expected[i]);
        }
    }

    @Test
    void rateBelowTheMinimumIsNotRaised() {
        ReduceOnPlateau schedule = new ReduceOnPlateau(Metric.LOSS, 0.5f, 1, 0, 0, 0.1f);
        Plateau plateau = Plateau.START;
        for (int i = 0; i < 5; i++) {
            plateau = schedule.after(plateau, 1, 0.05f);
            assertThat(schedule.reduced(0.05f, plateau)).isEqualTo(0.05f);
        }
    }

    @Test
    void undefinedMetricIsAPlateau() {
        ReduceOnPlateau schedule = new ReduceOnPlateau(Metric.AUC, 0.5f, 2, 0, 0, 0);
        Plateau once = schedule.after(Plateau.START, Double.NaN, 1);
        assertThat(schedule.reduced(1, schedule.after(once, Double.NaN, 1))).isEqualTo(0.5f);
        assertThat(schedule.after(once, 0.5, 1).best()).isEqualTo(0.5);
    }

    private static TrainingPlan plan(float learningRate, LearningRateSchedule schedule) {
        return TrainingPlan.classic(1).withEpochs(1).withSchedule(schedule).withLearningRate(learningRate);
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
    void reducedRateAppliesToTheNextEpoch() {
        Network network = Network.of(
                NetworkSpec.of(1, new Loss.MeanSquaredError(), new LayerSpec(1, Activation.LINEAR)),
                new float[] {0, 1});
        Examples example = Examples.of(Matrix.of(new float[] {0}), Matrix.of(new float[] {0}));
        // minDelta is never exceeded, so that each epoch reduces the rate: 1/4, 1/4, 1/8, 1/16 times the gradient 2b
        TrainingPlan plan = TrainingPlan.classic(0.25f)
                .withEpochs(4)
                .withSchedule(new ReduceOnPlateau(Metric.LOSS, 0.5f, 1, 9, 0, 0));
        assertThat(train(network, plan, example).parameters())
                .containsExactly(0, (1 - 0.5f) * (1 - 0.5f) * (1 - 0.25f) * (1 - 0.125f));
    }

    @Test
    void rejectsInvalidArguments() {
        assertThatThrownBy(() -> new ReduceOnPlateau(Metric.LOSS, 1, 1, 0, 0, 0))
                .hasMessage("factor must be greater than 0 and less than 1, but was 1.0");
        assertThatThrownBy(() -> new ReduceOnPlateau(Metric.LOSS, 0.5f, 0, 0, 0, 0))
                .hasMessage("patience must be at least 1, but was 0");
        assertThatThrownBy(() -> new ReduceOnPlateau(Metric.LOSS, 0.5f, 1, -1, 0, 0))
                .hasMessage("minDelta must be at least 0, but was -1.0");
        assertThatThrownBy(() -> new ReduceOnPlateau(Metric.LOSS, 0.5f, 1, 0, -1, 0))
                .hasMessage("cooldown must be at least 0, but was -1");
        assertThatThrownBy(() -> new ReduceOnPlateau(Metric.LOSS, 0.5f, 1, 0, 0, -1))
                .hasMessage("minLearningRate must be at least 0, but was -1.0");
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
        assertThat((double) schedule.learningRate(0.8f, step, STEPS)).isCloseTo(expected, within(1e-7));
    }
}
