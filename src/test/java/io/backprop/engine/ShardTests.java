package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShardTests {

    private static final TrainingPlan PLAN = TrainingPlan.adam(0.1f).withSeed(5);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 64, 4096})
    void dividesAllRowsByTheirHash(int count) {
        Examples examples = ExampleData.numbers(1000, 3, 1);
        Shard[] shards = Shard.divide(examples, PLAN.withShards(count));
        assertThat(shards).hasSize(count);
        assertThat(Arrays.stream(shards).flatMapToInt(ShardTests::rows).sorted().toArray())
                .containsExactly(IntStream.range(0, 1000).toArray());
        for (Shard shard : shards) {
            assertThat(hashes(shard)).isSorted().allMatch(hash -> hash.shard(count) == shard.index());
        }
    }

    /** Also of hashes that differ only in their last bits. */
    @Test
    void sortsByTheWholeHash() {
        Random random = new Random(1);
        List<RowHash> hashes = IntStream.range(0, 1000)
                .mapToObj(i -> new RowHash(random.nextInt(6) - 3L, random.nextInt(100) - 50L))
                .toList();
        int[] sorted = Shard.sorted(hashes.size(), hashes::get);
        assertThat(Arrays.stream(sorted).mapToObj(hashes::get)).isSorted();
        assertThat(Arrays.stream(sorted).sorted().toArray())
                .containsExactly(IntStream.range(0, 1000).toArray());
    }

    @Test
    void equalRowsAreInTheSameShard() {
        float[] zeros = new float[1000];
        Examples examples = Examples.of(Matrix.wrap(1000, 1, zeros), Matrix.wrap(1000, 1, new float[1000]));
        assertThat(Shard.divide(examples, PLAN.withShards(8)))
                .extracting(Shard::size)
                .containsExactlyInAnyOrder(1000, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void refusesAnIndexThatNoPlanHas() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shard.of(4096, ExampleData.numbers(1, 1, 1)))
                .withMessage("index must be at least 0 and less than 4096, but was 4096");
    }

    @ParameterizedTest
    @CsvSource({"1000, 64, 256", "1000, 64, 10", "1000, 4, 1000", "999, 2, 7", "3, 16, 1", "100, 4096, 9"})
    void eachEpochTakesEachRowOnce(int size, int count, int batchSize) {
        TrainingPlan plan = PLAN.withShards(count).withBatches(batchSize, true);
        Shard[] shards = Shard.divide(ExampleData.numbers(size, 3, 1), plan);
        int steps = ShardStep.steps(plan, size);
        assertThat(steps).isEqualTo((size + batchSize - 1) / batchSize);
        for (int epoch = 0; epoch < 2; epoch++) {
            Set<Integer> taken = new HashSet<>();
            for (int inEpoch = 0; inEpoch < steps; inEpoch++) {
                ShardStep step = new ShardStep(plan, steps, epoch, inEpoch);
                for (Shard shard : shards) {
                    assertThat(step.end(shard) - step.begin(shard))
                            .isBetween(0, ShardStep.mostRows(shard.size(), steps));
                    IntStream.range(step.begin(shard), step.end(shard))
                            .forEach(position ->
                                    taken.add(shard.row(step.order(shard).at(position))));
                }
            }
            assertThat(taken).hasSize(size);
        }
    }

    /** Also where a step takes less than a row of each shard, in each half of the shards. */
    @ParameterizedTest
    @ValueSource(ints = {16, 64, 1000, 32_768})
    void stepsHaveAboutTheSameNumberOfRows(int batchSize) {
        TrainingPlan plan = PLAN.withShards(64).withBatches(batchSize, true);
        Shard[] shards = Shard.divide(ExampleData.numbers(100_000, 2, 1), plan);
        int steps = ShardStep.steps(plan, 100_000);
        for (int half = 0; half < 64; half += 32) {
            List<Shard> ofHalf = Arrays.asList(shards).subList(half, half + 32);
            double expected = ofHalf.stream().mapToInt(Shard::size).sum() / (double) steps;
            for (int inEpoch = 0; inEpoch < steps; inEpoch++) {
                ShardStep step = new ShardStep(plan, steps, 0, inEpoch);
                int rows = ofHalf.stream()
                        .mapToInt(shard -> step.end(shard) - step.begin(shard))
                        .sum();
                assertThat((double) rows).isBetween(expected - 16, expected + 16);
            }
        }
    }

    @Test
    void epochsHaveDifferentOrders() {
        Shard shard = Shard.of(3, ExampleData.numbers(100, 2, 1));
        TrainingPlan plan = PLAN.withShards(4);
        List<Integer> first = order(new ShardStep(plan, 1, 0, 0), shard);
        assertThat(order(new ShardStep(plan, 1, 1, 0), shard)).isNotEqualTo(first);
        assertThat(order(new ShardStep(plan.withSeed(6), 1, 0, 0), shard)).isNotEqualTo(first);
        assertThat(order(new ShardStep(plan, 1, 0, 0), Shard.of(2, ExampleData.numbers(100, 2, 1))))
                .isNotEqualTo(first);
    }

    @Test
    void refusesMoreStepsThanCanBeCounted() {
        assertThat(ShardStep.steps(PLAN.withBatches(2, true), 2L * Integer.MAX_VALUE))
                .isEqualTo(Integer.MAX_VALUE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ShardStep.steps(PLAN.withBatches(2, true), 2L * Integer.MAX_VALUE + 1))
                .withMessage("batchSize must be at least 3 for 4294967295 rows, but was 2");
    }

    private static List<Integer> order(ShardStep step, Shard shard) {
        return IntStream.range(0, shard.size())
                .map(step.order(shard)::at)
                .boxed()
                .toList();
    }

    private static IntStream rows(Shard shard) {
        return IntStream.range(0, shard.size()).map(shard::row);
    }

    private static List<RowHash> hashes(Shard shard) {
        return rows(shard)
                .mapToObj(row -> RowHash.ofExample(PLAN.seed(), shard.examples(), row))
                .toList();
    }
}
