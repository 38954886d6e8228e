package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;
import static io.backprop.engine.InvalidArgumentException.requirePositive;
import static io.backprop.engine.InvalidArgumentException.requireShare;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The loss of predictions p with respect to targets t, which training minimizes.
 *
 * <p>An immutable value; a {@code LossFunction} computes it. Where targets are scaled, as those of standardized models, the
 * loss and its parameters refer to the scaled targets.
 */
public sealed interface Loss {

    /**
     * Largest difference from 1 of the sum of a row of targets of {@link CategoricalCrossentropy}, whose gradient is right
     * only for a sum of 1. Leaves room for probabilities that were rounded to three decimals.
     */
    double SUM_TOLERANCE = 1e-3;

    /** Every loss, with its default parameters. */
    static List<Loss> all() {
        return List.of(
                new MeanSquaredError(),
                new MeanAbsoluteError(),
                new Huber(),
                new Quantile(),
                new Poisson(),
                new BinaryCrossentropy(),
                new CategoricalCrossentropy());
    }

    /** Whether this loss is defined for outputs of the given activation. */
    default boolean fits(Activation output) {
        return output != Activation.SOFTMAX;
    }

    /** Whether targets are probabilities. */
    default boolean isCrossentropy() {
        return false;
    }

    /** Whether the loss is computed from the logits, and its gradient with respect to them. */
    default boolean usesLogits() {
        return isCrossentropy();
    }

    /**
     * Throws unless this loss is defined for the targets.
     *
     * @param targets examples × outputs
     */
    default void requireTargets(Matrix targets) {}

    /** Throws unless this loss {@link #fits} the activation. */
    default void requireFits(Activation output) {
        requireArgument(
                fits(output),
                "loss %s does not fit output activation %s; fitting losses: %s",
                name(),
                output.name().toLowerCase(Locale.ROOT),
                all().stream().filter(loss -> loss.fits(output)).map(Loss::name).collect(Collectors.joining(", ")));
    }

    /** The name of the loss, such as {@code mean_squared_error}. */
    String name();

    /** {@code mean (p − t)²}. */
    record MeanSquaredError() implements Loss {
        @Override
        public String name() {
            return "mean_squared_error";
        }
    }

    /** {@code mean |p − t|}. */
    record MeanAbsoluteError() implements Loss {
        @Override
        public String name() {
            return "mean_absolute_error";
        }
    }

    /**
     * {@code mean h(p − t)}, where {@code h(e) = e²/2} for |e| ≤ delta, else {@code delta·(|e| − delta/2)}. Huber 1964.
     *
     * @param delta greater than 0, in the unit of the targets; default 1
     */
    record Huber(float delta) implements Loss {

        public static final float DEFAULT_DELTA = 1;

        public Huber {
            requirePositive(delta, "delta");
        }

        public Huber() {
            this(DEFAULT_DELTA);
        }

        @Override
        public String name() {
            return "huber";
        }
    }

    /**
     * {@code mean max(q·(t − p), (q − 1)·(t − p))}, the pinball loss, whose minimum is the q-quantile of the targets. Koenker
     * and Bassett 1978.
     *
     * @param q in (0, 1); default 0.5, the median
     */
    record Quantile(float q) implements Loss {

        public static final float DEFAULT_Q = 0.5f;

        public Quantile {
            requireArgument(q > 0 && q < 1, "q must be greater than 0 and less than 1, but was %s", q);
        }

        public Quantile() {
            this(DEFAULT_Q);
        }

        @Override
        public String name() {
            return "quantile";
        }
    }

    /**
     * {@code mean (p − t·log p)}, for counts and other targets of at least 0 whose variance grows with their mean. Outputs are
     * exponential, so that {@code log p} is the logit, or softplus.
     */
    record Poisson() implements Loss {

        @Override
        public String name() {
            return "poisson";
        }

        @Override
        public boolean fits(Activation output) {
            return output == Activation.EXPONENTIAL || output == Activation.SOFTPLUS;
        }

        @Override
        public boolean usesLogits() {
            return true;
        }

        /** Throws unless the targets are at least 0. */
        @Override
        public void requireTargets(Matrix targets) {
            for (int row = 0; row < targets.rows(); row++) {
                for (int column = 0; column < targets.columns(); column++) {
                    float target = targets.get(row, column);
                    requireArgument(
                            target >= 0, "targets of %s must be at least 0, but row %d has %s", name(), row, target);
                }
            }
        }
    }

    /**
     * {@code −mean (s·log p + (1 − s)·log(1 − p))} of sigmoid outputs, with the smoothed targets {@code s = t·(1 −
     * labelSmoothing) + labelSmoothing/2}.
     *
     * @param labelSmoothing in [0, 1); default 0
     */
    record BinaryCrossentropy(float labelSmoothing) implements Loss {

        public BinaryCrossentropy {
            requireShare(labelSmoothing, "labelSmoothing");
        }

        public BinaryCrossentropy() {
            this(0);
        }

        @Override
        public String name() {
            return "binary_crossentropy";
        }

        @Override
        public boolean fits(Activation output) {
            return output == Activation.SIGMOID;
        }

        @Override
        public boolean isCrossentropy() {
            return true;
        }

        /** Throws unless the targets are between 0 and 1. */
        @Override
        public void requireTargets(Matrix targets) {
            for (int row = 0; row < targets.rows(); row++) {
                sumOfProbabilities(this, targets, row);
            }
        }
    }

    /**
     * {@code −Σ s·log p} of K softmax outputs, with the smoothed targets {@code s = t·(1 − labelSmoothing) +
     * labelSmoothing/K}. Szegedy et al. 2016.
     *
     * @param labelSmoothing in [0, 1); default 0
     */
    record CategoricalCrossentropy(float labelSmoothing) implements Loss {

        public CategoricalCrossentropy {
            requireShare(labelSmoothing, "labelSmoothing");
        }

        public CategoricalCrossentropy() {
            this(0);
        }

        @Override
        public String name() {
            return "categorical_crossentropy";
        }

        @Override
        public boolean fits(Activation output) {
            return output == Activation.SOFTMAX;
        }

        @Override
        public boolean isCrossentropy() {
            return true;
        }

        /** Throws unless the targets are between 0 and 1, and each row adds up to 1 within {@link #SUM_TOLERANCE}. */
        @Override
        public void requireTargets(Matrix targets) {
            for (int row = 0; row < targets.rows(); row++) {
                double sum = sumOfProbabilities(this, targets, row);
                requireArgument(
                        Math.abs(sum - 1) <= SUM_TOLERANCE,
                        "targets of %s must add up to 1 in each row, but those of row %d add up to %s",
                        name(),
                        row,
                        (float) sum);
            }
        }
    }

    /** The sum of a row of targets; throws unless all of them are between 0 and 1. */
    private static double sumOfProbabilities(Loss loss, Matrix targets, int row) {
        double sum = 0;
        for (int column = 0; column < targets.columns(); column++) {
            float target = targets.get(row, column);
            requireArgument(
                    target >= 0 && target <= 1,
                    "targets of %s must be between 0 and 1, but row %d has %s",
                    loss.name(),
                    row,
                    target);
            sum += target;
        }
        return sum;
    }
}
