package io.backprop.engine;

import io.backprop.engine.kernel.FloatMath;

/**
 * Computes the {@link Loss} of one example, and its gradient with respect to the predictions, or to the logits if the loss
 * {@linkplain Loss#usesLogits uses them}: that of a cross-entropy is {@code p − t}, which does not overflow.
 */
abstract class LossFunction {
    /* Each function has its own loops over the outputs, so the calls in them are not virtual. */

    static LossFunction of(NetworkSpec spec) {
        Loss loss = spec.loss();
        if (loss instanceof Loss.MeanSquaredError) {
            return new SquaredError();
        }
        if (loss instanceof Loss.MeanAbsoluteError) {
            return new AbsoluteError();
        }
        if (loss instanceof Loss.Huber huber) {
            return new HuberFunction(huber.delta());
        }
        if (loss instanceof Loss.Quantile quantile) {
            return new Pinball(quantile.q());
        }
        if (loss instanceof Loss.Poisson) {
            return spec.outputLayer().activation() == Activation.SOFTPLUS
                    ? new PoissonOfSoftplus()
                    : new PoissonOfExponential();
        }
        if (loss instanceof Loss.BinaryCrossentropy binary) {
            return new SigmoidCrossentropy(binary.labelSmoothing());
        }
        return new SoftmaxCrossentropy(((Loss.CategoricalCrossentropy) loss).labelSmoothing());
    }

    /** The loss of an example. */
    abstract double of(OutputRow row);

    /**
     * Computes the gradient of {@code factor} times the loss of an example.
     *
     * @param gradient outputs, from {@code offset}. Modified.
     */
    abstract void gradient(OutputRow row, float factor, float[] gradient, int offset);

    private static final class SquaredError extends LossFunction {
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
        void gradient(OutputRow row, float factor, float[] gradient, int offset) {
            float twice = 2f / row.outputs;
            for (int i = 0; i < row.outputs; i++) {
                gradient[offset + i] = factor * ((row.prediction(i) - row.target(i)) * twice);
            }
        }
    }

    private static final class AbsoluteError extends LossFunction {
        @Override
        double of(OutputRow row) {
            double sum = 0;
            for (int i = 0; i < row.outputs; i++) {
                sum += Math.abs(row.prediction(i) - row.target(i));
            }
            return sum / row.outputs;
        }

        @Override
        void gradient(OutputRow row, float factor, float[] gradient, int offset) {
            for (int i = 0; i < row.outputs; i++) {
                gradient[offset + i] = factor * (Math.signum(row.prediction(i) - row.target(i)) / row.outputs);
            }
        }
    }

    private static final class HuberFunction extends LossFunction {
        private final float delta;

        HuberFunction(float delta) {
            this.delta = delta;
        }

        @Override
        double of(OutputRow row) {
            double sum = 0;
            for (int i = 0; i < row.outputs; i++) {
                double error = Math.abs(row.prediction(i) - row.target(i));
                sum += error <= delta ? 0.5 * error * error : delta * (error - 0.5 * delta);
            }
            return sum / row.outputs;
        }

        @Override
        void gradient(OutputRow row, float factor, float[] gradient, int offset) {
            for (int i = 0; i < row.outputs; i++) {
                float error = row.prediction(i) - row.target(i);
                gradient[offset + i] = factor * (Math.max(-delta, Math.min(delta, error)) / row.outputs);
            }
        }
    }

    /** The gradient is 0 where a prediction is its target. */
    private static final class Pinball extends LossFunction {
        private final float q;

        Pinball(float q) {
            this.q = q;
        }

        @Override
        double of(OutputRow row) {
            double sum = 0;
            for (int i = 0; i < row.outputs; i++) {
                double error = row.target(i) - row.prediction(i);
                sum += Math.max(q * error, (q - 1) * error);
            }
            return sum / row.outputs;
        }

        @Override
        void gradient(OutputRow row, float factor, float[] gradient, int offset) {
            for (int i = 0; i < row.outputs; i++) {
                float sign = Math.signum(row.prediction(i) - row.target(i));
                gradient[offset + i] = factor * ((sign > 0 ? 1 - q : q * sign) / row.outputs);
            }
        }
    }

    /** The logits are {@code log p}. */
    private static final class PoissonOfExponential extends LossFunction {
        @Override
        double of(OutputRow row) {
            double sum = 0;
            for (int i = 0; i < row.outputs; i++) {
                sum += row.prediction(i) - (double) row.target(i) * row.logit(i);
            }
            return sum / row.outputs;
        }

        @Override
        void gradient(OutputRow row, float factor, float[] gradient, int offset) {
            for (int i = 0; i < row.outputs; i++) {
                gradient[offset + i] = factor * ((row.prediction(i) - row.target(i)) / row.outputs);
            }
        }
    }

    /** The gradient is {@code sigmoid(x)·(1 − t/p)}. For very negative x, p and sigmoid(x) are e^x, which may be 0. */
    private static final class PoissonOfSoftplus extends LossFunction {
        private static final float NEARLY_EXPONENTIAL = -20;

        @Override
        double of(OutputRow row) {
            double sum = 0;
            for (int i = 0; i < row.outputs; i++) {
                float logit = row.logit(i);
                float prediction = row.prediction(i);
                float log = logit < NEARLY_EXPONENTIAL ? logit : FloatMath.log(prediction);
                sum += prediction - (double) row.target(i) * log;
            }
            return sum / row.outputs;
        }

        @Override
        void gradient(OutputRow row, float factor, float[] gradient, int offset) {
            for (int i = 0; i < row.outputs; i++) {
                float logit = row.logit(i);
                float sigmoid = FloatMath.sigmoid(logit);
                float ratio = logit < NEARLY_EXPONENTIAL ? 1 : sigmoid / row.prediction(i);
                gradient[offset + i] = factor * ((sigmoid - row.target(i) * ratio) / row.outputs);
            }
        }
    }

    /**
     * Computed from the logits x as {@code softplus(x) − x·t} with {@code softplus(x) = softplus(−|x|) + max(x, 0)}, so that
     * a small loss of a large logit is not rounded away.
     */
    private static final class SigmoidCrossentropy extends LossFunction {
        private final float kept;
        private final float added;

        SigmoidCrossentropy(float labelSmoothing) {
            this.kept = 1 - labelSmoothing;
            this.added = labelSmoothing / 2;
        }

        @Override
        double of(OutputRow row) {
            double sum = 0;
            for (int i = 0; i < row.outputs; i++) {
                float logit = row.logit(i);
                double large = Math.max(logit, 0) - (double) logit * target(row, i);
                sum += FloatMath.softplus(-Math.abs(logit)) + large;
            }
            return sum / row.outputs;
        }

        @Override
        void gradient(OutputRow row, float factor, float[] gradient, int offset) {
            for (int i = 0; i < row.outputs; i++) {
                gradient[offset + i] = factor * ((row.prediction(i) - target(row, i)) / row.outputs);
            }
        }

        private float target(OutputRow row, int i) {
            return row.target(i) * kept + added;
        }
    }

    /**
     * Computed with the largest logit x̂ and its probability p̂ as {@code log pᵢ = xᵢ − x̂ + log p̂}, which neither overflows
     * nor takes the logarithm of 0.
     */
    private static final class SoftmaxCrossentropy extends LossFunction {
        private final float labelSmoothing;

        SoftmaxCrossentropy(float labelSmoothing) {
            this.labelSmoothing = labelSmoothing;
        }

        @Override
        double of(OutputRow row) {
            float largestLogit = row.logit(0);
            float largestPrediction = row.prediction(0);
            for (int i = 1; i < row.outputs; i++) {
                largestLogit = Math.max(largestLogit, row.logit(i));
                largestPrediction = Math.max(largestPrediction, row.prediction(i));
            }
            double offset = largestLogit - (double) FloatMath.log(largestPrediction);
            float kept = 1 - labelSmoothing;
            float added = labelSmoothing / row.outputs;
            double sum = 0;
            for (int i = 0; i < row.outputs; i++) {
                sum += (row.target(i) * kept + added) * (offset - row.logit(i));
            }
            return sum;
        }

        @Override
        void gradient(OutputRow row, float factor, float[] gradient, int offset) {
            float kept = 1 - labelSmoothing;
            float added = labelSmoothing / row.outputs;
            for (int i = 0; i < row.outputs; i++) {
                gradient[offset + i] = factor * (row.prediction(i) - (row.target(i) * kept + added));
            }
        }
    }
}
