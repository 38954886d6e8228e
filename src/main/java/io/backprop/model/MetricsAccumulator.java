package io.backprop.model;

import io.backprop.engine.ClassificationMetrics;
import io.backprop.engine.Matrix;
import io.backprop.engine.MultiLabelMetrics;
import io.backprop.engine.RegressionMetrics;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Computes the metrics of predictions, which may be added in parts. If the model has no task, targets that are all 0 or 1
 * are classes. Not thread-safe.
 */
public final class MetricsAccumulator {
    /*
     * Without a task, the kind of metrics is known only after the last example: until then both are computed, unless a
     * target rules out classes.
     */

    private final Architecture architecture;
    private final int outputs;
    private final RegressionMetrics.Accumulator regression;
    private final ClassificationMetrics.@Nullable Accumulator classification; // null for labels
    private final MultiLabelMetrics.@Nullable Accumulator labels;
    private boolean classes = true;

    public MetricsAccumulator(Architecture architecture, int outputs) {
        this(architecture, outputs, null);
    }

    /** @param threshold the probability above which the second of two classes, or a label, is predicted; null for the default */
    public MetricsAccumulator(Architecture architecture, int outputs, @Nullable Float threshold) {
        this.architecture = architecture;
        this.outputs = outputs;
        boolean multiLabel = architecture.isMultiLabel();
        this.labels = multiLabel ? new MultiLabelMetrics.Accumulator(outputs, threshold) : null;
        this.classification = multiLabel ? null : new ClassificationMetrics.Accumulator(outputs, threshold);
        this.regression = new RegressionMetrics.Accumulator(outputs);
    }

    /** Adds examples: predictions, examples × outputs, and targets of the same shape. */
    public void add(Matrix predictions, Matrix targets) {
        if (labels != null) {
            labels.add(predictions, targets);
            return;
        }
        classes = classes && areClasses(architecture, targets);
        if (classes) {
            Objects.requireNonNull(classification).add(predictions, targets);
        }
        if (!classes || architecture.outputLayer().task() == null) {
            regression.add(predictions, targets);
        }
    }

    /** The metrics of all examples added so far, of which there must be at least one. */
    public Metrics metrics() {
        if (labels != null) {
            return new Metrics.MultiLabel(
                    labels.metrics(), architecture.classEncoding(outputs).names());
        }
        return classes
                ? new Metrics.Classification(
                        Objects.requireNonNull(classification).metrics(),
                        architecture.classEncoding(outputs).names())
                : new Metrics.Regression(regression.metrics());
    }

    /** Whether targets are classes. */
    static boolean areClasses(Architecture architecture, Matrix targets) {
        Task task = architecture.outputLayer().task();
        boolean scaled = !architecture.preprocessing().targets().isNone();
        return task == Task.CLASSIFICATION || (task == null && !scaled && Architecture.isOneHot(targets));
    }
}
