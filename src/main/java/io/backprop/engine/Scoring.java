package io.backprop.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Finds a {@link Metric} of predictions that come a few rows at a time. */
interface Scoring {

    /** Forgets all rows. */
    void begin();

    /**
     * Takes the next rows.
     *
     * @param predictions of the batch, rows × outputs. Not modified.
     */
    void add(float[] predictions, Batch batch);

    /** The metric of all rows since the beginning; null where it is undefined. */
    @Nullable
    Double value();

    /** Of {@link Metric#ACCURACY}. */
    final class Accuracy implements Scoring {

        private final int outputs;
        private long correct;
        private long rows;

        Accuracy(int outputs) {
            this.outputs = outputs;
        }

        @Override
        public void begin() {
            correct = 0;
            rows = 0;
        }

        @Override
        public void add(float[] predictions, Batch batch) {
            for (int row = 0; row < batch.rows; row++) {
                int offset = row * outputs;
                int predicted = ClassificationMetrics.classOf(predictions, offset, outputs);
                if (predicted == ClassificationMetrics.classOf(batch.targets, batch.targetsOffset + offset, outputs)) {
                    correct++;
                }
            }
            rows += batch.rows;
        }

        @Override
        public Double value() {
            return (double) correct / rows;
        }
    }

    /** Of {@link Metric#R2}. What depends on the targets alone is found once. */
    final class R2 implements Scoring {

        private final Spread[] targets; // outputs
        private final double[] squares; // outputs, Σ(p − t)²

        R2(Matrix targets) {
            this.targets = Spread.ofEach(targets.columns());
            this.squares = new double[targets.columns()];
            for (int row = 0; row < targets.rows(); row++) {
                for (int column = 0; column < squares.length; column++) {
                    this.targets[column].add(targets.get(row, column));
                }
            }
        }

        @Override
        public void begin() {
            Arrays.fill(squares, 0);
        }

        @Override
        public void add(float[] predictions, Batch batch) {
            for (int row = 0; row < batch.rows; row++) {
                int offset = row * squares.length;
                for (int column = 0; column < squares.length; column++) {
                    double target = batch.targets[batch.targetsOffset + offset + column];
                    double error = predictions[offset + column] - target;
                    squares[column] += error * error;
                }
            }
        }

        @Override
        public @Nullable Double value() {
            return RegressionMetrics.r2(squares, targets);
        }
    }
}
