package io.backprop.engine;

/**
 * Mean and {@code Σ(x − x̄)²} of a stream of numbers, in one pass.
 *
 * <p>The n-th number x updates the mean m and the sum s: {@code m′ = m + (x − m) / n}, {@code s′ = s + (x − m)·(x − m′)}.
 * Unlike {@code Σx² − n·m²}, this does not cancel if the numbers are large compared to their differences. Welford, "Note
 * on a method for calculating corrected sums of squares and products", 1962.
 */
public final class RunningVariance {

    private long count;
    private double mean;
    private double squares;

    /** Adds a number to the stream. */
    public void add(double value) {
        count++;
        double difference = value - mean;
        mean += difference / count;
        squares += difference * (value - mean);
    }

    /** How many numbers were added. */
    public long count() {
        return count;
    }

    /** 0 if there are no numbers. */
    public double mean() {
        return mean;
    }

    /** Exactly 0 if all numbers are equal. */
    public double sumOfSquares() {
        return squares;
    }
}
