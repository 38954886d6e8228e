package io.backprop.model;

import io.backprop.engine.ClassificationMetrics;
import io.backprop.engine.Matrix;
import io.backprop.engine.RegressionMetrics;

/** The one number that says most about predictions; the higher, the better they are. */
public enum KeyMetric {

    /** Share of examples whose predicted class is the actual one. */
    ACCURACY {
        @Override
        Tally tally(int outputs) {
            return new Hits();
        }
    },

    /** Share of the targets' variance that the predictions explain. */
    R2 {
        @Override
        Tally tally(int outputs) {
            return new Explained(outputs);
        }
    };

    /** What {@link Metrics#summary} tells of predictions for these targets. */
    static KeyMetric of(Architecture architecture, Matrix targets) {
        return MetricsAccumulator.areClasses(architecture, targets) ? ACCURACY : R2;
    }

    abstract Tally tally(int outputs);

    /** Adds up examples that may come in parts. */
    interface Tally {

        /** Takes the next examples: predictions, examples × outputs, and targets of the same shape. */
        void add(Matrix predictions, Matrix targets);

        /** Of all examples so far, at least one; NaN where it cannot be told. */
        double value();
    }

    private static final class Hits implements Tally {

        private long hits;
        private long examples;

        @Override
        public void add(Matrix predictions, Matrix targets) {
            for (int row = 0; row < targets.rows(); row++) {
                if (ClassificationMetrics.classOf(predictions, row) == ClassificationMetrics.classOf(targets, row)) {
                    hits++;
                }
            }
            examples += targets.rows();
        }

        @Override
        public double value() {
            return (double) hits / examples;
        }
    }

    private static final class Explained implements Tally {

        private final RegressionMetrics.Accumulator errors;

        private Explained(int outputs) {
            this.errors = new RegressionMetrics.Accumulator(outputs);
        }

        @Override
        public void add(Matrix predictions, Matrix targets) {
            errors.add(predictions, targets);
        }

        @Override
        public double value() {
            Double r2 = errors.metrics().r2();
            return r2 == null ? Double.NaN : r2;
        }
    }
}
