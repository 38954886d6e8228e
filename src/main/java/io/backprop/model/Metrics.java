package io.backprop.model;

import io.backprop.engine.ClassificationMetrics;
import io.backprop.engine.Matrix;
import io.backprop.engine.Metric;
import io.backprop.engine.MultiLabelMetrics;
import io.backprop.engine.RegressionMetrics;
import io.backprop.engine.TargetKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Metrics of predictions, by the task of the model. */
public sealed interface Metrics {

    /** The values of all metrics. */
    Metric.Values values();

    /** The metrics that fit. */
    List<Metric> fitting();

    /** The scalar metrics by name; null if a metric is undefined. */
    default Map<String, @Nullable Double> numbers() {
        Map<String, @Nullable Double> numbers = new LinkedHashMap<>();
        fitting().forEach(metric -> numbers.put(metric.id(), values().of(metric)));
        return numbers;
    }

    record Regression(RegressionMetrics values) implements Metrics {
        @Override
        public List<Metric> fitting() {
            return TargetKind.NUMBERS.metrics(1);
        }
    }

    /**
     * The metrics of a classification.
     *
     * @param classes names of the classes, in the order of their indexes
     */
    record Classification(ClassificationMetrics values, List<String> classes) implements Metrics {
        @Override
        public List<Metric> fitting() {
            return TargetKind.CLASSES.metrics(classes.size());
        }
    }

    /**
     * The metrics of labels that do not exclude each other.
     *
     * @param classes names of the labels, in the order of the outputs
     */
    record MultiLabel(MultiLabelMetrics values, List<String> classes) implements Metrics {
        @Override
        public List<Metric> fitting() {
            return TargetKind.LABELS.metrics(classes.size());
        }
    }

    /** The metrics of predictions for targets of the same shape. */
    static Metrics of(Architecture architecture, Matrix predictions, Matrix targets) {
        MetricsAccumulator accumulator = new MetricsAccumulator(architecture, targets.columns());
        accumulator.add(predictions, targets);
        return accumulator.metrics();
    }

    /** What the targets of a model are. */
    static TargetKind targetKind(Architecture architecture, Matrix targets) {
        if (architecture.isMultiLabel()) {
            return TargetKind.LABELS;
        }
        return MetricsAccumulator.areClasses(architecture, targets) ? TargetKind.CLASSES : TargetKind.NUMBERS;
    }
}
