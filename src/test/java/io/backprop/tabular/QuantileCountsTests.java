package io.backprop.tabular;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantileCountsTests {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 100, 101, 20_000})
    void quartilesAreThoseOfTheSortedNumbers(int count) {
        SplittableRandom random = new SplittableRandom(count);
        for (int digits : new int[] {1, 10, 1_000, 1_000_000_000}) {
            double[] numbers = random.doubles(count)
                    .map(number -> (float) Math.rint((2 * number - 1) * digits))
                    .toArray();
            double[] sorted =
                    Arrays.stream(numbers).map(number -> number + 0.0).sorted().toArray();

            Quartiles quartiles =
                    QuantileCounts.quartiles(2 * count, i -> i % 2 == 0 ? numbers[i / 2] : Double.NaN); // with gaps
            assertThat(quartiles)
                    .isEqualTo(new Quartiles(
                            sorted[0],
                            quantile(sorted, 0.25),
                            quantile(sorted, 0.5),
                            quantile(sorted, 0.75),
                            sorted[count - 1]));
        }
    }

    private static double quantile(double[] sorted, double share) {
        double index = share * (sorted.length - 1);
        int below = (int) Math.floor(index);
        return sorted[below] + (sorted[(int) Math.ceil(index)] - sorted[below]) * (index - below);
    }

    @Test
    void areFoundInTheWholeRange() {
        assertThat(median(-Float.MAX_VALUE, Float.MAX_VALUE)).isZero();
        assertThat(median(Float.MAX_VALUE, Float.MAX_VALUE)).isEqualTo(Float.MAX_VALUE);
        assertThat(median(-1e-30f, Float.MIN_VALUE, 1e30f)).isEqualTo(Float.MIN_VALUE);
        assertThat(median(-0f, -0f)).isEqualTo(0.0);
        assertThat(median(-5, -7, -6)).isEqualTo(-6);
        assertThat(median(1, 1, 1, 1e9f)).isEqualTo(1);
        assertThat(median(1, 1, 3, 1e9f)).isEqualTo(2);
    }

    @Test
    void doNotDependOnTheDivisionOfTheNumbers() {
        SplittableRandom random = new SplittableRandom(1);
        float[] numbers = new float[1_000];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        HalfCounts upper = new HalfCounts();
        for (int from = 0; from < numbers.length; from += 300) {
            HalfCounts part = new HalfCounts();
            for (float number : part(numbers, from, 300)) {
                part.add(QuantileCounts.upperHalf(number));
            }
            upper.merge(part);
        }
        QuantileCounts counts = QuantileCounts.of(upper, numbers.length, true);
        for (int from = 0; from < numbers.length; from += 70) {
            QuantileCounts part = QuantileCounts.of(upper, numbers.length, true);
            float[] some = part(numbers, from, 70);
            part.addAll(some, some.length);
            counts.merge(part);
        }
        Quartiles quartiles = QuantileCounts.quartiles(numbers.length, i -> numbers[i]);
        assertThat(counts.quartiles((float) quartiles.minimum(), (float) quartiles.maximum()))
                .isEqualTo(quartiles);
    }

    private static float[] part(float[] numbers, int from, int length) {
        return Arrays.copyOfRange(numbers, from, Math.min(from + length, numbers.length));
    }

    private static double median(float... numbers) {
        return QuantileCounts.quartiles(numbers.length, i -> numbers[i]).median();
    }
}
