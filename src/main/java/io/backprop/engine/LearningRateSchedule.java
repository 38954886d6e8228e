package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;
import static io.backprop.engine.InvalidArgumentException.requireAtLeast;
import static io.backprop.engine.InvalidArgumentException.requireNotNegative;
import static io.backprop.engine.InvalidArgumentException.requirePositive;

import org.jspecify.annotations.Nullable;

/** Computes the learning rate η of a step from the initial learning rate η₀. */
public sealed interface LearningRateSchedule {

    /**
     * Computes the learning rate of a step.
     *
     * @param step number of the step, from 0
     * @param steps number of steps of the whole training
     */
    float learningRate(float initial, long step, long steps);

    /** Whether the rate first rises from the initial one, which may be 0 then. */
    default boolean warmsUp() {
        return false;
    }

    /** {@code η = η₀}. */
    record Constant() implements LearningRateSchedule {
        @Override
        public float learningRate(float initial, long step, long steps) {
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
        public float learningRate(float initial, long step, long steps) {
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
        public float learningRate(float initial, long step, long steps) {
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
        public float learningRate(float initial, long step, long steps) {
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
        public float learningRate(float initial, long step, long steps) {
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

    /**
     * {@code η = η₀·(1 − cos(2π·log₂(1 + (2^cycles − 1)·step / steps))) / 2}, which rises from 0 to η₀ and falls back to almost
     * 0 in cycles of which each takes twice as many steps as the one before. Holzmüller et al. 2024, "Better by default",
     * where it is called coslog₄ for four cycles.
     *
     * @param cycles from 1 to 30; default 4
     */
    record CosLog(int cycles) implements LearningRateSchedule {

        public static final int DEFAULT_CYCLES = 4;

        private static final int MAX_CYCLES = 30;

        public CosLog {
            requireArgument(
                    cycles >= 1 && cycles <= MAX_CYCLES,
                    "cycles must be between 1 and %d, but was %d",
                    MAX_CYCLES,
                    cycles);
        }

        @Override
        public float learningRate(float initial, long step, long steps) {
            double growth = (1L << cycles) - 1;
            double cycle = StrictMath.log(1 + growth * step / steps) / StrictMath.log(2);
            return (float) (initial * (0.5 - 0.5 * StrictMath.cos(2 * Math.PI * cycle)));
        }
    }

    /**
     * Multiplies the rate by {@code factor} when the monitored metric has not improved for {@code patience} epochs. The
     * rules are those of Keras: after a reduction, epochs without improvement are counted again from the last one of the
     * {@code cooldown}.
     *
     * @param monitor default VALIDATION_LOSS
     * @param factor greater than 0 and less than 1; default 0.1
     * @param patience epochs without improvement, at least 1; default 10
     * @param minDelta minimum improvement, at least 0; default 0.0001
     * @param cooldown at least 0; default 0
     * @param minLearningRate limit of the reductions, at least 0; default 0
     */
    record ReduceOnPlateau(
            Metric monitor, float factor, int patience, float minDelta, int cooldown, float minLearningRate)
            implements LearningRateSchedule {

        public static final float DEFAULT_FACTOR = 0.1f;
        public static final float DEFAULT_MIN_DELTA = 1e-4f;

        public ReduceOnPlateau {
            requireArgument(
                    factor > 0 && factor < 1, "factor must be greater than 0 and less than 1, but was %s", factor);
            requireAtLeast(1, patience, "patience");
            requireNotNegative(minDelta, "minDelta");
            requireAtLeast(0, cooldown, "cooldown");
            requireNotNegative(minLearningRate, "minLearningRate");
        }

        public ReduceOnPlateau() {
            this(KeepBest.DEFAULT_MONITOR, DEFAULT_FACTOR, KeepBest.DEFAULT_PATIENCE, DEFAULT_MIN_DELTA, 0, 0);
        }

        /** The initial rate, which the training {@linkplain Plateau reduces} after each epoch. */
        @Override
        public float learningRate(float initial, long step, long steps) {
            return initial;
        }

        float reduced(float initial, Plateau plateau) {
            return plateau.factor == 1 ? initial : (float) Math.max(initial * plateau.factor, minLearningRate);
        }

        /**
         * Computes the state after an epoch.
         *
         * @param value of the monitored metric; NaN if it is undefined, which is no improvement
         */
        Plateau after(Plateau plateau, double value, float initial) {
            int left = Math.max(0, plateau.cooldown - 1);
            if (monitor.improves(value, plateau.best, minDelta)) {
                return new Plateau(value, 0, left, plateau.factor);
            }
            if (left > 0) {
                return new Plateau(plateau.best, 0, left, plateau.factor);
            }
            int waited = plateau.cooldown > 0 ? 1 : plateau.waited + 1;
            boolean reduces = waited >= patience && reduced(initial, plateau) > minLearningRate;
            return reduces
                    ? new Plateau(plateau.best, 0, cooldown, plateau.factor * factor)
                    : new Plateau(plateau.best, waited, 0, plateau.factor);
        }
    }

    /**
     * The state of {@link ReduceOnPlateau} in a training.
     *
     * @param best value of the monitored metric; NaN before the first one
     * @param waited epochs since the last improvement
     * @param cooldown remaining epochs of the cooldown
     * @param factor product of the reductions
     */
    record Plateau(double best, int waited, int cooldown, double factor) {
        public static final Plateau START = new Plateau(Double.NaN, 0, 0, 1);
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
