package io.backprop.tabular;

import java.util.stream.LongStream;

/**
 * The quartiles of numbers.
 *
 * @param lower as large as a quarter of the numbers
 * @param upper as large as three quarters of the numbers
 */
record Quartiles(double minimum, double lower, double median, double upper, double maximum) {

    /**
     * The quartiles of numbers that repeat, of which there must be one.
     *
     * @param values ascending. Not modified.
     * @param counts how often each value occurs. Not modified.
     */
    static Quartiles ofRepeated(double[] values, long... counts) {
        return new Quartiles(
                quantile(values, counts, 0),
                quantile(values, counts, 0.25),
                quantile(values, counts, 0.5),
                quantile(values, counts, 0.75),
                quantile(values, counts, 1));
    }

    /** As {@link QuantileCounts} defines it. */
    private static double quantile(double[] values, long[] counts, double share) {
        double index = (LongStream.of(counts).sum() - 1) * share;
        long lower = (long) index;
        double number = number(values, counts, lower);
        return index > lower ? number + (number(values, counts, lower + 1) - number) * (index - lower) : number;
    }

    private static double number(double[] values, long[] counts, long rank) {
        int value = 0;
        for (long end = counts[0]; end <= rank; end += counts[value]) {
            value++;
        }
        return values[value];
    }

    boolean isConstant() {
        return minimum == maximum;
    }
}
