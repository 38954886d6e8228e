package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;
import static io.backprop.engine.InvalidArgumentException.requireAtLeast;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Finds a {@link Metric} of predictions for rows with known targets, which come some at a time in their order. */
public abstract sealed class Scoring {

    final Matrix targets;
    private int rows; // so far

    private Scoring(Matrix targets) {
        requireAtLeast(1, targets.rows(), "rows of targets");
        this.targets = targets;
    }

    /** Forgets all predictions. */
    public void begin() {
        rows = 0;
    }

    /** Takes predictions for the next rows. */
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
     * Takes predictions for the next rows.
     *
     * @param predictions rows × outputs, and perhaps more behind them. Not modified.
     */
    void add(float[] predictions, int more) {
        int outputs = targets.columns();
        for (int row = 0; row < more; row++) {
            addRow(predictions, row * outputs, (rows + row) * outputs);
        }
        rows += more;
    }

    /** Takes one prediction per output, and compares it with the targets from an offset on. */
    abstract void addRow(float[] predictions, int offset, int targetsOffset);

    /** The metric, once there is a prediction for every row; null where it is undefined. */
    public @Nullable Double value() {
        requireArgument(
                rows == targets.rows(), "predictions must be for %d rows, but are for %d", targets.rows(), rows);
        return measured();
    }

    abstract @Nullable Double measured();

    /** Of {@link Metric#ACCURACY}. */
    static final class Accuracy extends Scoring {

        private long correct;

        Accuracy(Matrix targets) {
            super(targets);
        }

        @Override
        public void begin() {
            super.begin();
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
        Double measured() {
            return (double) correct / targets.rows();
        }
    }

    /** Of {@link Metric#R2}. What depends on the targets alone is found once. */
    static final class R2 extends Scoring {

        private final SquaredDeviations[] deviations; // outputs
        private final double[] squares; // outputs, Σ(p − t)²

        R2(Matrix targets) {
            super(targets);
            this.deviations = SquaredDeviations.ofEach(targets.columns());
            this.squares = new double[targets.columns()];
            for (int row = 0; row < targets.rows(); row++) {
                for (int column = 0; column < squares.length; column++) {
                    deviations[column].add(targets.get(row, column));
                }
            }
        }

        @Override
        public void begin() {
            super.begin();
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
        Double measured() {
            return RegressionMetrics.r2(squares, deviations);
        }
    }
}
