package io.backprop.model;

import io.backprop.engine.ClassificationMetrics;
import io.backprop.engine.Matrix;
import io.backprop.engine.Metric;
import io.backprop.engine.RegressionMetrics;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How good predictions are, in the terms of the model's task. */
public sealed interface Metrics {

    /** The one number that says most, by its name. */
    Map<String, Double> summary();

    /** All that are one number, by their names; null where there is none. */
    Map<String, Double> numbers();

    /** Of predicted numbers. */
    record Regression(RegressionMetrics values) implements Metrics {
        @Override
        public Map<String, Double> summary() {
            return Collections.singletonMap("r2", values.r2());
        }

        @Override
        public Map<String, Double> numbers() {
            Map<String, Double> numbers = new LinkedHashMap<>();
            numbers.put("mean_squared_error", values.meanSquaredError());
            numbers.put("mean_absolute_error", values.meanAbsoluteError());
            numbers.put("root_mean_squared_error", values.rootMeanSquaredError());
            numbers.put("r2", values.r2());
            return numbers;
        }
    }

    /** With the names of the classes, in the order of the metrics' indexes. */
    record Classification(ClassificationMetrics values, List<String> labels) implements Metrics {
        @Override
        public Map<String, Double> summary() {
            return Map.of("accuracy", values.accuracy());
        }

        @Override
        public Map<String, Double> numbers() {
            Map<String, Double> numbers = new LinkedHashMap<>();
            numbers.put("accuracy", values.accuracy());
            numbers.put("log_loss", values.logLoss());
            if (labels.size() == 2) {
                numbers.put("auc", values.auc());
            }
            return numbers;
        }
    }

    /** Metrics of predictions against targets of the same shape. */
    static Metrics of(Architecture architecture, Matrix predictions, Matrix targets) {
        MetricsAccumulator accumulator = new MetricsAccumulator(architecture, targets.columns());
        accumulator.add(predictions, targets);
        return accumulator.metrics();
    }

    /** What the {@link #summary} of predictions for such targets will be about. */
    static Metric summaryMetric(Architecture architecture, Matrix targets) {
        return MetricsAccumulator.areClasses(architecture, targets) ? Metric.ACCURACY : Metric.R2;
    }
}
