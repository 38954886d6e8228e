package io.backprop.engine.kernel;

import static io.backprop.engine.kernel.Fma.fma;
import static java.lang.Float.floatToRawIntBits;
import static java.lang.Math.abs;

/** The activation GELU and its derivative, with the same bits on every machine like the functions of {@link FloatMath}. */
final class Gelu {

    /*
     * The tail of the Gaussian spans so many powers of two that a rounding error of the exponent is visible in the result.
     * Intermediate values are therefore pairs of floats, whose second part, named …Low, holds the rounding error.
     */

    /** For larger |x| the Gaussian functions are 0. */
    static final float GAUSSIAN_MAX = 15;

    /** Both polynomials are in v − CENTER with v = z / (1 + z/4); there, their constant terms are almost exact floats. */
    static final float CENTER = 2.0463843f;

    /** z·Φ(−z)·e^(z²/2) / v */
    static final float T0 = 1.8534815e-1f;

    static final float T1 = -7.377969e-2f;
    static final float T2 = 2.3397112e-2f;
    static final float T3 = -5.6550093e-3f;
    static final float T4 = 9.2961965e-4f;
    static final float T5 = -6.2562685e-5f;
    static final float T6 = -1.2582987e-5f;
    static final float T7 = 3.2428386e-6f;
    static final float T8 = 1.1650923e-7f;
    static final float T9 = -1.127813e-7f;
    static final float T10 = -1.0814201e-8f;

    /** The root of Φ(−z) = z·φ(z), in two parts. */
    static final float ROOT_HIGH = 0.75179154f;

    static final float ROOT_LOW = -1.211445e-8f;

    /** (Φ(−z) − z·φ(z))·e^(z²/2) / (root − z) */
    static final float D0 = 4.5984614e-1f;

    static final float D1 = -5.0303105e-2f;
    static final float D2 = 1.4634858e-2f;
    static final float D3 = -3.4014015e-3f;
    static final float D4 = 5.810427e-4f;
    static final float D5 = -5.650136e-5f;
    static final float D6 = -1.9758554e-6f;
    static final float D7 = 1.4283266e-6f;
    static final float D8 = -6.510419e-8f;
    static final float D9 = -3.169075e-8f;

    private Gelu() {}

    /**
     * {@code x·Φ(x)}, Φ the cumulative distribution of the normal distribution. Largest error 1.8 ulp.
     *
     * <p>Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016, the exact form. With z = |x| it is
     * {@code max(x, 0) − z·Φ(−z)}, where Φ(−z) is e^(−z²/2) times a slowly decreasing function of z. This preserves the
     * relative precision of the tail for negative x.
     */
    static float of(float x) {
        float z = gaussianArgument(x);
        float sum = fma(0.25f, z, 1);
        float inverse = 1 / sum;
        float v = z * inverse;
        float sumLow = fma(0.25f, z, 1 - sum);
        float vLow = inverse * fma(-v, sumLow, fma(-v, sum, z));
        float t = v - CENTER;
        float tLow = v - (t + CENTER) + vLow;
        float p = fma(T10, t, T9);
        p = fma(p, t, T8);
        p = fma(p, t, T7);
        p = fma(p, t, T6);
        p = fma(p, t, T5);
        p = fma(p, t, T4);
        p = fma(p, t, T3);
        p = fma(p, t, T2);
        p = fma(p, t, T1);
        float q = p;
        p = fma(q, t, T0);
        float pLow = fma(q, t, T0 - p) + q * tLow;
        float product = v * p;
        float tail = timesGaussian(product, fma(v, pLow, fma(vLow, p, fma(v, p, -product))), z);
        return x > 0 ? x - tail : -tail;
    }

    /**
     * {@code Φ(x) + x·φ(x)}, the derivative of {@link #of}. Largest error 1.6 ulp.
     *
     * <p>With z = |x| the value at −z is e^(−z²/2)·(root − z) times a function without a root, which is precise near the
     * root at −0.7518, too; the value at z is 1 minus that.
     */
    static float derivative(float x) {
        float z = gaussianArgument(x);
        float v = z / fma(0.25f, z, 1);
        float t = v - CENTER;
        float tLow = v - (t + CENTER);
        float p = fma(D9, t, D8);
        p = fma(p, t, D7);
        p = fma(p, t, D6);
        p = fma(p, t, D5);
        p = fma(p, t, D4);
        p = fma(p, t, D3);
        p = fma(p, t, D2);
        p = fma(p, t, D1);
        float q = p;
        p = fma(q, t, D0);
        float pLow = fma(q, t, D0 - p) + q * tLow;
        float difference = ROOT_HIGH - z;
        float back = ROOT_HIGH - difference;
        float missing = ROOT_HIGH - (difference + back) + (back - z) + ROOT_LOW;
        float distance = difference + missing;
        float distanceLow = difference - distance + missing;
        float product = distance * p;
        float left = timesGaussian(product, fma(distance, pLow, fma(distanceLow, p, fma(distance, p, -product))), z);
        return x > 0 ? 1 - left : left;
    }

    private static float gaussianArgument(float x) {
        float z = abs(x);
        return z > GAUSSIAN_MAX ? GAUSSIAN_MAX : z;
    }

    /** {@code (factor + factorLow)·e^(−z²/2)}, with all rounding errors of intermediate values compensated. */
    private static float timesGaussian(float factor, float factorLow, float z) {
        float square = z * z;
        float squareLow = fma(z, z, -square);
        float rounded = fma(square, -0.5f * FloatMath.LOG2_E, FloatMath.ROUNDER);
        float n = rounded - FloatMath.ROUNDER;
        float r = fma(n, -FloatMath.LN2_HIGH, -0.5f * square) + fma(n, -FloatMath.LN2_LOW, -0.5f * squareLow);
        float p = FloatMath.expm1OfSmall(r);
        float product = factor + fma(factor, p, fma(factorLow, p, factorLow));
        return FloatMath.scale(product, floatToRawIntBits(rounded));
    }
}
