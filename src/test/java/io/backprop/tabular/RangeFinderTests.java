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

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 100, 20_000})
    void quartilesAreThoseOfTheSortedNumbers(int count) {
        SplittableRandom random = new SplittableRandom(count);
        for (int digits : new int[] {1, 10, 1_000_000_000}) {
            double[] numbers = random.doubles(count)
                    .map(number -> (float) Math.rint((2 * number - 1) * digits))
                    .toArray();
            double[] sorted =
                    Arrays.stream(numbers).map(number -> number + 0.0).sorted().toArray();

            Quartiles quartiles =
                    RangeFinder.quartiles(2 * count, i -> i % 2 == 0 ? numbers[i / 2] : Double.NaN); // with gaps
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

    /** Numbers at one end are in the sample too often. */
    @Test
    void quartilesAreFoundThoughTheSampleMisleads() {
        int count = 8 * QuantileFinder.SAMPLE;

        Quartiles quartiles = RangeFinder.quartiles(count, i -> i % 8 == 0 ? -i : i);

        double[] sorted = new double[count];
        Arrays.setAll(sorted, i -> i % 8 == 0 ? -i : i);
        Arrays.sort(sorted);
        assertThat(quartiles.lower()).isEqualTo(quantile(sorted, 0.25));
        assertThat(quartiles.median()).isEqualTo(quantile(sorted, 0.5));
        assertThat(quartiles.upper()).isEqualTo(quantile(sorted, 0.75));
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
