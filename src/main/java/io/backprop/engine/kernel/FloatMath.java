package io.backprop.engine.kernel;

import static io.backprop.engine.kernel.Fma.fma;
import static java.lang.Double.doubleToRawLongBits;
import static java.lang.Double.longBitsToDouble;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;
import static java.lang.Math.abs;
import static java.lang.Math.copySign;

/**
 * Functions of one float with the same bits on every machine.
 *
 * <p>They use only additions, multiplications, divisions, fused multiply-adds and bit operations, whose results IEEE 754
 * defines exactly; {@link Math#exp} and similar functions may differ between JDKs. The stated largest errors were measured
 * over all floats, including subnormal results, in units in the last place of the exact result, and rounded up. The result
 * for NaN is NaN.
 */
public final class FloatMath {

    /*
     * All exponentials use the reduction x = n·ln 2 + r with an integer n and |r| ≤ ½ ln 2, a polynomial for e^r − 1, and
     * e^x = 2^n·(1 + (e^r − 1)) (Cody and Waite, "Software Manual for the Elementary Functions", 1980). Instead of
     * branching, both sides are computed and one is selected, so the vector kernels can perform the same operations in each
     * lane. The polynomials are minimax approximations whose coefficients were rounded to float one after another.
     *
     * The sigmoid is computed in double precision, which requires neither compensation of rounding errors nor a power of
     * two in two parts, so its chain of dependent operations is shorter. For the same reason its polynomial is evaluated by
     * pairs of terms (Estrin 1960).
     */

    static final float LOG2_E = 1.442695f;
    static final float LN2_HIGH = 0.6931472f;
    static final float LN2_LOW = -1.9046542e-9f;

    /** Adding this to a number below 2²² rounds the number to an integer, which is in the lowest bits of the sum. */
    static final float ROUNDER = 0x1.8p23f;

    static final int ONE_BITS = 0x3F80_0000;
    static final int EXPONENT_SHIFT = 23;

    /** e^x is 0 for smaller x. */
    static final float EXP_MIN = -104;

    /** e^x is infinite for larger x. */
    static final float EXP_MAX = 89;

    /** e^x − 1 is −1 for smaller x. */
    static final float EXPM1_MIN = -30;

    /** (e^r − 1 − r) / r² */
    static final float E0 = 0.5f;

    static final float E1 = 1.6666666e-1f;
    static final float E2 = 4.166649e-2f;
    static final float E3 = 8.333548e-3f;
    static final float E4 = 1.3932739e-3f;
    static final float E5 = 1.9760398e-4f;

    /** (ln(1 + f) − f) / f² for −¼ ≤ f ≤ ½ */
    static final float L0 = -0.5f;

    static final float L1 = 3.333345e-1f;
    static final float L2 = -2.5000104e-1f;
    static final float L3 = 1.9990821e-1f;
    static final float L4 = -1.6646987e-1f;
    static final float L5 = 1.4478253e-1f;
    static final float L6 = -1.3163997e-1f;
    static final float L7 = 1.0469738e-1f;
    static final float L8 = -4.5121204e-2f;

    /** {@code 1 / (1 + e^−x)} is 0 or 1 for larger |x|. */
    static final float SIGMOID_MAX = 104;

    /** x·e^x is 0 for smaller x. */
    static final float WIDE_MIN = -110;

    /** {@code 1 + e^−x} is 1 for larger x. */
    static final float WIDE_MAX = 110;

    static final double WIDE_LOG2_E = 1.4426950408889634;
    static final double WIDE_LN2 = 0.6931471805599453;
    static final double WIDE_ROUNDER = 0x1.8p52;
    static final long WIDE_ONE_BITS = 0x3FF0_0000_0000_0000L;
    static final int WIDE_EXPONENT_SHIFT = 52;

    /** (e^r − 1 − r) / r², to 2^−34 of e^r */
    static final double W0 = 0.5000000067672715;

    static final double W1 = 0.1666666586904909;
    static final double W2 = 0.04166629498198424;
    static final double W3 = 0.008333497059225639;
    static final double W4 = 0.001394465700961774;
    static final double W5 = 0.00019790343994079292;

    /** {@code INVERSE_START − ½·sum} approximates 1 / sum with an error below 0.1 for 1 ≤ sum ≤ 2. */
    static final float INVERSE_START = 1.457f;

    private static final float MIN_NORMAL = Float.MIN_NORMAL;

    private FloatMath() {}

    /** {@code e^x}. Largest error 1.0 ulp. */
    public static float exp(float x) {
        float limited = x < EXP_MIN ? EXP_MIN : x > EXP_MAX ? EXP_MAX : x;
        float rounded = fma(limited, LOG2_E, ROUNDER);
        float n = rounded - ROUNDER;
        float r = fma(n, -LN2_LOW, fma(n, -LN2_HIGH, limited));
        return scale(1 + expm1OfSmall(r), floatToRawIntBits(rounded));
    }

    /**
     * Natural logarithm; −∞ for 0, NaN for negative numbers. Largest error 1.0 ulp.
     *
     * <p>x = 2^n·(1 + f) with −¼ ≤ f &lt; ½, and a polynomial in f.
     */
    public static float log(float x) {
        if (!(x > 0 && x < Float.POSITIVE_INFINITY)) {
            return x == 0 ? Float.NEGATIVE_INFINITY : x > 0 ? x : Float.NaN;
        }
        boolean subnormal = x < MIN_NORMAL;
        int bits = floatToRawIntBits(subnormal ? x * 0x1p23f : x);
        int n = (bits - floatToRawIntBits(0.75f)) >> EXPONENT_SHIFT;
        float f = intBitsToFloat(bits - (n << EXPONENT_SHIFT)) - 1;
        float exponent = subnormal ? n - 23 : n;
        return fma(exponent, LN2_HIGH, fma(exponent, LN2_LOW, logOfOnePlus(f)));
    }

    /** {@code 1 / (1 + e^−x)}, rounded from double precision. Largest error 0.51 ulp. */
    public static float sigmoid(float x) {
        if (abs(x) > SIGMOID_MAX) {
            return x > 0 ? 1 : 0;
        }
        double rounded = fma(x, -WIDE_LOG2_E, WIDE_ROUNDER);
        double r = fma(rounded - WIDE_ROUNDER, -WIDE_LN2, -x);
        double square = r * r;
        double low = fma(fma(W1, r, W0), square, r + 1);
        double high = fma(fma(W5, r, W4), square, fma(W3, r, W2));
        double power = longBitsToDouble((doubleToRawLongBits(rounded) << WIDE_EXPONENT_SHIFT) + WIDE_ONE_BITS);
        return (float) (1 / fma(fma(high, square * square, low), power, 1));
    }

    /** {@code tanh x = sign(x)·−m / (m + 2)} with {@code m = e^(−2|x|) − 1}. Largest error 2.0 ulp. */
    public static float tanh(float x) {
        float m = expm1OfNegative(-2 * abs(x));
        return copySign(ratio(m, 2, m), x);
    }

    /** {@code x ≥ 0 ? x : e^x − 1}. Largest error 1.0 ulp. */
    public static float elu(float x) {
        float y = expm1OfNegative(-abs(x));
        return x < 0 ? y : x;
    }

    /** {@code ln(1 + e^x)}, computed as {@code max(x, 0) + ln(1 + e^−|x|)}. Largest error 1.7 ulp. */
    public static float softplus(float x) {
        float e = exp(-abs(x));
        boolean small = e < 0.5f;
        float f = small ? e : fma(0.5f, e, -0.5f); // 1 + e = 1 + f or 2·(1 + f)
        float log = (small ? 0 : LN2_HIGH) + logOfOnePlus(f);
        return (x > 0 ? x : 0) + log;
    }

    /** {@code e^x} in double precision with a relative error of 2^−34, for x from WIDE_MIN to WIDE_MAX. */
    static double wideExp(float x) {
        double rounded = fma(x, WIDE_LOG2_E, WIDE_ROUNDER);
        double r = fma(rounded - WIDE_ROUNDER, -WIDE_LN2, x);
        double square = r * r;
        double low = fma(fma(W1, r, W0), square, r + 1);
        double high = fma(fma(W5, r, W4), square, fma(W3, r, W2));
        double power = longBitsToDouble((doubleToRawLongBits(rounded) << WIDE_EXPONENT_SHIFT) + WIDE_ONE_BITS);
        return fma(high, square * square, low) * power;
    }

    /** {@code numerator / (base + part)} for a sum in [1, 2], with the rounding errors of sum and quotient compensated. */
    private static float ratio(float numerator, float base, float part) {
        float sum = base + part;
        float quotient = numerator / sum;
        float sumLow = base - sum + part;
        float remainder = fma(-quotient, sumLow, fma(-quotient, sum, numerator));
        return fma(remainder, fma(-0.5f, sum, INVERSE_START), quotient);
    }

    /** {@code x·2^n}, with n in the lowest bits of {@code bits}. In two factors, because 2^128 and 2^−150 are not floats. */
    static float scale(float x, int bits) {
        int half = bits >> 1;
        return x * powerOfTwo(half) * powerOfTwo(bits - half);
    }

    /** {@code e^x − 1} for x ≤ 0. */
    private static float expm1OfNegative(float x) {
        float limited = x < EXPM1_MIN ? EXPM1_MIN : x;
        float rounded = fma(limited, LOG2_E, ROUNDER);
        float n = rounded - ROUNDER;
        float r = fma(n, -LN2_LOW, fma(n, -LN2_HIGH, limited));
        float scale = powerOfTwo(floatToRawIntBits(rounded));
        return fma(scale, expm1OfSmall(r), scale - 1);
    }

    /** {@code 2^n}, with n in the lowest nine bits; the bits of ROUNDER above them are shifted out. */
    private static float powerOfTwo(int bits) {
        return intBitsToFloat((bits << EXPONENT_SHIFT) + ONE_BITS);
    }

    /** {@code e^r − 1} for |r| ≤ ½ ln 2. */
    static float expm1OfSmall(float r) {
        float p = fma(E5, r, E4);
        p = fma(p, r, E3);
        p = fma(p, r, E2);
        p = fma(p, r, E1);
        p = fma(p, r, E0);
        return fma(r * r, p, r);
    }

    private static float logOfOnePlus(float f) {
        float p = fma(L8, f, L7);
        p = fma(p, f, L6);
        p = fma(p, f, L5);
        p = fma(p, f, L4);
        p = fma(p, f, L3);
        p = fma(p, f, L2);
        p = fma(p, f, L1);
        p = fma(p, f, L0);
        return fma(f * f, p, f);
    }
}
