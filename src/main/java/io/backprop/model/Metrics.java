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

    /** Metrics of predictions against targets of the same shape. */
    static Metrics of(Architecture architecture, Matrix predictions, Matrix targets) {
        MetricsAccumulator accumulator = new MetricsAccumulator(architecture, targets.columns());
        accumulator.add(predictions, targets);
        return accumulator.metrics();
    }
}
