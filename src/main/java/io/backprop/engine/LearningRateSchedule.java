package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;
import static io.backprop.engine.InvalidArgumentException.requireAtLeast;
import static io.backprop.engine.InvalidArgumentException.requirePositive;

import org.jspecify.annotations.Nullable;

/** Computes the learning rate η of a step from the initial learning rate η₀. */
public sealed interface LearningRateSchedule {

    /**
     * Computes the learning rate of a step.
     *
     * @param step number of the step, from 0
     */
    float learningRate(float initial, long step);

    /** Whether the rate first rises from the initial one, which may be 0 then. */
    default boolean warmsUp() {
        return false;
    }

    /** {@code η = η₀}. */
    record Constant() implements LearningRateSchedule {
        @Override
        public float learningRate(float initial, long step) {
            return initial;
        }
    }

    /**
     * {@code η = η₀·decayRate^(step / decaySteps)}, with the exponent rounded down if {@code staircase}.
     *
     * @param decaySteps at least 1
     * @param decayRate greater than 0
     */
    record ExponentialDecay(int decaySteps, float decayRate, boolean staircase) implements LearningRateSchedule {

        public ExponentialDecay {
            requireDecay(decaySteps, decayRate);
        }

        @Override
        public float learningRate(float initial, long step) {
            return (float) (initial * StrictMath.pow(decayRate, periods(step, decaySteps, staircase)));
        }
    }

    /**
     * {@code η = η₀·decayRate^⌊step / decaySteps⌋}.
     *
     * @param decaySteps at least 1
     * @param decayRate greater than 0
     */
    record StepDecay(int decaySteps, float decayRate) implements LearningRateSchedule {

        public StepDecay {
            requireDecay(decaySteps, decayRate);
        }

        @Override
        public float learningRate(float initial, long step) {
            return (float) (initial * StrictMath.pow(decayRate, periods(step, decaySteps, true)));
        }
    }

    /**
     * {@code η = η₀ / (1 + decayRate·step / decaySteps)}, with {@code step / decaySteps} rounded down if {@code staircase}.
     *
     * @param decaySteps at least 1
     * @param decayRate greater than 0
     */
    record InverseTimeDecay(int decaySteps, float decayRate, boolean staircase) implements LearningRateSchedule {

        public InverseTimeDecay {
            requireDecay(decaySteps, decayRate);
        }

        @Override
        public float learningRate(float initial, long step) {
            return (float) (initial / (1 + decayRate * periods(step, decaySteps, staircase)));
        }
    }

    /**
     * {@code η = η₀·((1 − alpha)·(1 + cos(π·step / decaySteps)) / 2 + alpha)}, which falls from η₀ to {@code alpha·η₀} in
     * {@code decaySteps} and then remains constant. With a {@code warmupTarget}, the rate first rises linearly from η₀, which
     * may be 0, to the target in {@code warmupSteps}, and falls from there. Loshchilov and Hutter 2016.
     *
     * @param decaySteps at least 1
     * @param alpha in [0, 1]
     * @param warmupTarget greater than 0; null for no warm-up
     * @param warmupSteps at least 0; 0 without a warmupTarget
     */
    record CosineDecay(
            int decaySteps, float alpha, @Nullable Float warmupTarget, int warmupSteps)
            implements LearningRateSchedule {

        public CosineDecay {
            requireAtLeast(1, decaySteps, "decaySteps");
            requireArgument(alpha >= 0 && alpha <= 1, "alpha must be between 0 and 1, but was %s", alpha);
            if (warmupTarget != null) {
                requirePositive(warmupTarget, "warmupTarget");
            }
            requireAtLeast(0, warmupSteps, "warmupSteps");
            requireArgument(
                    warmupTarget != null || warmupSteps == 0, "warmupSteps need a warmupTarget, but there is none");
        }

        @Override
        public boolean warmsUp() {
            return warmupTarget != null;
        }

        @Override
        public float learningRate(float initial, long step) {
            if (warmupTarget == null) {
                return decayed(initial, step);
            }
            if (step < warmupSteps) {
                return (float) (initial + ((double) warmupTarget - initial) * step / warmupSteps);
            }
            return decayed(warmupTarget, step - warmupSteps);
        }

        private float decayed(float from, long step) {
            double share = Math.min(1, (double) step / decaySteps);
            double cosine = (1 + StrictMath.cos(Math.PI * share)) / 2;
            return (float) (from * ((1 - alpha) * cosine + alpha));
        }
    }

    private static double periods(long step, int decaySteps, boolean staircase) {
        double exact = (double) step / decaySteps;
        return staircase ? Math.floor(exact) : exact;
    }

    private static void requireDecay(int decaySteps, float decayRate) {
        requireAtLeast(1, decaySteps, "decaySteps");
        requirePositive(decayRate, "decayRate");
    }
}
