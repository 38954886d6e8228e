package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitMix64Tests {

    private static final long SEED = 1234567;

    @Test
    void firstValuesArePublished() {
        SplitMix64 random = new SplitMix64(SEED);
        assertThat(IntStream.range(0, 5).mapToObj(i -> Long.toUnsignedString(random.nextLong())))
                .containsExactly(
                        "6457827717110365317",
                        "3203168211198807973",
                        "9817491932198370423",
                        "4593380528125082431",
                        "16408922859458223821");
    }

    @Test
    void floatsAreTheUpper24Bits() {
        SplitMix64 random = new SplitMix64(SEED);
        assertThat(random.nextFloat()).isEqualTo(5873360 / 16777216f);
        assertThat(random.nextFloat()).isEqualTo(2913264 / 16777216f);
    }

    @Test
    void floatAtEqualsTheDrawnFloat() {
        SplitMix64 random = new SplitMix64(SEED);
        for (int i = 0; i < 1000; i++) {
            assertThat(SplitMix64.floatAt(SEED, i)).isEqualTo(random.nextFloat());
        }
    }

    @Test
    void gaussiansFollowThePolarMethod() {
        SplitMix64 random = new SplitMix64(SEED);
        assertThat(random.nextGaussian()).isCloseTo(-0.48024295503152287, within(1e-15));
        assertThat(random.nextGaussian()).isCloseTo(0.21006674945905973, within(1e-15));
        assertThat(random.nextGaussian()).isCloseTo(0.9421149164695647, within(1e-15));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 100})
    void valuesBelowSmallBoundsAreUniform(int bound) {
        SplitMix64 random = new SplitMix64(SEED);
        int[] counts = new int[bound];
        int expected = 10_000;
        for (int i = 0; i < expected * bound; i++) {
            counts[random.nextInt(bound)]++;
        }
        assertThat(Arrays.stream(counts).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(expected - 500, expected + 500));
    }

    @Test
    void valuesBelowLargeBoundsAreUnbiased() {
        int bound = 3 << 29; // without rejection, 2, 5, 8, … would be a third less frequent than the others
        SplitMix64 random = new SplitMix64(SEED);
        int[] counts = new int[3];
        for (int i = 0; i < 90_000; i++) {
            counts[random.nextInt(bound) % 3]++;
        }
        assertThat(Arrays.stream(counts).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(29_300, 30_700));
    }

    @Test
    void rejectsBoundBelowOne() {
        assertThatThrownBy(() -> new SplitMix64(1).nextInt(0))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("bound must be at least 1, but was 0");
    }

    @Test
    void streamsOfNearbySeedsDiffer() {
        Set<Long> seeds = new HashSet<>();
        for (long seed = -20; seed < 20; seed++) {
            for (long branch = -20; branch < 20; branch++) {
                seeds.add(SplitMix64.derive(seed, branch));
            }
        }
        assertThat(seeds).hasSize(1600);
        assertThat(SplitMix64.derive(1, 2)).isEqualTo(SplitMix64.derive(1, 2));
    }

    @Test
    void shuffleKeepsTheValues() {
        int[] numbers = IntStream.range(0, 100).toArray();
        new SplitMix64(SEED).shuffle(numbers);
        assertThat(numbers).isNotEqualTo(IntStream.range(0, 100).toArray());
        Arrays.sort(numbers);
        assertThat(numbers).isEqualTo(IntStream.range(0, 100).toArray());
    }

    @Test
    void everyOrderIsEquallyLikely() {
        SplitMix64 random = new SplitMix64(SEED);
        int[] counts = new int[27];
        for (int i = 0; i < 60_000; i++) {
            int[] numbers = {0, 1, 2};
            random.shuffle(numbers);
            counts[9 * numbers[0] + 3 * numbers[1] + numbers[2]]++;
        }
        assertThat(Arrays.stream(counts).filter(count -> count > 0).boxed())
                .hasSize(6)
                .allSatisfy(count -> assertThat(count).isBetween(9_500, 10_500));
    }
}
