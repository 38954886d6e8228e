package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.backprop.engine.kernel.Kernels;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Trains with weights, dropout, a front scale, penalties, clipping and validation, in batches of 60 of 300 examples. */
class ShardedTrainingTests {

    private static final NetworkSpec SPEC = NetworkSpec.of(
            41,
            new Loss.CategoricalCrossentropy(),
            new LayerSpec(33, Activation.GELU, 0.25f),
            new LayerSpec(18, Activation.SIGMOID),
            new LayerSpec(3, Activation.SOFTMAX));
    private static final Network START = Network.initialize(SPEC, 2);
    private static final Examples EXAMPLES =
            ExampleData.probabilities(300, 41, 3).withWeights(ExampleData.weights(300));
    private static final Examples VALIDATION = ExampleData.probabilities(50, 41, 3);
    private static final TrainingPlan PLAN = TrainingPlan.adam(0.01f)
            .withFrontScale(3)
            .withBatches(60, true)
            .withRegularization(new Regularization(0.001f, 0.002f, 0.1f))
            .withKeepBest(KeepBest.of(Metric.VALIDATION_LOSS))
            .withEpochs(3)
            .withSeed(8);

    @ParameterizedTest
    @CsvSource({"2, 2", "2, 3", "4, 3", "64, 2", "64, 3", "4096, 2"})
    void threadsGiveTheSameBits(int shards, int threads) {
        TrainingPlan plan = PLAN.withShards(shards).withEpochs(2);
        NetworkSpec spec = NetworkSpec.of(
                300,
                new Loss.MeanSquaredError(),
                new LayerSpec(257, Activation.RELU, 0.1f),
                new LayerSpec(2, Activation.LINEAR));
        Examples examples = ExampleData.numbers(256, 300, 2);
        Supplier<Trainer> trainer =
                () -> Trainer.start(Network.initialize(spec, 1), plan.withKeepBest(null), TrainingData.of(examples));
        assertThat(train(trainer.get().using(Threads.of(threads)))).isEqualTo(train(trainer.get()));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 64})
    void orderOfTheRowsDoesNotMatter(int shards) {
        TrainingPlan plan = PLAN.withShards(shards);
        int[] order = IntStream.range(0, EXAMPLES.size()).toArray();
        new SplitMix64(1).shuffle(order);
        TrainingData shuffled = new TrainingData(EXAMPLES.select(order), VALIDATION);
        assertThat(train(Trainer.start(START, plan, shuffled))).isEqualTo(train(local(plan)));
        TrainingPlan unshuffled = plan.withBatches(60, false);
        assertThat(train(Trainer.start(START, unshuffled, shuffled))).isEqualTo(train(local(unshuffled)));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 16, 64, 4096})
    void anyPartitionOfTheShardsGivesTheSameBits(int shards) {
        TrainingPlan plan = PLAN.withShards(shards);
        for (int seed = 0; seed < 3; seed++) {
            Trainer remote = Trainer.start(START, plan, new Partitions(EXAMPLES, plan, seed), VALIDATION);
            assertThat(train(remote)).isEqualTo(train(local(plan)));
        }
    }

    @Test
    void trainingResumedElsewhereGivesTheSameBits() {
        TrainingPlan plan = PLAN.withShards(16);
        for (int polls = 1; polls < 15; polls++) {
            AtomicInteger left = new AtomicInteger(polls);
            Trainer first = Trainer.start(START, plan, new Partitions(EXAMPLES, plan, 1), VALIDATION);
            first.stepsBetweenStopChecks = 1;
            TrainingResult stopped = first.train(new TrainingListener() {
                @Override
                public @Nullable StopReason stopRequested(Supplier<TrainingState> checkpoint) {
                    return left.decrementAndGet() == 0 ? StopReason.CANCELLED : null;
                }
            });
            assertThat(stopped.stopReason()).isEqualTo(StopReason.CANCELLED);
            Trainer local = Trainer.resume(SPEC, first.state(), plan, new TrainingData(EXAMPLES, VALIDATION));
            assertThat(train(local)).isEqualTo(train(local(plan)));
            Trainer remote = Trainer.resume(SPEC, first.state(), plan, new Partitions(EXAMPLES, plan, 2), VALIDATION);
            assertThat(train(remote)).isEqualTo(train(local(plan)));
        }
    }

    @Test
    void scalarAndSimdKernelsGiveTheSameBits() {
        assumeThat(Kernels.simd()).isPresent();
        assertThat(threeSteps(Kernels.simd().orElseThrow())).isEqualTo(threeSteps(Kernels.scalar()));
    }

    private static float[] threeSteps(Kernels kernels) {
        TrainingPlan plan = PLAN.withShards(8);
        float[] parameters = START.parameters();
        GradientDescent descent = GradientDescent.of(new Execution(kernels), SPEC, plan, EXAMPLES, parameters);
        GradientDescent.Step step = new GradientDescent.Step();
        step.learningRate = PLAN.learningRate();
        for (int i = 0; i < 3; i++) {
            step.inEpoch = i;
            step.number = i;
            assertThat(descent.take(step, new StopSignal(() -> null))).isTrue();
        }
        return parameters;
    }

    /** Slices of 7 rows of a shard of 31 or more, and groups of up to 1, 4 and 16 shards of about four rows. */
    @ParameterizedTest
    @CsvSource({"2, 7, 7", "16, 4, 4", "16, 5, 20", "64, 1, 200"})
    void slicesAndGroupsGiveTheSameBits(int shards, int mostRows, int rowsOfGroup) {
        TrainingPlan plan = PLAN.withShards(shards);
        GradientSum whole = sum(plan, new ShardPass(Kernels.best(), SPEC, plan, 60, 1));
        GradientSum divided = sum(plan, new ShardPass(Kernels.best(), SPEC, plan, mostRows, rowsOfGroup));
        assertThat(divided.gradient()).isEqualTo(whole.gradient());
        assertThat(divided.lossSum()).isEqualTo(whole.lossSum());
        assertThat(divided.rows()).isEqualTo(whole.rows()).isBetween(50L, 70L);
    }

    private static GradientSum sum(TrainingPlan plan, ShardPass pass) {
        GradientTree tree = new GradientTree(0, plan.shards(), new ConcurrentLinkedDeque<>());
        ShardStep step = new ShardStep(plan, 5, 1, 2);
        Shard[] shards = Shard.divide(EXAMPLES, plan);
        assertThat(pass.addAll(shards, 0, plan.shards(), step, START.parameters(), tree, () -> false))
                .isTrue();
        return tree.total();
    }

    /** Without dropout, whose masks depend on the shard, a step of all rows differs only by rounding. */
    @Test
    void stepDiffersFromThatOfOneShardOnlyByRounding() {
        NetworkSpec spec = NetworkSpec.of(
                41, new Loss.Huber(), new LayerSpec(33, Activation.GELU), new LayerSpec(3, Activation.LINEAR));
        Network start = Network.initialize(spec, 2);
        TrainingPlan plan = TrainingPlan.classic(0.1f).withBatches(300, true).withEpochs(1);
        TrainingData data = TrainingData.of(ExampleData.numbers(300, 41, 3).withWeights(ExampleData.weights(300)));
        float[] expected = train(Trainer.start(start, plan, data));
        for (int shards : new int[] {2, 64}) {
            float[] actual = train(Trainer.start(start, plan.withShards(shards), data));
            assertThat(actual).isNotEqualTo(expected);
            for (int i = 0; i < expected.length; i++) {
                assertThat(actual[i]).isBetween(expected[i] - 1e-6f, expected[i] + 1e-6f);
            }
        }
    }

    @Test
    void lossIsTheMeanOverAllRows() {
        TrainingPlan still = TrainingPlan.classic(1e-30f).withBatches(7, true).withEpochs(1);
        NetworkSpec spec = NetworkSpec.of(2, new Loss.MeanSquaredError(), new LayerSpec(1, Activation.LINEAR));
        Network start = Network.initialize(spec, 2);
        TrainingData data = TrainingData.of(ExampleData.numbers(100, 2, 1));
        ReportCollector whole = new ReportCollector();
        ReportCollector sharded = new ReportCollector();
        Trainer.start(start, still, data).train(whole);
        Trainer.start(start, still.withShards(8).withDropRemainder(true), data).train(sharded);
        double difference =
                sharded.reports().get(0).loss() - whole.reports().get(0).loss();
        assertThat(difference).isBetween(-1e-12, 1e-12);
    }

    /** Of the three steps of three examples in 64 shards, some may take no example. */
    @Test
    void batchesMayBeSmallerThanTheNumberOfShards() {
        TrainingPlan plan = PLAN.withShards(64).withBatches(1, true).withKeepBest(null);
        Examples few = EXAMPLES.select(new int[] {1, 2, 3});
        float[] trained = train(Trainer.start(START, plan, TrainingData.of(few)));
        assertThat(trained).isNotEqualTo(START.parameters()).doesNotContain(Float.NaN);
        assertThat(train(Trainer.start(START, plan, new Partitions(few, plan, 1), null)))
                .isEqualTo(trained);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void longStepIsAbandonedAndChangesNothing(int threads) {
        NetworkSpec spec = NetworkSpec.of(
                300,
                new Loss.MeanSquaredError(),
                new LayerSpec(300, Activation.RELU),
                new LayerSpec(2, Activation.LINEAR));
        TrainingPlan plan =
                TrainingPlan.adam(0.01f).withBatches(1000, true).withShards(16).withEpochs(1);
        Network start = Network.initialize(spec, 1);
        TrainingData data = TrainingData.of(ExampleData.numbers(1000, 300, 2));
        Trainer trainer = Trainer.start(start, plan, data).using(Threads.of(threads));
        AtomicInteger polls = new AtomicInteger();
        TrainingResult result = trainer.train(new TrainingListener() {
            @Override
            public @Nullable StopReason stopRequested(Supplier<TrainingState> checkpoint) {
                polls.incrementAndGet();
                return StopReason.TIME_LIMIT;
            }
        });
        assertThat(result.stopReason()).isEqualTo(StopReason.TIME_LIMIT);
        assertThat(polls).hasValue(1);
        assertThat(result.network().parameters()).isEqualTo(start.parameters());
        assertThat(trainer.state().progress().step()).isZero();
        assertThat(train(trainer)).isEqualTo(train(Trainer.start(start, plan, data)));
    }

    @Test
    void gradientsOfARangeAreAbandonedOnRequest() {
        TrainingPlan plan = PLAN.withShards(2).withBatches(100_000, true);
        Examples many = ExampleData.probabilities(10_000, 41, 3);
        Shard[] shards = Shard.divide(many, plan);
        ShardGradients gradients = new ShardGradients(SPEC, plan, many.size());
        assertThat(gradients.sum(0, 2, List.of(shards), 0, 0, START.parameters(), () -> true))
                .isNull();
    }

    @Test
    void refusesAnIncompleteGradient() {
        TrainingPlan plan = PLAN.withShards(4).withKeepBest(null);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> trainWith(plan, GradientSum.of(2, 2, START.parameters(), 1, 1)))
                .withMessage("the gradient must be the sum of 4 shards, but is that of 2 shards from 2 on");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> trainWith(plan, GradientSum.of(0, 4, new float[3], 1, 1)))
                .withMessage("the gradient must have %d values, but has 3", SPEC.parameterCount());
        assertThatIllegalStateException()
                .isThrownBy(() -> trainWith(plan, null))
                .withMessage("the source of gradients has abandoned a step without a stop");
    }

    @Test
    void refusesASourceOfOneShardOrWithoutRows() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> trainWith(PLAN, null))
                .withMessage("shards must be at least 2, but was 1");
        TrainingPlan plan = PLAN.withShards(2);
        Partitions nothing = new Partitions(EXAMPLES, plan, 1) {
            @Override
            public long rows() {
                return 0;
            }
        };
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Trainer.start(START, plan, nothing, VALIDATION))
                .withMessage("rows must be at least 1, but was 0");
    }

    private static void trainWith(TrainingPlan plan, @Nullable GradientSum sum) {
        GradientSource source = new GradientSource() {
            @Override
            public long rows() {
                return 10;
            }

            @Override
            public @Nullable GradientSum gradient(int epoch, int step, float[] parameters, BooleanSupplier stop) {
                return sum;
            }
        };
        train(Trainer.start(START, plan, source, VALIDATION));
    }

    @Test
    void refusesShardsOutsideOfTheRange() {
        TrainingPlan plan = PLAN.withShards(8);
        Shard[] shards = Shard.divide(EXAMPLES, plan);
        ShardGradients gradients = new ShardGradients(SPEC, plan, EXAMPLES.size());
        float[] parameters = START.parameters();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> gradients.sum(0, 2, List.of(shards[1], shards[0]), 0, 0, parameters, () -> false))
                .withMessage("shards must be from 0 to 1 in rising order, but shard 0 follows 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> gradients.sum(4, 4, List.of(shards[3]), 0, 0, parameters, () -> false))
                .withMessage("shards must be from 4 to 7 in rising order, but shard 3 follows 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> gradients.sum(8, 8, List.of(), 0, 0, parameters, () -> false))
                .withMessage("the range must end before shard 8, but is 8 shards from 8 on");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> gradients.sum(0, 8, List.of(shards), 0, 5, parameters, () -> false))
                .withMessage("step must be at least 0 and less than 5, but was 5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> gradients.sum(0, 8, List.of(shards), 0, 0, new float[3], () -> false))
                .withMessage("parameters must have %d values, but has 3", SPEC.parameterCount());
        Shard narrow = Shard.of(0, ExampleData.numbers(3, 2, 3));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> gradients.sum(0, 1, List.of(narrow), 0, 0, parameters, () -> false))
                .withMessageContaining("must have 41 columns");
    }

    @Test
    void shardChecksItsTargets() {
        Shard.of(0, EXAMPLES).requireFit(SPEC);
        Shard numbers = Shard.of(0, ExampleData.numbers(3, 41, 3));
        assertThatIllegalArgumentException().isThrownBy(() -> numbers.requireFit(SPEC));
    }

    @Test
    void memoryIncludesThePartialSumsOfEachThread() {
        NetworkSpec wide = NetworkSpec.of(100_000, new Loss.MeanSquaredError(), new LayerSpec(5, Activation.LINEAR));
        TrainingPlan plan = TrainingPlan.adam(0.01f).withBatches(1, true);
        long added = Trainer.memory(wide, plan.withShards(64), 1000) - Trainer.memory(wide, plan, 1000);
        long gradients = added / Float.BYTES / wide.parameterCount();
        assertThat(gradients).isBetween(7L, 9L * Runtime.getRuntime().availableProcessors()); // log₂ 64 + 1 at least
    }

    private static Trainer local(TrainingPlan plan) {
        return Trainer.start(START, plan, new TrainingData(EXAMPLES, VALIDATION));
    }

    private static float[] train(Trainer trainer) {
        return trainer.train(TrainingListener.NONE).network().parameters();
    }

    /** Computes the gradients of another partition of the shards in each step, and adds them up in random order. */
    private static class Partitions implements GradientSource {

        private final TrainingPlan plan;
        private final long rows;
        private final List<Shard> shards = new ArrayList<>();
        private final ShardGradients gradients;
        private final Random random;

        Partitions(Examples examples, TrainingPlan plan, long seed) {
            this.plan = plan;
            this.rows = examples.size();
            this.gradients = new ShardGradients(SPEC, plan, rows);
            this.random = new Random(seed);
            for (Shard shard : Shard.divide(examples, plan)) {
                if (shard.size() > 0) {
                    int[] own = IntStream.range(0, shard.size()).map(shard::row).toArray();
                    shards.add(Shard.of(shard.index(), examples.select(own)));
                }
            }
        }

        @Override
        public long rows() {
            return rows;
        }

        @Override
        public GradientSum gradient(int epoch, int step, float[] parameters, BooleanSupplier stop) {
            List<GradientSum> sums = new ArrayList<>();
            sum(0, plan.shards(), epoch, step, parameters, sums);
            Collections.shuffle(sums, random);
            return GradientSum.total(sums);
        }

        private void sum(int first, int count, int epoch, int step, float[] parameters, List<GradientSum> sums) {
            if (count > 1 && random.nextInt(4) > 0) {
                sum(first, count / 2, epoch, step, parameters, sums);
                sum(first + count / 2, count / 2, epoch, step, parameters, sums);
                return;
            }
            List<Shard> own = shards.stream()
                    .filter(shard -> shard.index() >= first && shard.index() < first + count)
                    .toList();
            sums.add(Objects.requireNonNull(
                    gradients.sum(first, count, own, epoch, step, parameters.clone(), () -> false)));
        }
    }
}
