package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;
import static io.backprop.engine.InvalidArgumentException.requireNotNegative;
import static io.backprop.engine.InvalidArgumentException.requirePositive;
import static io.backprop.engine.InvalidArgumentException.requireShare;
import static io.backprop.engine.kernel.Fma.fma;

/**
 * The update rule for parameters p given a gradient g and the learning rate η of the step.
 *
 * <p>An immutable value; the mutable state, the velocity v or the moments m and s, is in the {@link Updater}. After every
 * 64th step each element of the state is flushed: {@code x ← |x| < 2⁻¹¹⁰ ? 0 : x}. Without a gradient it would otherwise
 * decay to a subnormal number and remain there, where arithmetic is many times slower.
 */
public sealed interface Optimizer {
    /*
     * The loops have no SIMD version: C2 vectorizes them as well as hand-written code.
     */

    /** Avoids division by 0. */
    float DEFAULT_EPSILON = 1e-7f;

    /** Creates the state for one training of so many parameters. */
    Updater updaterFor(int parameterCount);

    /**
     * {@code v ← momentum·v − η·g}, {@code p ← p + v}; with Nesterov momentum {@code p ← p + momentum·v − η·g}. Without
     * momentum {@code p ← p − η·g}. The velocity v is flushed.
     *
     * @param momentum in [0, 1); default 0
     * @param nesterov default false
     */
    record Sgd(float momentum, boolean nesterov) implements Optimizer {

        public static final float DEFAULT_MOMENTUM = 0;

        public Sgd {
            requireShare(momentum, "momentum");
            requireArgument(momentum > 0 || !nesterov, "nesterov needs a momentum greater than 0");
        }

        public Sgd() {
            this(DEFAULT_MOMENTUM, false);
        }

        @Override
        public Updater updaterFor(int parameterCount) {
            if (momentum == 0) {
                return new Updater((rate, gradient, parameters, first, end) -> {
                    for (int i = first; i < end; i++) {
                        parameters[i] = fma(-rate, gradient[i], parameters[i]);
                    }
                });
            }
            float[] velocity = new float[parameterCount];
            return nesterov ? nesterov(velocity) : classic(velocity);
        }

        private Updater classic(float[] velocity) {
            return new Updater(
                    (rate, gradient, parameters, first, end) -> {
                        for (int i = first; i < end; i++) {
                            float v = fma(momentum, velocity[i], -rate * gradient[i]);
                            velocity[i] = v;
                            parameters[i] += v;
                        }
                    },
                    velocity);
        }

        private Updater nesterov(float[] velocity) {
            return new Updater(
                    (rate, gradient, parameters, first, end) -> {
                        for (int i = first; i < end; i++) {
                            float change = -rate * gradient[i];
                            float v = fma(momentum, velocity[i], change);
                            velocity[i] = v;
                            parameters[i] += fma(momentum, v, change);
                        }
                    },
                    velocity);
        }
    }

    /**
     * {@code s ← rho·s + (1 − rho)·g²}, {@code p ← p − η·g / √(s + epsilon)}. The mean square s is
     * flushed. Tieleman and Hinton 2012.
     *
     * @param rho in [0, 1); default 0.9
     * @param epsilon greater than 0; default 10⁻⁷
     */
    record RmsProp(float rho, float epsilon) implements Optimizer {

        public static final float DEFAULT_RHO = 0.9f;

        public RmsProp {
            requireShare(rho, "rho");
            requirePositive(epsilon, "epsilon");
        }

        public RmsProp() {
            this(DEFAULT_RHO, DEFAULT_EPSILON);
        }

        @Override
        public Updater updaterFor(int parameterCount) {
            float[] meanSquares = new float[parameterCount];
            return new Updater(
                    (rate, gradient, parameters, first, end) -> {
                        for (int i = first; i < end; i++) {
                            float g = gradient[i];
                            float s = fma(1 - rho, g * g - meanSquares[i], meanSquares[i]);
                            meanSquares[i] = s;
                            parameters[i] -= rate * g / (float) Math.sqrt(s + epsilon);
                        }
                    },
                    meanSquares);
        }
    }

    /**
     * {@code m ← beta1·m + (1 − beta1)·g}, {@code s ← beta2·s + (1 − beta2)·g²}, {@code p ← p − η·√(1 − beta2ᵗ) / (1 −
     * beta1ᵗ)·m / (√s + epsilon)} at step t. The moments m and s are flushed. Kingma and Ba 2014.
     *
     * @param beta1 in [0, 1); default 0.9
     * @param beta2 in [0, 1); default 0.999
     * @param epsilon greater than 0; default 10⁻⁷
     */
    record Adam(float beta1, float beta2, float epsilon) implements Optimizer {

        public static final float DEFAULT_BETA1 = 0.9f;
        public static final float DEFAULT_BETA2 = 0.999f;

        public Adam {
            requireShare(beta1, "beta1");
            requireShare(beta2, "beta2");
            requirePositive(epsilon, "epsilon");
        }

        public Adam() {
            this(DEFAULT_BETA1, DEFAULT_BETA2, DEFAULT_EPSILON);
        }

        @Override
        public Updater updaterFor(int parameterCount) {
            return new AdamW(beta1, beta2, epsilon, 0).updaterFor(parameterCount);
        }
    }

    /**
     * {@code p ← p − η·weightDecay·p} for weights, but not for biases, then {@link Adam}. The moments m and s are flushed.
     * Loshchilov and Hutter 2017.
     *
     * @param weightDecay at least 0; default 0.004
     */
    record AdamW(float beta1, float beta2, float epsilon, float weightDecay) implements Optimizer {

        public static final float DEFAULT_WEIGHT_DECAY = 0.004f;

        public AdamW {
            requireShare(beta1, "beta1");
            requireShare(beta2, "beta2");
            requirePositive(epsilon, "epsilon");
            requireNotNegative(weightDecay, "weightDecay");
        }

        public AdamW() {
            this(Adam.DEFAULT_BETA1, Adam.DEFAULT_BETA2, DEFAULT_EPSILON, DEFAULT_WEIGHT_DECAY);
        }

        @Override
        public Updater updaterFor(int parameterCount) {
            float[] means = new float[parameterCount];
            float[] squares = new float[parameterCount];
            return new Updater(rule(means, squares), weightDecay, means, squares);
        }

        private Updater.Rule rule(float[] means, float[] squares) {
            return new Updater.Rule() {
                @Override
                public void update(float rate, float[] gradient, float[] parameters, int first, int end) {
                    for (int i = first; i < end; i++) {
                        float g = gradient[i];
                        float m = fma(1 - beta1, g - means[i], means[i]);
                        float s = fma(1 - beta2, g * g - squares[i], squares[i]);
                        means[i] = m;
                        squares[i] = s;
                        parameters[i] -= rate * m / ((float) Math.sqrt(s) + epsilon);
                    }
                }

                @Override
                public float correction(long step) {
                    return biasCorrection(step);
                }
            };
        }

        /** {@code √(1 − beta2ᵗ) / (1 − beta1ᵗ)}. {@code StrictMath} gives the same bits on every platform. */
        private float biasCorrection(long step) {
            return (float)
                    (Math.sqrt(1 - StrictMath.pow(beta2, (double) step)) / (1 - StrictMath.pow(beta1, (double) step)));
        }
    }
}
