package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.kernel.FloatMath;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The loss of predictions p with respect to targets t.
 *
 * <p>A cross-entropy computes its gradient with respect to the logits of the matching activation, which is {@code p − t}
 * and does not overflow; the other losses compute it with respect to the predictions.
 */
public enum Loss {
    /** {@code mean (p − t)²}. */
    MEAN_SQUARED_ERROR {
        @Override
        double of(OutputRow row) {
            double sum = 0;
            for (int i = 0; i < row.outputs; i++) {
                double error = row.prediction(i) - row.target(i);
                sum += error * error;
            }
            return sum / row.outputs;
        }

        @Override
        float gradient(float prediction, float target, int outputs) {
            return (prediction - target) * (2f / outputs);
        }
    },

    /** {@code mean |p − t|}. */
    MEAN_ABSOLUTE_ERROR {
        @Override
        double of(OutputRow row) {
            double sum = 0;
            for (int i = 0; i < row.outputs; i++) {
                sum += Math.abs(row.prediction(i) - row.target(i));
            }
            return sum / row.outputs;
        }

        @Override
        float gradient(float prediction, float target, int outputs) {
            return Math.signum(prediction - target) / outputs;
        }
    },

    /** {@code mean h(p − t)}, where {@code h(e) = e²/2} for |e| ≤ 1, else {@code |e| − 1/2}. Huber 1964. */
    HUBER {
        @Override
        double of(OutputRow row) {
            double sum = 0;
            for (int i = 0; i < row.outputs; i++) {
                double error = Math.abs(row.prediction(i) - row.target(i));
                sum += error <= 1 ? 0.5 * error * error : error - 0.5;
            }
            return sum / row.outputs;
        }

        @Override
        float gradient(float prediction, float target, int outputs) {
            return Math.max(-1, Math.min(1, prediction - target)) / outputs;
        }
    },

    /**
     * {@code −mean (t·log p + (1 − t)·log(1 − p))} of sigmoid outputs. Computed from the logits x as {@code softplus(x) −
     * x·t} with {@code softplus(x) = softplus(−|x|) + max(x, 0)}, so that a small loss of a large logit is not rounded away.
     */
    BINARY_CROSSENTROPY {
        @Override
        double of(OutputRow row) {
            double sum = 0;
            for (int i = 0; i < row.outputs; i++) {
                float logit = row.logit(i);
                double large = Math.max(logit, 0) - (double) logit * row.target(i);
                sum += FloatMath.softplus(-Math.abs(logit)) + large;
            }
            return sum / row.outputs;
        }

        @Override
        float gradient(float prediction, float target, int outputs) {
            return (prediction - target) / outputs;
        }
    },

    /**
     * {@code −Σ t·log p} of softmax outputs. Computed with the largest logit x̂ and its probability p̂ as {@code log pᵢ = xᵢ
     * − x̂ + log p̂}, which neither overflows nor takes the logarithm of 0.
     */
    CATEGORICAL_CROSSENTROPY {
        @Override
        double of(OutputRow row) {
            float largestLogit = row.logit(0);
            float largestPrediction = row.prediction(0);
            for (int i = 1; i < row.outputs; i++) {
                largestLogit = Math.max(largestLogit, row.logit(i));
                largestPrediction = Math.max(largestPrediction, row.prediction(i));
            }
            double offset = largestLogit - (double) FloatMath.log(largestPrediction);
            double sum = 0;
            for (int i = 0; i < row.outputs; i++) {
                sum += row.target(i) * (offset - row.logit(i));
            }
            return sum;
        }

        @Override
        float gradient(float prediction, float target, int outputs) {
            return prediction - target;
        }
    };

    /**
     * Largest difference from 1 of the sum of a row of targets of {@link #CATEGORICAL_CROSSENTROPY}, whose gradient is right
     * only for a sum of 1. Leaves room for probabilities that were rounded to three decimals or smoothed in float.
     */
    public static final double SUM_TOLERANCE = 1e-3;

    /** The loss of one example. */
    abstract double of(OutputRow row);

    /** The derivative of one example's loss by one of its predictions, or logits if {@link #isCrossentropy}. */
    abstract float gradient(float prediction, float target, int outputs);

    /**
     * Computes {@code factor·∂loss/∂p} of one example, or {@code ∂x} instead of {@code ∂p} if {@link #isCrossentropy}.
     *
     * @param gradient outputs, from {@code offset}. Modified.
     */
    final void gradient(OutputRow row, float factor, float[] gradient, int offset) {
        for (int i = 0; i < row.outputs; i++) {
            gradient[offset + i] = factor * gradient(row.prediction(i), row.target(i), row.outputs);
        }
    }

    /** Whether targets are probabilities and the gradient is computed with respect to the logits. */
    public boolean isCrossentropy() {
        return this == BINARY_CROSSENTROPY || this == CATEGORICAL_CROSSENTROPY;
    }

    /**
     * Throws unless this loss is defined for the targets: those of a cross-entropy must be between 0 and 1, and each row of
     * those of {@link #CATEGORICAL_CROSSENTROPY} must add up to 1 within {@link #SUM_TOLERANCE}.
     *
     * @param targets examples × outputs
     */
    final void requireTargets(Matrix targets) {
        for (int row = 0; isCrossentropy() && row < targets.rows(); row++) {
            double sum = 0;
            for (int column = 0; column < targets.columns(); column++) {
                float target = targets.get(row, column);
                requireArgument(
                        target >= 0 && target <= 1,
                        "targets of %s must be between 0 and 1, but row %d has %s",
                        nameOf(this),
                        row,
                        target);
                sum += target;
            }
            requireArgument(
                    this != CATEGORICAL_CROSSENTROPY || Math.abs(sum - 1) <= SUM_TOLERANCE,
                    "targets of %s must add up to 1 in each row, but those of row %d add up to %s",
                    nameOf(this),
                    row,
                    (float) sum);
        }
    }

    /** Throws unless this loss {@link #fits} the activation. */
    public void requireFits(Activation output) {
        requireArgument(
                fits(output),
                "loss %s does not fit output activation %s; fitting losses: %s",
                nameOf(this),
                nameOf(output),
                Arrays.stream(values())
                        .filter(candidate -> candidate.fits(output))
                        .map(Loss::nameOf)
                        .collect(Collectors.joining(", ")));
    }

    private static String nameOf(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Whether this loss is defined for outputs of the given activation. */
    public boolean fits(Activation output) {
        return switch (this) {
            case BINARY_CROSSENTROPY -> output == Activation.SIGMOID;
            case CATEGORICAL_CROSSENTROPY -> output == Activation.SOFTMAX;
            case MEAN_SQUARED_ERROR, MEAN_ABSOLUTE_ERROR, HUBER -> output != Activation.SOFTMAX;
        };
    }
}
