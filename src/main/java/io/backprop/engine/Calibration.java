package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.kernel.Kernels;

/**
 * Fits the temperature T of probabilities {@code p = f(z / T)}, with logits z and f the sigmoid or softmax: it minimizes
 *
 * <pre>Σ loss(z / T, t) + {@value #PRIOR}·(log T)²</pre>
 *
 * <p>over rows with targets t that the networks were not trained on. T &gt; 1 makes probabilities less certain, T &lt; 1
 * more; the most probable class remains. The second term draws T towards 1 where there are few rows, and counts little among
 * thousands.
 *
 * <p>Guo et al., "On calibration of modern neural networks", 2017.
 */
public final class Calibration {
    /*
     * Golden-section search over log T, with a fixed number of steps in double and StrictMath, so that the bits do not
     * depend on the processor. Of many rows, evenly spaced ones suffice: the deviation of T falls with their root.
     */

    private static final double PRIOR = 5;
    private static final double LARGEST = 20; // the smallest is its reciprocal
    private static final int STEPS = 40; // to a relative precision of 1e-7
    private static final double GOLDEN = 0.6180339887498949;
    private static final int MAX_LOGITS = 1 << 19;

    private final boolean sigmoid;
    private final Matrix logits;
    private final Matrix targets;
    private final int stride; // of the rows that are used

    private Calibration(Activation output, Matrix logits, Matrix targets) {
        this.sigmoid = output == Activation.SIGMOID;
        this.logits = logits;
        this.targets = targets;
        this.stride = 1 + (int) ((long) logits.rows() * logits.columns() / MAX_LOGITS);
    }

    /**
     * The temperature of rows.
     *
     * @param output {@link Activation#SIGMOID} or {@link Activation#SOFTMAX}
     * @param logits rows × outputs
     * @param targets probabilities, rows × outputs
     */
    public static double temperature(Activation output, Matrix logits, Matrix targets) {
        requireProbabilities(output);
        Matrix.requireComparable(logits, targets, targets.columns());
        return new Calibration(output, logits, targets).temperature();
    }

    /**
     * The probabilities of logits at a temperature.
     *
     * @param output {@link Activation#SIGMOID} or {@link Activation#SOFTMAX}
     * @param logits rows × outputs
     */
    public static Matrix probabilities(Activation output, Matrix logits, double temperature) {
        requireProbabilities(output);
        float[] values = new float[logits.rows() * logits.columns()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (logits.values()[i] / temperature);
        }
        output.apply(Kernels.best(), values, values, 0, logits.rows(), logits.columns());
        return Matrix.wrap(logits.rows(), logits.columns(), values);
    }

    private static void requireProbabilities(Activation output) {
        requireArgument(
                output == Activation.SIGMOID || output == Activation.SOFTMAX,
                "output must be SIGMOID or SOFTMAX, but was %s",
                output);
    }

    private double temperature() {
        double from = -StrictMath.log(LARGEST);
        double to = -from;
        double left = to - GOLDEN * (to - from);
        double right = from + GOLDEN * (to - from);
        double leftLoss = loss(left);
        double rightLoss = loss(right);
        for (int step = 0; step < STEPS; step++) {
            if (leftLoss <= rightLoss) {
                to = right;
                right = left;
                rightLoss = leftLoss;
                left = to - GOLDEN * (to - from);
                leftLoss = loss(left);
            } else {
                from = left;
                left = right;
                leftLoss = rightLoss;
                right = from + GOLDEN * (to - from);
                rightLoss = loss(right);
            }
        }
        return StrictMath.exp((from + to) / 2);
    }

    private double loss(double logTemperature) {
        double factor = StrictMath.exp(-logTemperature);
        double sum = 0;
        for (int row = 0; row < logits.rows(); row += stride) {
            sum += sigmoid ? sigmoidLoss(row, factor) : softmaxLoss(row, factor);
        }
        return stride * sum + PRIOR * logTemperature * logTemperature;
    }

    /** {@code Σ log(1 + eˣ) − x·t}. */
    private double sigmoidLoss(int row, double factor) {
        double sum = 0;
        for (int i = 0; i < logits.columns(); i++) {
            double x = factor * logits.get(row, i);
            sum += Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x))) - x * targets.get(row, i);
        }
        return sum;
    }

    /** {@code Σ t·(log Σ eˣ − x)}. */
    private double softmaxLoss(int row, double factor) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < logits.columns(); i++) {
            largest = Math.max(largest, factor * logits.get(row, i));
        }
        double exponentials = 0;
        for (int i = 0; i < logits.columns(); i++) {
            exponentials += StrictMath.exp(factor * logits.get(row, i) - largest);
        }
        double normalization = largest + StrictMath.log(exponentials);
        double sum = 0;
        for (int i = 0; i < logits.columns(); i++) {
            sum += targets.get(row, i) * (normalization - factor * logits.get(row, i));
        }
        return sum;
    }
}
