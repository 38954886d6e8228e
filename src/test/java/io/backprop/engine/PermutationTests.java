package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PermutationTests {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 30, 31, 36, 37, 1000, 65_537})
    void hasEachElementOnce(int size) {
        Permutation permutation = new Permutation(3, size);
        assertThat(IntStream.range(0, size).map(permutation::at).sorted().toArray())
                .containsExactly(IntStream.range(0, size).toArray());
    }

    @Test
    void staysBelowTheLargestSize() {
        Permutation permutation = new Permutation(3, Integer.MAX_VALUE);
        assertThat(IntStream.rangeClosed(1, 1000).map(i -> permutation.at(Integer.MAX_VALUE - i)))
                .doesNotHaveDuplicates()
                .allMatch(element -> element >= 0 && element < Integer.MAX_VALUE);
    }

    @Test
    void dependsOnTheSeed() {
        Permutation permutation = new Permutation(3, 1000);
        Permutation other = new Permutation(4, 1000);
        long equal = IntStream.range(0, 1000)
                .filter(i -> permutation.at(i) == other.at(i))
                .count();
        assertThat(equal).isLessThan(10); // 1 is expected
    }

    /** The 120 orders of five elements are equally frequent. */
    @Test
    void allOrdersOfFewElementsAreAboutEquallyFrequent() {
        int seeds = 120 * 500;
        int[] frequencies = new int[5 * 5 * 5 * 5 * 5];
        for (int seed = 0; seed < seeds; seed++) {
            Permutation permutation = new Permutation(SplitMix64.derive(1, seed), 5);
            frequencies[IntStream.range(0, 5).map(permutation::at).reduce(0, (key, element) -> 5 * key + element)]++;
        }
        double chiSquare = Arrays.stream(frequencies)
                .filter(frequency -> frequency > 0)
                .mapToDouble(frequency -> (frequency - 500) * (frequency - 500) / 500d)
                .sum();
        assertThat(Arrays.stream(frequencies).filter(frequency -> frequency > 0))
                .hasSize(120);
        assertThat(chiSquare).isBetween(60d, 185d); // 119 ± 15
    }

    /** The difference of two neighbors is uniform, too. */
    @Test
    void neighborsOfManyElementsHaveUniformDifferences() {
        int[] frequencies = new int[64];
        for (int seed = 0; seed < 63 * 500; seed++) {
            Permutation permutation = new Permutation(SplitMix64.derive(1, seed), 64);
            frequencies[Math.floorMod(permutation.at(31) - permutation.at(30), 64)]++;
        }
        double chiSquare = Arrays.stream(frequencies)
                .skip(1)
                .mapToDouble(frequency -> (frequency - 500) * (frequency - 500) / 500d)
                .sum();
        assertThat(frequencies[0]).isZero();
        assertThat(chiSquare).isBetween(25d, 115d); // 62 ± 11
    }
}
