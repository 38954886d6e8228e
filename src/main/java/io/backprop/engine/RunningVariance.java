package io.backprop.engine;

import java.util.stream.IntStream;

/**
 * How far numbers are from their mean: {@code Σ(x − x̄)²}, in one pass.
 *
 * <p>With the mean m of the first n numbers, {@code m += (x − m) / n} and {@code s += (x − m before)·(x − m after)}, which
 * does not drown small differences between large numbers. Welford 1962.
 */
final class RunningVariance {

    private long count;
    private double mean;
    private double sum;

    static RunningVariance[] ofEach(int columns) {
        return IntStream.range(0, columns)
                .mapToObj(column -> new RunningVariance())
                .toArray(RunningVariance[]::new);
    }

    void add(double value) {
        count++;
        double difference = value - mean;
        mean += difference / count;
        sum += difference * (value - mean);
    }

    /** Exactly 0 if all numbers are the same. */
    double sum() {
        return sum;
    }
}
