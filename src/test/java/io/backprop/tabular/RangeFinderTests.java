package io.backprop.tabular;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RangeFinderTests {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 100, 101, 50_000})
    void isThatOfTheSortedNumbers(int count) {
        SplittableRandom random = new SplittableRandom(count);
        for (int digits : new int[] {1, 10, 1_000, 1_000_000_000}) {
            float[] numbers = new float[count];
            for (int i = 0; i < count; i++) {
                numbers[i] = random.nextInt(-digits, digits) / 7f;
            }
            float[] sorted = numbers.clone();
            Arrays.sort(sorted);
            double middle = ((double) sorted[(count - 1) / 2] + sorted[count / 2]) / 2;

            assertThat(median(new RangeFinder(false), numbers)).isEqualTo((float) middle + 0f);
            for (int size : new int[] {1, 3, count / 2 + 1}) {
                float[] sample = Arrays.copyOf(numbers, Math.min(size, count));
                assertThat(median(new RangeFinder(false, sample), numbers)).isIn((float) middle + 0f, Float.NaN);
            }
        }
    }

    @Test
    void isFoundInTheWholeRange() {
        assertThat(median(-Float.MAX_VALUE, Float.MAX_VALUE)).isZero();
        assertThat(median(Float.MAX_VALUE, Float.MAX_VALUE)).isEqualTo(Float.MAX_VALUE);
        assertThat(median(-1e-30f, Float.MIN_VALUE, 1e30f)).isEqualTo(Float.MIN_VALUE);
        assertThat(median(-0f, -0f)).isEqualTo(0f);
        assertThat(median(-5, -7, -6)).isEqualTo(-6);
        assertThat(median(1, 1, 1, 1e9f)).isEqualTo(1);
        assertThat(median(1, 1, 3, 1e9f)).isEqualTo(2);
    }

    @Test
    void isFoundFromASample() {
        SplittableRandom random = new SplittableRandom(1);
        for (int distinct : new int[] {2, 100, 1_000_000}) {
            float[] numbers = new float[100_000];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = random.nextInt(distinct);
            }
            assertThat(median(new RangeFinder(false, Arrays.copyOf(numbers, QuantileFinder.SAMPLE)), numbers))
                    .isEqualTo(median(numbers));
        }
    }

    @Test
    void findsTheExtremes() {
        RangeFinder finder = new RangeFinder(false);
        for (float number : new float[] {-0f, -3.5f, 1e30f, 2}) {
            finder.add(number);
        }
        assertThat(finder.range()).isEqualTo(new NumberRange(-3.5f, 1, 1e30f));
    }

    @Test
    void isUnknownIfTheSampleMisleads() {
        float[] sample = new float[100];
        for (int i = 0; i < sample.length; i++) {
            sample[i] = i;
        }
        assertThat(median(new RangeFinder(false, sample), 1_000, 1_001, 1_002)).isNaN();
    }

    private static float median(float... numbers) {
        return median(new RangeFinder(false), numbers);
    }

    private static float median(RangeFinder finder, float... numbers) {
        for (float number : numbers) {
            finder.add(number);
        }
        return finder.range().median();
    }
}
