package io.backprop.tabular;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.Matrix;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Statistics of at least one number.
 *
 * @param mean {@code Σx / n}, correctly rounded
 * @param variance {@code Σ(x − mean)² / n}, of the population, correctly rounded; exactly 0 if all numbers are equal
 */
public record NumberSummary(long count, double mean, double variance, float minimum, float maximum) {

    public NumberSummary {
        requireArgument(Double.isFinite(mean), "mean must be finite, but was %s", mean);
        requireArgument(
                variance >= 0 && Double.isFinite(variance),
                "variance must be finite and at least 0, but was %s",
                variance);
        requireArgument(
                Float.isFinite(minimum) && minimum <= maximum && Float.isFinite(maximum),
                "numbers must have a finite minimum and maximum in this order, but have %s and %s",
                minimum,
                maximum);
    }

    /** The statistics of each column of a matrix without NaN. */
    public static List<NumberSummary> ofColumns(Matrix matrix) {
        return IntStream.range(0, matrix.columns())
                .mapToObj(column -> NumberSums.of(matrix, column).summary())
                .toList();
    }

    double deviation() {
        return Math.sqrt(variance);
    }
}
