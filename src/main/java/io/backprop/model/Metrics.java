package io.backprop.model;

import io.backprop.engine.ClassificationMetrics;
import io.backprop.engine.Matrix;
import io.backprop.engine.Metric;
import io.backprop.engine.MultiLabelMetrics;
import io.backprop.engine.RegressionMetrics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Metrics of predictions, by the task of the model. */
public sealed interface Metrics {

    /** The scalar metrics by name; null if a metric is undefined. */
    Map<String, @Nullable Double> numbers();

    record Regression(RegressionMetrics values) implements Metrics {
        @Override
        public Map<String, @Nullable Double> numbers() {
            Map<String, @Nullable Double> numbers = new LinkedHashMap<>();
            numbers.put("mean_squared_error", values.meanSquaredError());
            numbers.put("mean_absolute_error", values.meanAbsoluteError());
            numbers.put("root_mean_squared_error", values.rootMeanSquaredError());
            numbers.put("r2", values.r2());
            return numbers;
        }
    }

    /**
     * The metrics of a classification.
     *
     * @param classes names of the classes, in the order of their indexes
     */
    record Classification(ClassificationMetrics values, List<String> classes) implements Metrics {
        @Override
        public Map<String, @Nullable Double> numbers() {
            Map<String, @Nullable Double> numbers = new LinkedHashMap<>();
            numbers.put("accuracy", values.accuracy());
            numbers.put("balanced_accuracy", values.balancedAccuracy());
            numbers.put("log_loss", values.logLoss());
            numbers.put("macro_f1", values.macroF1());
            numbers.put("mcc", values.mcc());
            if (classes.size() == 2) {
                numbers.put("auc", values.auc());
                numbers.put("average_precision", values.averagePrecision());
            }
            return numbers;
        }
    }

    /**
     * The metrics of labels that do not exclude each other.
     *
     * @param classes names of the labels, in the order of the outputs
     */
    record MultiLabel(MultiLabelMetrics values, List<String> classes) implements Metrics {
        @Override
        public Map<String, @Nullable Double> numbers() {
            Map<String, @Nullable Double> numbers = new LinkedHashMap<>();
            numbers.put("accuracy", values.accuracy());
            numbers.put("subset_accuracy", values.subsetAccuracy());
            numbers.put("balanced_accuracy", values.balancedAccuracy());
            numbers.put("log_loss", values.logLoss());
            numbers.put("macro_f1", values.macroF1());
            numbers.put("mcc", values.mcc());
            return numbers;
        }
    }

    /** The metrics of predictions for targets of the same shape. */
    static Metrics of(Architecture architecture, Matrix predictions, Matrix targets) {
        MetricsAccumulator accumulator = new MetricsAccumulator(architecture, targets.columns());
        accumulator.add(predictions, targets);
        return accumulator.metrics();
    }

    /** The metric to compare models by: accuracy for classes, r2 for numbers. */
    static Metric keyMetric(Architecture architecture, Matrix targets) {
        if (architecture.isMultiLabel()) {
            return Metric.MULTI_LABEL_ACCURACY;
        }
        return MetricsAccumulator.areClasses(architecture, targets) ? Metric.ACCURACY : Metric.R2;
    }
}
