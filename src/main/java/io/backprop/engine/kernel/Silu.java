package io.backprop.engine.kernel;

/** The sigmoid linear unit, with the same bits on every machine; see {@link FloatMath}. */
final class Silu {

    private Silu() {}

    /**
     * {@code x / (1 + e^−x)}, computed as {@code x·w / (w + 1)} with {@code w = e^x} in double precision. Largest error 0.51
     * ulp. Elfwing et al. 2017, Ramachandran et al. 2017.
     */
    static float of(float x) {
        float z = x < FloatMath.WIDE_MIN ? FloatMath.WIDE_MIN : x;
        double w = FloatMath.wideExp(z > FloatMath.WIDE_MAX ? FloatMath.WIDE_MAX : z);
        return (float) (z * w / (w + 1));
    }

    /**
     * The derivative of {@link #of}, {@code w·(w + 1 + x) / (w + 1)²}. Largest error 0.51 ulp, plus 2^−36 near its root
     * at −1.2785.
     */
    static float derivative(float x) {
        float z = x < FloatMath.WIDE_MIN ? FloatMath.WIDE_MIN : x > FloatMath.WIDE_MAX ? FloatMath.WIDE_MAX : x;
        double w = FloatMath.wideExp(z);
        double sum = w + 1;
        return (float) (w * (sum + z) / (sum * sum));
    }
}
