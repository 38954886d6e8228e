package io.backprop.engine.kernel;

import static java.lang.Double.doubleToRawLongBits;
import static java.lang.Double.longBitsToDouble;

/**
 * Fused multiply-add, {@code a·b + c} with a single rounding and the bits of {@link Math#fma}, which takes microseconds where
 * the JVM has no instruction for it.
 */
public final class Fma {
    /*
     * An exact result s + e, where the double s is rounded and e is the error, is rounded to odd by setting the lowest bit of
     * s, away from or towards 0, if e is not 0. Rounding once more, to a format with at least two bits less, then gives the
     * same as rounding s + e (Boldo and Melquiond, "Emulation of a FMA and Correctly Rounded Sums: Proved Algorithms Using
     * Rounding to Odd", 2008). Test: FmaTests.
     */

    /** Whether the JVM compiles {@link Math#fma} to an instruction. */
    static final boolean HARDWARE = Jvm.hasFma();

    /** The lowest bits of a double, which a float does not have, and their value halfway between two floats. */
    private static final long BELOW_FLOAT = (1L << 29) - 1;

    private static final long HALFWAY = 1L << 28;

    /** Multiplying by this splits a double into two halves of at most 26 bits. */
    private static final double SPLITTER = (1 << 27) + 1;

    /** Within these limits no intermediate result overflows, or underflows. */
    private static final double LARGEST = 0x1p300;

    private static final double SMALLEST = 0x1p-300;

    private Fma() {}

    public static float fma(float a, float b, float c) {
        return HARDWARE ? Math.fma(a, b, c) : emulated(a, b, c);
    }

    static double fma(double a, double b, double c) {
        return HARDWARE ? Math.fma(a, b, c) : emulated(a, b, c);
    }

    /** The product is exact in double; rounding the sum twice is wrong only halfway between two floats. */
    static float emulated(float a, float b, float c) {
        double product = (double) a * b;
        double sum = product + c;
        boolean halfway = (doubleToRawLongBits(sum) & BELOW_FLOAT) == HALFWAY;
        return halfway || Math.abs(sum) < Float.MIN_NORMAL ? (float) sumToOdd(product, c) : (float) sum;
    }

    static double emulated(double a, double b, double c) {
        if (!isModerate(a) || !isModerate(b) || !isModerate(c)) {
            return Math.fma(a, b, c);
        }
        double product = a * b;
        if (product == 0) {
            return product + c; // keeps the sign of −0
        }
        double productError = productError(a, b, product);
        double low = c + productError;
        double lowError = sumError(c, productError, low);
        double high = product + low;
        double highError = sumError(product, low, high);
        return high + sumToOdd(lowError, highError);
    }

    private static boolean isModerate(double x) {
        double magnitude = Math.abs(x);
        return magnitude < LARGEST && (magnitude > SMALLEST || x == 0);
    }

    /** {@code a + b}, rounded to odd. */
    private static double sumToOdd(double a, double b) {
        double sum = a + b;
        double error = sumError(a, b, sum);
        long bits = doubleToRawLongBits(sum);
        boolean inexact = error < 0 || error > 0; // NaN for infinite numbers
        return inexact && (bits & 1) == 0 ? longBitsToDouble(error > 0 == sum > 0 ? bits + 1 : bits - 1) : sum;
    }

    /** {@code a + b − sum}, exactly (Knuth). */
    private static double sumError(double a, double b, double sum) {
        double bRounded = sum - a;
        return (a - (sum - bRounded)) + (b - bRounded);
    }

    /** {@code a·b − product}, exactly (Dekker, with the splitting of Veltkamp). */
    private static double productError(double a, double b, double product) {
        double aHigh = a * SPLITTER - (a * SPLITTER - a);
        double bHigh = b * SPLITTER - (b * SPLITTER - b);
        double aLow = a - aHigh;
        double bLow = b - bHigh;
        return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
    }
}
