package io.backprop.model;

import io.backprop.engine.ClassificationMetrics;
import io.backprop.engine.Matrix;
import io.backprop.engine.RegressionMetrics;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** How good predictions are, in the terms of the model's task. */
public sealed interface Metrics {

    /** The one number that says most, by its name. */
    Map<String, Double> summary();

    /** Of predicted numbers. */
    record Regression(RegressionMetrics values) implements Metrics {
        @Override
        public Map<String, Double> summary() {
            return Collections.singletonMap("r2", values.r2());
        }
    }

    /** With the names of the classes, in the order of the metrics' indexes. */
    record Classification(ClassificationMetrics values, List<String> labels) implements Metrics {
        @Override
        public Map<String, Double> summary() {
            return Map.of("accuracy", values.accuracy());
        }
    }

    /**
     * Metrics of predictions against targets of the same shape. Where no task was said, targets that are all 0 or 1 make
     * a classification.
     */
    static Metrics of(Architecture architecture, Matrix predictions, Matrix targets) {
        Task task = architecture.outputLayer().task();
        boolean scaled = !architecture.preprocessing().targets().isNone();
        if (task == Task.CLASSIFICATION || (task == null && !scaled && isOneHot(targets))) {
            return new Classification(
                    ClassificationMetrics.of(predictions, targets),
                    architecture.classes(targets.columns()).labels());
        }
        return new Regression(RegressionMetrics.of(predictions, targets));
    }

    private static boolean isOneHot(Matrix targets) {
        for (int row = 0; row < targets.rows(); row++) {
            int ones = 0;
            for (int column = 0; column < targets.columns(); column++) {
                float value = targets.get(row, column);
                if (value != 0 && value != 1) {
                    return false;
                }
                ones += (int) value;
            }
            if (targets.columns() > 1 && ones != 1) {
                return false;
            }
        }
        return true;
    }
}
