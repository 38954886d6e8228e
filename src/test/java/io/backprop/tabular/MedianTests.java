package io.backprop.tabular;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MedianTests {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 100, 101, 5_000})
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

            assertThat(median(numbers)).isEqualTo((float) middle + 0f);
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

    private static float median(float... numbers) {
        Median median = new Median(numbers.length);
        for (int pass = 0; pass < Median.PASSES; pass++) {
            if (pass > 0) {
                median.endPass();
            }
            for (float number : numbers) {
                median.add(number);
            }
        }
        return median.value();
    }
}
