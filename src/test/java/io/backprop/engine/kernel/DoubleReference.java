package io.backprop.engine.kernel;

/** Functions that StrictMath lacks, in double precision and far more precise than a float. */
final class DoubleReference {

    private static final double ROOT_OF_TWO_PI = Math.sqrt(2 * Math.PI);

    private DoubleReference() {}

    static double sigmoid(double x) {
        double e = StrictMath.exp(-Math.abs(x));
        return (x >= 0 ? 1 : e) / (1 + e);
    }

    static double softplus(double x) {
        return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
    }

    static double gelu(double x) {
        double z = Math.min(Math.abs(x), 40);
        double tail = z * scaledTail(z) * gaussian(z);
        return x > 0 ? x - tail : Double.isNaN(x) ? x : -tail;
    }

    static double geluDerivative(double x) {
        double z = Math.min(Math.abs(x), 40);
        double left = (scaledTail(z) - z / ROOT_OF_TWO_PI) * gaussian(z);
        return x > 0 ? 1 - left : Double.isNaN(x) ? x : left;
    }

    static double silu(double x) {
        return x < -1000 ? -0.0 : x * sigmoid(x);
    }

    static double siluDerivative(double x) {
        double z = limited(x);
        return sigmoid(z) * (1 + z * sigmoid(-z));
    }

    static double mish(double x) {
        return x < -1000 ? -0.0 : x * StrictMath.tanh(softplus(x));
    }

    static double mishDerivative(double x) {
        double z = limited(x);
        double tanh = StrictMath.tanh(softplus(z));
        return tanh + z * (1 - tanh * tanh) * sigmoid(z);
    }

    private static double limited(double x) {
        return Math.max(-700, Math.min(700, x));
    }

    private static double gaussian(double z) {
        return StrictMath.exp(-z * z / 2);
    }

    /**
     * {@code Φ(−z)·e^(z²/2)}, by the power series of Φ for small z, otherwise by Laplace's continued fraction (Abramowitz and
     * Stegun, 26.2.11 and 26.2.14).
     */
    private static double scaledTail(double z) {
        if (z < 3) {
            double term = z;
            double sum = z;
            for (int n = 1; term > sum * 1e-18; n++) {
                term *= z * z / (2 * n + 1);
                sum += term;
            }
            return StrictMath.exp(z * z / 2) / 2 - sum / ROOT_OF_TWO_PI;
        }
        double fraction = z;
        for (int n = 100; n >= 1; n--) {
            fraction = z + n / fraction;
        }
        return 1 / (fraction * ROOT_OF_TWO_PI);
    }
}
