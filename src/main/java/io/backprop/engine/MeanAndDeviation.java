package io.backprop.engine;

import java.util.function.IntToDoubleFunction;

/**
 * Mean and standard deviation of numbers.
 *
 * @param mean {@code Σx / n}; NaN without any
 * @param deviation {@code √(Σ(x − mean)² / n)}, of the population; NaN without any
 */
public record MeanAndDeviation(double mean, double deviation) {

    /** Computes the statistics of {@code count} numbers in two passes, in double precision and in rising order. */
    public static MeanAndDeviation of(int count, IntToDoubleFunction number) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += number.applyAsDouble(i);
        }
        double mean = sum / count;
        double squares = 0;
        for (int i = 0; i < count; i++) {
            double difference = number.applyAsDouble(i) - mean;
            squares += difference * difference;
        }
        return new MeanAndDeviation(mean, Math.sqrt(squares / count));
    }
}
