package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireAtLeast;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of predictions p against targets t, over all examples and outputs.
 *
 * @param meanSquaredError {@code mean (p − t)²}
 * @param meanAbsoluteError {@code mean |p − t|}
 * @param r2 {@code 1 − Σ(p − t)² / Σ(t − t̄)²}, averaged over the outputs; as in scikit-learn, an output with constant
 *     targets has 1 if all its predictions are exact, else 0. Null for a single example.
 */
public record RegressionMetrics(
        double meanSquaredError,
        double meanAbsoluteError,
        @Nullable Double r2) implements Metric.Values {

    /** Computes the metrics of predictions and targets, both examples × outputs. */
    public static RegressionMetrics of(Matrix predictions, Matrix targets) {
        Accumulator accumulator = new Accumulator(targets.columns());
        accumulator.add(predictions, targets);
        return accumulator.metrics();
    }

    public double rootMeanSquaredError() {
        return Math.sqrt(meanSquaredError);
    }

    @Override
    public @Nullable Double of(Metric metric) {
        return switch (metric) {
            case MEAN_SQUARED_ERROR -> meanSquaredError;
            case MEAN_ABSOLUTE_ERROR -> meanAbsoluteError;
            case ROOT_MEAN_SQUARED_ERROR -> rootMeanSquaredError();
            case R2 -> r2;
            default -> throw new InvalidArgumentException(metric.id() + " is not a metric of numbers");
        };
    }

    private static @Nullable Double r2(double[] squares, RunningVariance[] targets) {
        double explained = 0;
        for (int column = 0; column < squares.length; column++) {
            double variance = targets[column].sumOfSquares();
            double ofConstant = squares[column] == 0 ? 1 : 0;
            explained += variance == 0 ? ofConstant : 1 - squares[column] / variance;
        }
        return Double.isFinite(explained) ? explained / squares.length : null;
    }

    /** Computes the metrics of examples that are added in several parts; any division gives the same bits. */
    public static final class Accumulator {

        private final double[] squares; // outputs, Σ(p − t)²
        private final double[] absolutes; // outputs, Σ|p − t|
        private final RunningVariance[] variances; // outputs, of the targets
        private long rows;

        public Accumulator(int outputs) {
            requireAtLeast(1, outputs, "outputs");
            squares = new double[outputs];
            absolutes = new double[outputs];
            variances = new RunningVariance[outputs];
            Arrays.setAll(variances, output -> new RunningVariance());
        }

        /** Adds examples: predictions and targets, both examples × outputs. */
        public void add(Matrix predictions, Matrix targets) {
            Matrix.requireComparable(predictions, targets, squares.length);
            for (int row = 0; row < targets.rows(); row++) {
                for (int column = 0; column < squares.length; column++) {
                    double target = targets.get(row, column);
                    double error = predictions.get(row, column) - target;
                    squares[column] += error * error;
                    absolutes[column] += Math.abs(error);
                    variances[column].add(target);
                }
            }
            rows += targets.rows();
        }

        /** The metrics of all examples added so far, at least one. */
        public RegressionMetrics metrics() {
            requireAtLeast(1, rows, "examples");
            double count = (double) rows * squares.length;
            return new RegressionMetrics(
                    sum(squares) / count, sum(absolutes) / count, rows == 1 ? null : r2(squares, variances));
        }

        private static double sum(double[] values) {
            double sum = 0;
            for (double value : values) {
                sum += value;
            }
            return sum;
        }
    }
}
