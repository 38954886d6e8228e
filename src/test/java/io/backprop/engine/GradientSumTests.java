package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GradientSumTests {

    /** {@code (a + b) + (c + d)} in float, where (((a + b) + c) + d) is 1. */
    @Test
    void addsByTheTree() {
        GradientSum total = GradientSum.total(List.of(shard(0, 0x1p24f), shard(1, 1), shard(2, 1), shard(3, -0x1p24f)));
        assertThat(total.gradient()).containsExactly(1);
        assertThat(total.firstShard()).isZero();
        assertThat(total.shards()).isEqualTo(4);
        assertThat(total.rows()).isEqualTo(8);
        assertThat(total.lossSum()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 16, 64, 4096})
    void everyPartitionGivesTheSameBits(int shards) {
        Random random = new Random(shards);
        float expected = total(shards, List.of(new int[] {0, shards}));
        for (int repetition = 0; repetition < 5; repetition++) {
            List<int[]> ranges = new ArrayList<>();
            divide(0, shards, random, ranges);
            assertThat(total(shards, ranges)).isEqualTo(expected);
        }
    }

    private static float total(int shards, List<int[]> ranges) {
        List<GradientSum> parts = new ArrayList<>();
        for (int[] range : ranges) {
            GradientTree tree = new GradientTree(range[0], range[1], new ConcurrentLinkedDeque<>());
            List<Integer> order = new ArrayList<>();
            for (int shard = range[0]; shard < range[0] + range[1]; shard++) {
                order.add(shard);
            }
            Collections.shuffle(order, new Random(shards));
            order.forEach(shard -> tree.add(shard(shard)));
            parts.add(tree.total());
        }
        return GradientSum.total(parts).gradient()[0];
    }

    private static void divide(int first, int shards, Random random, List<int[]> ranges) {
        if (shards == 1 || random.nextInt(3) == 0) {
            ranges.add(random.nextInt(2) * ranges.size(), new int[] {first, shards});
        } else {
            divide(first, shards / 2, random, ranges);
            divide(first + shards / 2, shards / 2, random, ranges);
        }
    }

    /** Every third one is empty. */
    private static GradientSum shard(int shard) {
        return shard % 3 == 1
                ? GradientSum.empty(shard, 1)
                : shard(shard, SplitMix64.floatAt(1, shard) * (1 << shard % 20));
    }

    private static GradientSum shard(int shard, float gradient) {
        return GradientSum.of(shard, 1, new float[] {gradient}, 0.5, 2);
    }

    @Test
    void treeUsesFewArraysForShardsInOrder() {
        Set<float[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
        GradientTree tree = new GradientTree(64, 64, new ConcurrentLinkedDeque<>());
        for (int step = 0; step < 3; step++) {
            tree.begin();
            for (int shard = 64; shard < 128; shard++) {
                float[] gradient = tree.acquire(1);
                arrays.add(gradient);
                tree.add(GradientSum.of(shard, 1, gradient, 1, 1));
            }
            assertThat(tree.total().rows()).isEqualTo(64);
            tree.release(tree.total().gradient());
        }
        assertThat(arrays).hasSize(7); // log₂ 64, and one more
    }

    @Test
    void treeReusesTheArraysOfAnAbandonedStep() {
        GradientTree tree = new GradientTree(0, 4, new ConcurrentLinkedDeque<>());
        float[] gradient = tree.acquire(1);
        tree.add(GradientSum.of(2, 1, gradient, 1, 1));
        tree.begin();
        assertThat(tree.acquire(1)).isSameAs(gradient);
    }

    /** Adding 0 would make −0 to 0. */
    @Test
    void emptyShardsChangeNothing() {
        GradientSum right = GradientSum.total(List.of(GradientSum.empty(0, 1), shard(1, -0f)));
        GradientSum left = GradientSum.total(List.of(shard(0, -0f), GradientSum.empty(1, 1)));
        assertThat(right.gradient()).containsExactly(-0f);
        assertThat(left.gradient()).containsExactly(-0f);
        assertThat(GradientSum.total(List.of(GradientSum.empty(0, 1), GradientSum.empty(1, 1)))
                        .gradient())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0, 2|[0 to 0, 2 to 2]",
                "1, 2|[1 to 1, 2 to 2]",
                "0, 0|[0 to 0, 0 to 0]",
                "0, 1, 2|[0 to 0, 1 to 1, 2 to 2]"
            })
    void refusesGapsAndOverlaps(String indices, String ranges) {
        List<GradientSum> parts = List.of(indices.split(", ", -1)).stream()
                .map(index -> shard(Integer.parseInt(index), 1))
                .toList();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GradientSum.total(parts))
                .withMessage("parts must cover a power of two of shards without gaps or overlaps, but cover " + ranges);
    }

    @Test
    void refusesNoParts() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GradientSum.total(List.of()))
                .withMessage("parts must cover a power of two of shards without gaps or overlaps, but cover []");
    }

    @Test
    void refusesDifferentLengths() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GradientSum.total(List.of(shard(0, 1), GradientSum.of(1, 1, new float[2], 0, 1))))
                .withMessage("gradients must have equal lengths, but have 1 and 2 values");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|3|1|1|shards must be a power of two, but was 3",
                "0|0|1|1|shards must be a power of two, but was 0",
                "2|4|1|1|firstShard must be a multiple of the 4 shards, but was 2",
                "-4|4|1|1|firstShard must be a multiple of the 4 shards, but was -4",
                "0|1|1|-1|rows must be at least 0, but was -1",
                "0|1|1|0|gradient must be empty if and only if there are no rows, but has 1 values for 0 rows",
                "0|1|0|1|gradient must be empty if and only if there are no rows, but has 0 values for 1 rows"
            })
    void refusesParts(int firstShard, int shards, int length, int rows, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GradientSum.of(firstShard, shards, new float[length], 0, rows))
                .withMessage(message);
    }
}
