package io.backprop.engine;

import java.util.function.IntToDoubleFunction;

/**
 * Mean and standard deviation of numbers.
 *
 * @param mean {@code Σx / n}; 0 without numbers
 * @param deviation {@code √(Σ(x − mean)² / n)}, of the population; NaN without numbers
 */
public record MeanAndDeviation(double mean, double deviation) {

    /** Computes the statistics of {@code count} numbers. */
    public static MeanAndDeviation of(int count, IntToDoubleFunction number) {
        RunningVariance variance = new RunningVariance();
        for (int i = 0; i < count; i++) {
            variance.add(number.applyAsDouble(i));
        }
        return new MeanAndDeviation(variance.mean(), Math.sqrt(variance.sumOfSquares() / count));
    }
}
