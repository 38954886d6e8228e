package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;
import static io.backprop.engine.InvalidArgumentException.requireAtLeast;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A single score for comparing models; higher is better. */
public enum Metric {
    /** Share of the examples whose most probable class is the actual class. */
    ACCURACY {
        @Override
        public Accumulator accumulator(Matrix targets) {
            return new Accuracy(targets);
        }
    },

    /** {@code 1 − Σ(p − t)² / Σ(t − t̄)²}, averaged over the outputs; undefined if a target is constant. */
    R2 {
        @Override
        public Accumulator accumulator(Matrix targets) {
            return new R2Accumulator(targets);
        }
    };

    /** Creates an accumulator that scores predictions against the given targets. */
    public abstract Accumulator accumulator(Matrix targets);

    /** Scores predictions against targets of the same shape; null if the metric is undefined. */
    public @Nullable Double of(Matrix predictions, Matrix targets) {
        Accumulator accumulator = accumulator(targets);
        accumulator.add(predictions);
        return accumulator.value();
    }

    /**
     * A value of a metric.
     *
     * @param value null if the metric is undefined
     */
    public record Score(Metric metric, @Nullable Double value) {}

    /** Computes a metric from predictions for a fixed set of targets, added in several parts in row order. */
    public abstract static sealed class Accumulator {

        final Matrix targets; // rows × outputs
        private int rows; // added so far

        private Accumulator(Matrix targets) {
            requireAtLeast(1, targets.rows(), "rows of targets");
            this.targets = targets;
        }

        /** Discards all predictions added so far. */
        public void reset() {
            rows = 0;
        }

        /** Adds predictions for the next rows. */
        public void add(Matrix predictions) {
            requireArgument(
                    predictions.columns() == targets.columns() && predictions.rows() <= targets.rows() - rows,
                    "predictions must be at most %d × %d, but were %d × %d",
                    targets.rows() - rows,
                    targets.columns(),
                    predictions.rows(),
                    predictions.columns());
            add(predictions.values(), predictions.rows());
        }

        /**
         * Adds predictions for the next {@code count} rows.
         *
         * @param predictions count × outputs; may be longer. Not modified.
         */
        void add(float[] predictions, int count) {
            int outputs = targets.columns();
            for (int row = 0; row < count; row++) {
                addRow(predictions, row * outputs, (rows + row) * outputs);
            }
            rows += count;
        }

        /**
         * Adds one row, whose targets start at {@code targetsOffset}.
         *
         * @param predictions outputs, from {@code offset}. Not modified.
         */
        abstract void addRow(float[] predictions, int offset, int targetsOffset);

        /** The value of the metric once every row has a prediction; null if it is undefined. */
        public @Nullable Double value() {
            requireArgument(
                    rows == targets.rows(), "predictions must be for %d rows, but are for %d", targets.rows(), rows);
            return compute();
        }

        abstract @Nullable Double compute();
    }

    private static final class Accuracy extends Accumulator {

        private long correct;

        Accuracy(Matrix targets) {
            super(targets);
        }

        @Override
        public void reset() {
            super.reset();
            correct = 0;
        }

        @Override
        void addRow(float[] predictions, int offset, int targetsOffset) {
            int outputs = targets.columns();
            int predicted = ClassificationMetrics.classOf(predictions, offset, outputs);
            if (predicted == ClassificationMetrics.classOf(targets.values(), targetsOffset, outputs)) {
                correct++;
            }
        }

        @Override
        Double compute() {
            return (double) correct / targets.rows();
        }
    }

    /** Computes the variance of the targets only once. */
    private static final class R2Accumulator extends Accumulator {

        private final RunningVariance[] variances; // outputs
        private final double[] squares; // outputs, Σ(p − t)²

        R2Accumulator(Matrix targets) {
            super(targets);
            this.variances = RunningVariance.ofEach(targets.columns());
            this.squares = new double[targets.columns()];
            for (int row = 0; row < targets.rows(); row++) {
                for (int column = 0; column < squares.length; column++) {
                    variances[column].add(targets.get(row, column));
                }
            }
        }

        @Override
        public void reset() {
            super.reset();
            Arrays.fill(squares, 0);
        }

        @Override
        void addRow(float[] predictions, int offset, int targetsOffset) {
            for (int column = 0; column < squares.length; column++) {
                double target = targets.values()[targetsOffset + column];
                double error = predictions[offset + column] - target;
                squares[column] += error * error;
            }
        }

        @Override
        @Nullable
        Double compute() {
            return RegressionMetrics.r2(squares, variances);
        }
    }
}
