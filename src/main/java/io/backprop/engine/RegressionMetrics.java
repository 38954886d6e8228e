package io.backprop.engine;

import org.jspecify.annotations.Nullable;

/**
 * How far predicted numbers are from the targets, over all examples and outputs.
 *
 * @param r2 {@code 1 − Σ(p − t)² / Σ(t − t̄)²}, averaged over the outputs; null where a target is constant
 */
public record RegressionMetrics(
        double meanSquaredError,
        double meanAbsoluteError,
        @Nullable Double r2) {

    /** Metrics of predictions, examples × outputs, against targets of the same shape. */
    public static RegressionMetrics of(Matrix predictions, Matrix targets) {
        double squares = 0;
        double absolutes = 0;
        double explained = 0;
        for (int column = 0; column < targets.columns(); column++) {
            double columnSquares = 0;
            for (int row = 0; row < targets.rows(); row++) {
                double error = (double) predictions.get(row, column) - targets.get(row, column);
                columnSquares += error * error;
                absolutes += Math.abs(error);
            }
            squares += columnSquares;
            explained += 1 - columnSquares / totalSquares(targets, column);
        }
        double count = (double) targets.rows() * targets.columns();
        Double r2 = Double.isFinite(explained) ? explained / targets.columns() : null;
        return new RegressionMetrics(squares / count, absolutes / count, r2);
    }

    public double rootMeanSquaredError() {
        return Math.sqrt(meanSquaredError);
    }

    private static double totalSquares(Matrix targets, int column) {
        double sum = 0;
        for (int row = 0; row < targets.rows(); row++) {
            sum += targets.get(row, column);
        }
        double mean = sum / targets.rows();
        double squares = 0;
        for (int row = 0; row < targets.rows(); row++) {
            squares += (targets.get(row, column) - mean) * (targets.get(row, column) - mean);
        }
        return squares;
    }
}
