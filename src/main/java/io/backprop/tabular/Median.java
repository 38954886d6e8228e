package io.backprop.tabular;

/** Finds the median of numbers that are added in three passes; the mean of both, if there are two in the middle. */
final class Median {
    /*
     * Radix selection: the numbers are mapped to integers of the same order, and each pass finds further binary digits of
     * the median, by counting the numbers that share its digits so far. A sorted copy of each column would take a third of
     * the time that it takes to read a table (benchmark TableReading).
     */

    static final int PASSES = 3;

    private static final int[] SHIFTS = {21, 10, 0};
    private static final int[] DIGITS = {1 << 11, 1 << 11, 1 << 10};

    private final long count;
    private long rank; // of the lower number in the middle, among those that share its digits
    private int pass;
    private int prefix; // the digits so far, the others are 0
    private int[] counts = new int[DIGITS[0]]; // by the next digits
    private long next = Long.MAX_VALUE; // in the last pass, the smallest key with greater digits so far

    /** @param count of the numbers that are added in each pass, at least 1 */
    Median(long count) {
        this.count = count;
        this.rank = (count - 1) / 2;
    }

    void add(float number) {
        int bits = Float.floatToRawIntBits(number);
        int key = bits ^ (bits >> 31 | Integer.MIN_VALUE); // in the order of the numbers, if unsigned
        int shift = SHIFTS[pass];
        int unknown = DIGITS[pass] - 1 << shift | (1 << shift) - 1;
        int known = key & ~unknown;
        if (known == prefix) {
            counts[(key & unknown) >>> shift]++;
        } else if (pass == PASSES - 1 && Integer.compareUnsigned(known, prefix) > 0) {
            next = Math.min(next, Integer.toUnsignedLong(key));
        }
    }

    /** Must be called after all numbers of a pass but the last. */
    void endPass() {
        int digits = select();
        prefix |= digits << SHIFTS[pass];
        pass++;
        counts = new int[DIGITS[pass]];
    }

    /** The next digits of the median. The rank becomes that among the numbers which share them. */
    private int select() {
        int digits = 0;
        while (rank >= counts[digits]) {
            rank -= counts[digits++];
        }
        return digits;
    }

    /** The median. Must be called once, after all numbers of the last pass. */
    float value() {
        int digits = select();
        float lower = numberOf(prefix | digits);
        if (count % 2 == 1 || rank + 1 < counts[digits]) {
            return lower;
        }
        int above = digits + 1;
        while (above < counts.length && counts[above] == 0) {
            above++;
        }
        float upper = numberOf(above < counts.length ? prefix | above : (int) next);
        return (float) (((double) lower + upper) / 2);
    }

    private static float numberOf(int key) {
        return Float.intBitsToFloat(key < 0 ? key & Integer.MAX_VALUE : ~key) + 0f; // 0 rather than -0
    }
}
