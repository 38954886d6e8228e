package io.backprop.tabular;

import java.util.Arrays;

/**
 * Finds a quantile of numbers while it keeps few of them: of n sorted numbers {@code x₀ … xₙ₋₁} the one with the index
 * {@code h = (n − 1)·share}, linearly interpolated between the numbers below and above if h is no integer, as NumPy does.
 */
final class QuantileFinder {
    /*
     * A sample gives an interval that the quantile is in, nearly always. Smaller and larger numbers are only counted, as are
     * those at its ends, of which there may be many. The numbers are mapped to integers of the same order, because branches
     * on floats are hard to predict: fitting takes a fifth longer with them (benchmark TableReading).
     */

    /** Numbers that suffice for a sample. */
    static final int SAMPLE = 4_096;

    private static final int DEVIATIONS = 5; // of a sample's quantile
    private static final int MAX_PARTITIONS = 60; // then the numbers are sorted, whatever their order

    private final double share;
    private final long low;
    private final long high;
    private long below;
    private long atLow;
    private long atHigh;
    private int[] between = new int[64];
    private int size;

    /** Keeps all numbers. */
    QuantileFinder(double share) {
        this.share = share;
        this.low = Integer.MIN_VALUE - 1L;
        this.high = Integer.MAX_VALUE + 1L;
    }

    /** @param sample of the numbers that will be added, sorted. Not modified. */
    QuantileFinder(double share, float[] sample) {
        this.share = share;
        int margin = (int) (DEVIATIONS * Math.sqrt(sample.length * share * (1 - share))) + 1;
        int middle = (int) (sample.length * share);
        this.low = middle > margin ? keyOf(sample[middle - margin]) : Integer.MIN_VALUE - 1L;
        this.high = middle + margin < sample.length ? keyOf(sample[middle + margin]) : Integer.MAX_VALUE + 1L;
    }

    /** @param key of a number */
    void add(int key) {
        below += (key - low) >>> (Long.SIZE - 1);
        if (Long.compareUnsigned(key - low - 1, high - low - 1) < 0) {
            keep(key);
        } else {
            atLow += isZero(key - low);
            atHigh += isZero(key - high);
        }
    }

    private void keep(int key) {
        if (size == between.length) {
            between = Arrays.copyOf(between, 2 * size);
        }
        between[size++] = key;
    }

    private static int isZero(long number) {
        return Long.numberOfLeadingZeros(number) >>> 6;
    }

    /** An integer that orders as the number does. */
    static int keyOf(float number) {
        int bits = Float.floatToRawIntBits(number);
        return bits ^ (bits >> 31 & Integer.MAX_VALUE);
    }

    /** The number of a key. */
    static float numberOf(long key) {
        int bits = (int) key;
        return Float.intBitsToFloat(bits ^ (bits >> 31 & Integer.MAX_VALUE)) + 0f; // 0 rather than -0
    }

    /**
     * The quantile, or NaN if it is not in the interval that the sample gave.
     *
     * @param count how many numbers were added, at least 1
     */
    double quantile(long count) {
        double index = (count - 1) * share;
        long lower = (long) index;
        select((int) Math.max(0, Math.min(lower - below - atLow, size - 1L)));
        double number = number(lower);
        return index > lower ? number + (number(lower + 1) - number) * (index - lower) : number;
    }

    private double number(long rank) {
        long inside = rank - below;
        if (inside < 0 || inside >= atLow + size + atHigh) {
            return Double.NaN;
        }
        if (inside < atLow) {
            return numberOf(low);
        }
        return numberOf(inside < atLow + size ? between[(int) (inside - atLow)] : high);
    }

    /** Moves the numbers of the given rank and of the next one to their places. Hoare, "Algorithm 65: find", 1961. */
    private void select(int rank) {
        int from = 0;
        int to = size - 1;
        for (int partitions = 0; from < to; partitions++) {
            if (partitions == MAX_PARTITIONS) {
                Arrays.sort(between, from, to + 1);
                break;
            }
            int pivot = between[(from + to) >>> 1];
            int left = from;
            int right = to;
            while (left <= right) {
                while (between[left] < pivot) {
                    left++;
                }
                while (between[right] > pivot) {
                    right--;
                }
                if (left <= right) {
                    swap(left++, right--);
                }
            }
            if (rank > right && rank < left) {
                break;
            }
            from = rank <= right ? from : left;
            to = rank <= right ? right : to;
        }
        int least = rank + 1;
        for (int i = rank + 1; i < size; i++) {
            least = between[i] < between[least] ? i : least;
        }
        if (least < size) {
            swap(rank + 1, least);
        }
    }

    private void swap(int i, int j) {
        int moved = between[i];
        between[i] = between[j];
        between[j] = moved;
    }
}
