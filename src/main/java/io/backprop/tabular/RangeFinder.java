package io.backprop.tabular;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Finds the smallest and the largest of some numbers, and their median or all quartiles. */
final class RangeFinder {

    private static final double[] MEDIAN = {0.5};
    private static final double[] QUARTILES = {0.25, 0.5, 0.75};

    private final QuantileFinder[] finders;
    private int minimum = Integer.MAX_VALUE; // keys
    private int maximum = Integer.MIN_VALUE;
    private long count;

    /** Keeps all numbers. */
    RangeFinder(boolean quartiles) {
        this.finders = Arrays.stream(quartiles ? QUARTILES : MEDIAN)
                .mapToObj(QuantileFinder::new)
                .toArray(QuantileFinder[]::new);
    }

    /**
     * Keeps few of the numbers.
     *
     * @param sample of the numbers that will be added. Modified.
     */
    RangeFinder(boolean quartiles, float[] sample) {
        Arrays.sort(sample);
        this.finders = Arrays.stream(quartiles ? QUARTILES : MEDIAN)
                .mapToObj(share -> new QuantileFinder(share, sample))
                .toArray(QuantileFinder[]::new);
    }

    /**
     * The quartiles of numbers, of which there must be one.
     *
     * @param number by index; NaN for none
     */
    static Quartiles quartiles(int count, IntToDoubleFunction number) {
        RangeFinder finder = new RangeFinder(true, sample(count, number));
        finder.addAll(count, number);
        if (!finder.isKnown()) {
            finder = new RangeFinder(true);
            finder.addAll(count, number);
        }
        return finder.quartiles();
    }

    /** Some of the numbers, evenly spaced; none if there are few. */
    static float[] sample(int count, IntToDoubleFunction number) {
        return count < 2 * QuantileFinder.SAMPLE
                ? new float[0]
                : toFloats(IntStream.range(0, QuantileFinder.SAMPLE)
                        .map(i -> (int) ((long) i * count / QuantileFinder.SAMPLE))
                        .mapToDouble(number)
                        .filter(value -> !Double.isNaN(value))
                        .toArray());
    }

    private static float[] toFloats(double[] numbers) {
        float[] floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers[i];
        }
        return floats;
    }

    /** Adds the numbers that are not NaN. */
    void addAll(int numbers, IntToDoubleFunction number) {
        for (int i = 0; i < numbers; i++) {
            float value = (float) number.applyAsDouble(i);
            if (!Float.isNaN(value)) {
                add(value);
            }
        }
    }

    /** @param number not NaN */
    void add(float number) {
        int key = QuantileFinder.keyOf(number);
        minimum = Math.min(minimum, key);
        maximum = Math.max(maximum, key);
        count++;
        for (QuantileFinder finder : finders) {
            finder.add(key);
        }
    }

    /** Whether the sample did not mislead. */
    boolean isKnown() {
        return Arrays.stream(finders).noneMatch(finder -> Double.isNaN(finder.quantile(count)));
    }

    /** The range of at least one number. The median is NaN if it is not in the interval that the sample gave. */
    NumberRange range() {
        double median = finders[finders.length / 2].quantile(count);
        return new NumberRange(QuantileFinder.numberOf(minimum), (float) median, QuantileFinder.numberOf(maximum));
    }

    /** The quartiles of at least one number. */
    Quartiles quartiles() {
        return new Quartiles(
                QuantileFinder.numberOf(minimum),
                finders[0].quantile(count),
                finders[1].quantile(count),
                finders[2].quantile(count),
                QuantileFinder.numberOf(maximum));
    }
}
