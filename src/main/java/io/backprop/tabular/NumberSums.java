package io.backprop.tabular;

import io.backprop.engine.Matrix;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigInteger;

/**
 * The exact sums of floats and of their squares, so that mean and variance do not depend on the order of the numbers, nor on
 * how they are divided among several sums; at most 2³⁸ numbers.
 */
final class NumberSums {
    /*
     * A float is m·2^(e − 150), with an integer m of 24 bits and its sign, and e from 1 to 255. For each e there are three
     * sums of integers: of m, of the upper and of the lower 24 bits of m². Neal, "Fast exact summation using small and
     * large superaccumulators", 2015. It is faster than a running mean, which needs a division for each number.
     */

    private static final int MANTISSA = 23; // bits that are stored
    private static final int HALF = 24; // bits of a square
    private static final int BIAS = 150;
    private static final int PAGE_BITS = 4; // exponents of a page; most columns have numbers in one or two pages
    private static final int PAGE = 1 << PAGE_BITS;
    private static final int SUMS = 3; // for each exponent
    private static final int STRIDE = 4;
    private static final int EXPONENTS = 1 << 8;
    private static final int QUOTIENT = 64; // bits, of which 53 remain

    private final long[][] pages = new long[EXPONENTS / PAGE][];
    private long count;
    private float minimum = Float.POSITIVE_INFINITY;
    private float maximum = Float.NEGATIVE_INFINITY;

    /** The sums of the numbers in a column, without NaN. */
    static NumberSums of(Matrix matrix, int column) {
        NumberSums sums = new NumberSums();
        for (int row = 0; row < matrix.rows(); row++) {
            float number = matrix.get(row, column);
            if (!Float.isNaN(number)) {
                sums.add(number);
            }
        }
        return sums;
    }

    /** @param number finite */
    void add(float number) {
        int bits = Float.floatToRawIntBits(number);
        int exponent = bits >>> MANTISSA & (EXPONENTS - 1);
        int fraction = bits & ((1 << MANTISSA) - 1);
        int normal = (exponent | -exponent) >>> (Integer.SIZE - 1); // 1 unless the exponent is 0
        long mantissa = fraction | normal << MANTISSA;
        long square = mantissa * mantissa;
        int sign = bits >> (Integer.SIZE - 1); // 0 or −1
        long[] page = page(exponent);
        int at = (exponent & (PAGE - 1)) * STRIDE;
        page[at] += (mantissa ^ sign) - sign;
        page[at + 1] += square >>> HALF;
        page[at + 2] += square & ((1 << HALF) - 1);
        minimum = Math.min(minimum, number);
        maximum = Math.max(maximum, number);
        count++;
    }

    private long[] page(int exponent) {
        long[] page = pages[exponent >>> PAGE_BITS];
        return page == null ? addPage(exponent >>> PAGE_BITS) : page;
    }

    private long[] addPage(int index) {
        pages[index] = new long[PAGE * STRIDE];
        return pages[index];
    }

    void merge(NumberSums other) {
        for (int i = 0; i < pages.length; i++) {
            long[] added = other.pages[i];
            if (added != null) {
                long[] page = pages[i] == null ? addPage(i) : pages[i];
                for (int j = 0; j < page.length; j++) {
                    page[j] += added[j];
                }
            }
        }
        minimum = Math.min(minimum, other.minimum);
        maximum = Math.max(maximum, other.maximum);
        count += other.count;
    }

    /** How many numbers were added. */
    long count() {
        return count;
    }

    /** {@code Σx · 2¹⁴⁹}. */
    private BigInteger sum() {
        BigInteger sum = BigInteger.ZERO;
        for (int exponent = 0; exponent < EXPONENTS; exponent++) {
            long[] page = pages[exponent >>> PAGE_BITS];
            if (page != null) {
                long mantissas = page[(exponent & (PAGE - 1)) * STRIDE];
                sum = sum.add(BigInteger.valueOf(mantissas).shiftLeft(shift(exponent)));
            }
        }
        return sum;
    }

    /** {@code Σx² · 2²⁹⁸}. */
    private BigInteger sumOfSquares() {
        BigInteger sum = BigInteger.ZERO;
        for (int exponent = 0; exponent < EXPONENTS; exponent++) {
            long[] page = pages[exponent >>> PAGE_BITS];
            if (page != null) {
                int at = (exponent & (PAGE - 1)) * STRIDE;
                BigInteger squares =
                        BigInteger.valueOf(page[at + 1]).shiftLeft(HALF).add(BigInteger.valueOf(page[at + 2]));
                sum = sum.add(squares.shiftLeft(2 * shift(exponent)));
            }
        }
        return sum;
    }

    /** The power of two of mantissas, above the smallest one. */
    private static int shift(int exponent) {
        return Math.max(exponent, 1) - 1;
    }

    /** The statistics of all numbers, of which there must be one. */
    NumberSummary summary() {
        BigInteger n = BigInteger.valueOf(count);
        BigInteger sum = sum();
        BigInteger deviations = n.multiply(sumOfSquares()).subtract(sum.multiply(sum)); // n·Σx² − (Σx)² = n·Σ(x − x̄)²
        return new NumberSummary(
                count,
                quotient(sum, n, 1 - BIAS),
                quotient(deviations, n.multiply(n), 2 * (1 - BIAS)),
                minimum + 0f, // 0 rather than -0
                maximum + 0f);
    }

    /** {@code dividend / divisor · 2^exponent}, correctly rounded, if it is a normal number or 0. */
    private static double quotient(BigInteger dividend, BigInteger divisor, int exponent) {
        int shift = Math.max(0, divisor.bitLength() - dividend.bitLength() + QUOTIENT);
        BigInteger[] parts = dividend.shiftLeft(shift).divideAndRemainder(divisor);
        BigInteger quotient = parts[0].shiftLeft(1); // and a bit for the remainder, which decides about halves
        if (parts[1].signum() != 0) {
            quotient = quotient.add(BigInteger.valueOf(parts[1].signum()));
        }
        return Math.scalb(quotient.doubleValue(), exponent - shift - 1);
    }

    void writeTo(DataOutput out) throws IOException {
        out.writeLong(count);
        out.writeFloat(minimum);
        out.writeFloat(maximum);
        for (long[] page : pages) {
            out.writeBoolean(page != null);
            if (page != null) {
                for (int i = 0; i < PAGE; i++) {
                    for (int sum = 0; sum < SUMS; sum++) {
                        out.writeLong(page[i * STRIDE + sum]);
                    }
                }
            }
        }
    }

    static NumberSums readFrom(DataInput in) throws IOException {
        NumberSums sums = new NumberSums();
        sums.count = in.readLong();
        sums.minimum = in.readFloat();
        sums.maximum = in.readFloat();
        for (int index = 0; index < sums.pages.length; index++) {
            if (in.readBoolean()) {
                long[] page = sums.addPage(index);
                for (int i = 0; i < PAGE; i++) {
                    for (int sum = 0; sum < SUMS; sum++) {
                        page[i * STRIDE + sum] = in.readLong();
                    }
                }
            }
        }
        return sums;
    }
}
