package io.backprop.tabular;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/**
 * Finds quantiles of floats exactly without keeping them: of n sorted numbers {@code x₀ … xₙ₋₁} the one with the index
 * {@code h = (n − 1)·share}, linearly interpolated between the numbers below and above if h is no integer, as NumPy does.
 */
final class QuantileCounts {
    /*
     * The bits of a float, mapped to an integer of the same order, are counted by their upper half in a first pass. That
     * tells the upper half of each quantile. In a second pass the lower halves of the numbers with the same upper half are
     * counted. Counts of several parts of the numbers are added, so that they do not depend on any order.
     */

    private static final double[] MEDIAN = {0.5};
    private static final double[] QUARTILES = {0.25, 0.5, 0.75};

    private final long count; // of all numbers
    private final HalfCounts.Place[] places; // of the ranks that are needed, ascending
    private final int[] halves; // the distinct upper ones of the places, ascending
    private final HalfCounts[] lower; // by half

    private QuantileCounts(long count, HalfCounts.Place[] places) {
        this.count = count;
        this.places = places;
        this.halves = Arrays.stream(places)
                .mapToInt(HalfCounts.Place::half)
                .distinct()
                .toArray();
        this.lower = new HalfCounts[halves.length];
        Arrays.setAll(lower, i -> new HalfCounts());
    }

    /**
     * Begins the second pass.
     *
     * @param upper counts of the upper halves of all numbers
     * @param count of all numbers, at least 1
     * @param quartiles whether the lower and the upper one are needed in addition to the median
     */
    static QuantileCounts of(HalfCounts upper, long count, boolean quartiles) {
        long[] ranks = ranks(count, quartiles ? QUARTILES : MEDIAN);
        return new QuantileCounts(
                count, LongStream.of(ranks).mapToObj(upper::find).toArray(HalfCounts.Place[]::new));
    }

    /** The quartiles of the numbers that are not NaN, of which there must be one. */
    static Quartiles quartiles(int numbers, IntToDoubleFunction number) {
        HalfCounts upper = new HalfCounts();
        float minimum = Float.POSITIVE_INFINITY;
        float maximum = Float.NEGATIVE_INFINITY;
        long count = 0;
        for (int i = 0; i < numbers; i++) {
            float value = (float) number.applyAsDouble(i);
            if (!Float.isNaN(value)) {
                upper.add(upperHalf(value));
                minimum = Math.min(minimum, value);
                maximum = Math.max(maximum, value);
                count++;
            }
        }
        QuantileCounts counts = of(upper, count, true);
        for (int i = 0; i < numbers; i++) {
            float value = (float) number.applyAsDouble(i);
            if (!Float.isNaN(value)) {
                counts.add(value);
            }
        }
        return counts.quartiles(minimum, maximum);
    }

    private static long[] ranks(long count, double[] shares) {
        return DoubleStream.of(shares)
                .mapToLong(share -> (long) ((count - 1) * share))
                .flatMap(rank -> LongStream.rangeClosed(rank, Math.min(rank + 1, count - 1)))
                .distinct()
                .sorted()
                .toArray();
    }

    /** The upper half of a number that is not NaN, as an unsigned integer of the same order. */
    static int upperHalf(float number) {
        return keyOf(number) >>> Short.SIZE;
    }

    /** An unsigned integer that orders as the number does. */
    private static int keyOf(float number) {
        int bits = Float.floatToRawIntBits(number);
        return bits ^ (bits >> (Integer.SIZE - 1) | Integer.MIN_VALUE);
    }

    private static float numberOf(int key) {
        int bits = key ^ (~key >> (Integer.SIZE - 1) | Integer.MIN_VALUE);
        return Float.intBitsToFloat(bits) + 0f; // 0 rather than -0
    }

    /**
     * Adds some of the numbers.
     *
     * @param numbers NaN for none. Not modified.
     */
    void addAll(float[] numbers, int length) {
        for (int i = 0; i < length; i++) {
            if (!Float.isNaN(numbers[i])) {
                add(numbers[i]);
            }
        }
    }

    private void add(float number) {
        int key = keyOf(number);
        int half = key >>> Short.SIZE;
        for (int i = 0; i < halves.length; i++) {
            if (halves[i] == half) {
                lower[i].add(key & 0xFFFF);
                break;
            }
        }
    }

    void merge(QuantileCounts other) {
        for (int i = 0; i < lower.length; i++) {
            lower[i].merge(other.lower[i]);
        }
    }

    /** The median, after the second pass. */
    double median() {
        return quantile(0.5);
    }

    /**
     * The quartiles, after the second pass. There must be counts for them.
     *
     * @param minimum of all numbers
     * @param maximum of all numbers
     */
    Quartiles quartiles(float minimum, float maximum) {
        return new Quartiles(minimum + 0f, quantile(0.25), quantile(0.5), quantile(0.75), maximum + 0f);
    }

    private double quantile(double share) {
        double index = (count - 1) * share;
        long rank = (long) index;
        double number = number(rank);
        return index > rank ? number + (number(rank + 1) - number) * (index - rank) : number;
    }

    private double number(long rank) {
        HalfCounts.Place place = Arrays.stream(places)
                .filter(needed -> needed.rank() == rank)
                .findFirst()
                .orElseThrow();
        int half = Arrays.binarySearch(halves, place.half());
        int low = lower[half].find(rank - place.before()).half();
        return numberOf(place.half() << Short.SIZE | low);
    }

    void writeTo(DataOutput out) throws IOException {
        out.writeLong(count);
        out.writeInt(places.length);
        for (HalfCounts.Place place : places) {
            out.writeLong(place.rank());
            out.writeShort(place.half());
            out.writeLong(place.before());
        }
        for (HalfCounts counts : lower) {
            counts.writeTo(out);
        }
    }

    static QuantileCounts readFrom(DataInput in) throws IOException {
        long count = in.readLong();
        HalfCounts.Place[] places = new HalfCounts.Place[in.readInt()];
        for (int i = 0; i < places.length; i++) {
            places[i] = new HalfCounts.Place(in.readLong(), in.readUnsignedShort(), in.readLong());
        }
        QuantileCounts counts = new QuantileCounts(count, places);
        for (int i = 0; i < counts.lower.length; i++) {
            counts.lower[i] = HalfCounts.readFrom(in);
        }
        return counts;
    }
}
