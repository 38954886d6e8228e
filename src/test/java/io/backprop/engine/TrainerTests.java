package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTests {

    private static final NetworkSpec SPEC = NetworkSpec.of(
            2, new Loss.MeanSquaredError(), new LayerSpec(4, Activation.SIGMOID), new LayerSpec(1, Activation.SIGMOID));
    private static final Network START = Network.initialize(SPEC, Initializer.UNIFORM, 1);
    private static final TrainingPlan PLAN = TrainingPlan.classic(0.5f);

    @Test
    void reportsEveryEpochInOrder() {
        ReportCollector epochs = new ReportCollector();
        TrainingResult result = train(START, PLAN.withEpochs(5), ExampleData.xor(), epochs);
        assertThat(epochs.reports().stream().map(EpochReport::epoch)).containsExactly(1, 2, 3, 4, 5);
        assertThat(epochs.reports()).allSatisfy(report -> {
            assertThat(report.epochs()).isEqualTo(5);
            assertThat(report.validationLoss()).isNull();
        });
        assertThat(result.stopReason()).isEqualTo(StopReason.EPOCHS);
        assertThat(result.epochsCompleted()).isEqualTo(5);
        assertThat(result.bestEpoch()).isEqualTo(5);
        assertThat(result.history()).isEqualTo(epochs.reports());
    }

    @Test
    void resumedTrainingHasTheHistorySinceThen() {
        TrainingData data = TrainingData.of(ExampleData.xor());
        Trainer first = Trainer.start(START, PLAN.withEpochs(2), data);
        assertThat(first.train(TrainingListener.NONE).history())
                .extracting(EpochReport::epoch)
                .containsExactly(1, 2);
        TrainingResult resumed =
                Trainer.resume(SPEC, first.state(), PLAN.withEpochs(5), data).train(TrainingListener.NONE);
        assertThat(resumed.history()).extracting(EpochReport::epoch).containsExactly(3, 4, 5);
    }

    @Test
    void resumedTrainingWithFewerEpochsEndsAtOnce() {
        TrainingData data = TrainingData.of(ExampleData.xor());
        Trainer first = Trainer.start(START, PLAN.withEpochs(2), data);
        first.train(TrainingListener.NONE);
        TrainingListener cancelling = new TrainingListener() {
            @Override
            public StopReason stopRequested(Supplier<TrainingState> checkpoint) {
                return StopReason.CANCELLED;
            }
        };
        TrainingResult resumed =
                Trainer.resume(SPEC, first.state(), PLAN.withEpochs(1), data).train(cancelling);
        assertThat(resumed.stopReason()).isEqualTo(StopReason.EPOCHS);
        assertThat(resumed.epochsCompleted()).isEqualTo(2);
    }

    @Test
    void memoryIncludesTheOrderOfTheExamplesAndValidationPredictions() {
        Examples examples = ExampleData.numbers(100_000, 2, 1);
        TrainingPlan plan = TrainingPlan.adam(0.01f);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        Trainer.start(START, plan, new TrainingData(examples, examples));
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).isLessThan(Trainer.memory(SPEC, plan, 2 * examples.size()));
    }

    @Test
    void keepsNoHistoryThatIsNotWanted() {
        Trainer trainer = Trainer.start(START, PLAN.withEpochs(5), TrainingData.of(ExampleData.xor()));
        TrainingResult result = trainer.withoutHistory().train(TrainingListener.NONE);
        assertThat(result.epochsCompleted()).isEqualTo(5);
        assertThat(result.history()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2}) // one example at a time, and batches
    void suppliesCopiesOfTheNetworkAfterEachEpoch(int batchSize) {
        TrainingPlan plan = PLAN.withBatches(batchSize, true);
        List<Network> copies = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void epochEnded(EpochReport report, Supplier<Network> network) {
                copies.add(network.get());
            }
        };

        train(START, plan.withEpochs(3), ExampleData.xor(), listener);

        for (int epochs = 1; epochs <= 3; epochs++) {
            assertThat(copies.get(epochs - 1).parameters())
                    .isEqualTo(parameters(START, plan.withEpochs(epochs), ExampleData.xor()));
        }
    }

    @Test
    void lossOfAnEpochPrecedesItsSteps() {
        ReportCollector epochs = new ReportCollector();
        Network afterOne = train(START, PLAN.withEpochs(1).withBatches(4, false), ExampleData.xor(), epochs)
                .network();
        train(START, PLAN.withEpochs(2).withBatches(4, false), ExampleData.xor(), epochs);
        assertThat(epochs.losses().get(0)).isEqualTo(EvaluatorTests.loss(START, ExampleData.xor()));
        assertThat(epochs.losses().get(2)).isEqualTo(EvaluatorTests.loss(afterOne, ExampleData.xor()));
    }

    @Test
    void lossOfAnEpochIsWeighted() {
        Examples weighted = ExampleData.xor().withWeights(Vector.of(1, 2, 0, 3));
        ReportCollector epochs = new ReportCollector();
        train(START, PLAN.withEpochs(1).withBatches(4, false), weighted, epochs);
        assertThat(epochs.losses().get(0))
                .isEqualTo(EvaluatorTests.loss(START, weighted))
                .isNotEqualTo(EvaluatorTests.loss(START, ExampleData.xor()));
    }

    @Test
    void optimizersCountStepsFromOne() {
        TrainingPlan plan = TrainingPlan.adam(0.125f).withEpochs(1).withBatches(4, false);
        float[] trained = parameters(START, plan, ExampleData.xor());
        float[] start = START.parameters();
        for (int i = 0; i < start.length; i++) { // the first step of Adam is the learning rate
            assertThat(Math.abs((double) trained[i] - start[i])).isCloseTo(0.125, within(0.001));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = StopReason.class,
            names = {"CANCELLED", "TIME_LIMIT"})
    void stopsForTheReasonOfTheListener(StopReason reason) {
        TrainingListener listener = new ReportCollector() {
            @Override
            public @Nullable StopReason stopRequested(Supplier<TrainingState> checkpoint) {
                return reports().size() == 3 ? reason : null;
            }
        };
        TrainingResult stopped = train(START, PLAN, ExampleData.xor(), listener);
        assertThat(stopped.stopReason()).isEqualTo(reason);
        assertThat(stopped.epochsCompleted()).isEqualTo(3);
        assertThat(stopped.network().parameters()).isEqualTo(parameters(START, PLAN.withEpochs(3), ExampleData.xor()));
    }

    @Test
    void longEpochsPollBetweenSteps() {
        Examples many = ExampleData.numbers(20_000, 30, 1);
        NetworkSpec wide = NetworkSpec.of(
                30,
                new Loss.MeanSquaredError(),
                new LayerSpec(100, Activation.RELU),
                new LayerSpec(1, Activation.LINEAR));
        TrainingListener impatient = new TrainingListener() {
            private int questions;

            @Override
            public @Nullable StopReason stopRequested(Supplier<TrainingState> checkpoint) {
                return ++questions == 3 ? StopReason.CANCELLED : null;
            }
        };
        Trainer trainer = Trainer.start(
                Network.initialize(wide, 1), TrainingPlan.classic(1e-3f).withBatches(10, false), TrainingData.of(many));
        TrainingResult result = trainer.train(impatient);
        assertThat(result.epochsCompleted()).isZero();
        assertThat(result.bestEpoch()).isZero();
        assertThat(trainer.state().progress().step()).isBetween(3, 400); // of 2000
    }

    @Test
    void twoTrainingsEqualOneForAStatelessOptimizer() {
        Network half = Network.of(SPEC, parameters(START, PLAN.withEpochs(50), ExampleData.xor()));
        assertThat(parameters(half, PLAN.withEpochs(50), ExampleData.xor()))
                .isEqualTo(parameters(START, PLAN.withEpochs(100), ExampleData.xor()))
                .isNotEqualTo(half.parameters());
    }

    @Test
    void exampleOfWeightZeroHasNoEffect() {
        Examples weighted = ExampleData.xor().withWeights(Vector.of(1, 1, 0, 1));
        Examples without = ExampleData.xor().select(new int[] {0, 1, 3});
        assertThat(parameters(START, PLAN, weighted))
                .isEqualTo(parameters(START, PLAN, without))
                .isNotEqualTo(parameters(START, PLAN, ExampleData.xor()));
    }

    @Test
    void exampleOfWeightTwoCountsLikeTwo() {
        Examples weighted = ExampleData.xor().withWeights(Vector.of(1, 2, 1, 1));
        Examples doubled = ExampleData.xor().select(new int[] {0, 1, 1, 2, 3});
        float[] expected = parameters(START, PLAN.withBatches(5, false), doubled);
        // one mean is over 4 examples, the other one over 5
        TrainingPlan slower = TrainingPlan.classic(0.5f * 4 / 5).withBatches(4, false);
        float[] actual = parameters(START, slower, weighted);
        for (int i = 0; i < actual.length; i++) {
            assertThat((double) actual[i]).isCloseTo(expected[i], within(1e-5));
        }
    }

    @Test
    void batchMayBeLargerThanTheExamples() {
        assertThat(parameters(START, PLAN.withBatches(Integer.MAX_VALUE, false), ExampleData.xor()))
                .isEqualTo(parameters(START, PLAN.withBatches(4, false), ExampleData.xor()));
    }

    @Test
    void lastBatchOfAnEpochMayBeSmaller() {
        Examples examples = ExampleData.numbers(7, 2, 1);
        float[] expected = START.parameters();
        for (int[] rows : new int[][] {{0, 1, 2}, {3, 4, 5}, {6}}) {
            Network network = Network.of(SPEC, expected);
            expected = parameters(network, PLAN.withEpochs(1).withBatches(3, false), examples.select(rows));
        }
        assertThat(parameters(START, PLAN.withEpochs(1).withBatches(3, false), examples))
                .isEqualTo(expected);
    }

    @Test
    void rejectsDataOfOtherWidths() {
        assertThatThrownBy(() -> Trainer.start(START, PLAN, TrainingData.of(ExampleData.numbers(4, 3, 1))))
                .hasMessage("inputs must have 2 columns, but has 3");
        TrainingData validationOfThreeOutputs = new TrainingData(ExampleData.xor(), ExampleData.numbers(4, 2, 3));
        assertThatThrownBy(() -> Trainer.start(START, PLAN, validationOfThreeOutputs))
                .hasMessage("targets must have 1 columns, but has 3");
    }

    private static float[] parameters(Network network, TrainingPlan plan, Examples examples) {
        return train(network, plan, examples, TrainingListener.NONE).network().parameters();
    }

    private static TrainingResult train(
            Network network, TrainingPlan plan, Examples examples, TrainingListener listener) {
        return Trainer.start(network, plan, TrainingData.of(examples)).train(listener);
    }
}
