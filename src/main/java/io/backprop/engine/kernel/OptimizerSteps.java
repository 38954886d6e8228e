package io.backprop.engine.kernel;

import static java.lang.Math.fma;

/**
 * Elementwise updates of parameters p by a gradient g, from {@code first} to before {@code end}. Parameters and optimizer
 * state are modified, gradients are not.
 */
public final class OptimizerSteps {

    /*
     * There is no SIMD version: C2 vectorizes these loops as well as hand-written code.
     */

    private OptimizerSteps() {}

    /** {@code p = fma(−learningRate, g, p)}. */
    public static void sgd(float learningRate, float[] gradient, float[] parameters, int first, int end) {
        float rate = -learningRate;
        for (int i = first; i < end; i++) {
            parameters[i] = fma(rate, gradient[i], parameters[i]);
        }
    }

    /**
     * {@code v = fma(momentum, v, −learningRate·g)}; then {@code p += v}, or with Nesterov momentum
     * {@code p += fma(momentum, v, −learningRate·g)}.
     */
    public static void momentum(
            float learningRate,
            float momentum,
            boolean nesterov,
            float[] gradient,
            float[] velocity,
            float[] parameters,
            int first,
            int end) {
        float rate = -learningRate;
        if (nesterov) {
            for (int i = first; i < end; i++) {
                float step = rate * gradient[i];
                float v = fma(momentum, velocity[i], step);
                velocity[i] = v;
                parameters[i] += fma(momentum, v, step);
            }
        } else {
            for (int i = first; i < end; i++) {
                float v = fma(momentum, velocity[i], rate * gradient[i]);
                velocity[i] = v;
                parameters[i] += v;
            }
        }
    }

    /** {@code s = fma(1 − rho, g·g − s, s)}; {@code p −= learningRate·g / √(s + epsilon)}. */
    public static void rmsProp(
            float learningRate,
            float rho,
            float epsilon,
            float[] gradient,
            float[] meanSquares,
            float[] parameters,
            int first,
            int end) {
        float share = 1 - rho;
        for (int i = first; i < end; i++) {
            float g = gradient[i];
            float s = fma(share, g * g - meanSquares[i], meanSquares[i]);
            meanSquares[i] = s;
            parameters[i] -= learningRate * g / (float) Math.sqrt(s + epsilon);
        }
    }

    /**
     * {@code m = fma(1 − beta1, g − m, m)}; {@code s = fma(1 − beta2, g·g − s, s)};
     * {@code p = fma(p, −decay, p) − rate·m / (√s + epsilon)}.
     *
     * @param rate learning rate times the bias correction of this step
     * @param decay learning rate times weight decay; 0 for none
     */
    public static void adam(
            float rate,
            float decay,
            float beta1,
            float beta2,
            float epsilon,
            float[] gradient,
            float[] means,
            float[] meanSquares,
            float[] parameters,
            int first,
            int end) {
        float share1 = 1 - beta1;
        float share2 = 1 - beta2;
        for (int i = first; i < end; i++) {
            float g = gradient[i];
            float m = fma(share1, g - means[i], means[i]);
            float s = fma(share2, g * g - meanSquares[i], meanSquares[i]);
            means[i] = m;
            meanSquares[i] = s;
            parameters[i] = fma(parameters[i], -decay, parameters[i]) - rate * m / ((float) Math.sqrt(s) + epsilon);
        }
    }
}
