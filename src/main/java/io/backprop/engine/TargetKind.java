package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What targets are, which determines the metrics of predictions. */
public enum TargetKind {
    NUMBERS,
    /** Each example has one of several classes; a single output is the probability of the second of two classes. */
    CLASSES,
    /** Each example has any number of labels, of which each output predicts one. */
    LABELS;

    private static final int TOP_3 = 3;
    private static final int TOP_5 = 5;

    /** The kind of targets that the loss of a network is made for. */
    static TargetKind of(NetworkSpec spec) {
        if (!spec.loss().isCrossentropy()) {
            return NUMBERS;
        }
        Activation output = spec.layers().get(spec.layers().size() - 1).activation();
        return output == Activation.SIGMOID && spec.outputs() > 1 ? LABELS : CLASSES;
    }

    /**
     * The metrics of predictions for such targets. The accuracy among the k most probable classes is there for more than k
     * classes.
     */
    public List<Metric> metrics(int outputs) {
        if (this == NUMBERS) {
            return List.of(
                    Metric.MEAN_SQUARED_ERROR, Metric.MEAN_ABSOLUTE_ERROR, Metric.ROOT_MEAN_SQUARED_ERROR, Metric.R2);
        }
        List<Metric> metrics = new ArrayList<>();
        metrics.add(Metric.ACCURACY);
        if (this == LABELS) {
            metrics.add(Metric.SUBSET_ACCURACY);
        }
        metrics.add(Metric.BALANCED_ACCURACY);
        if (this == CLASSES && outputs > TOP_3) {
            metrics.add(Metric.TOP_3_ACCURACY);
        }
        if (this == CLASSES && outputs > TOP_5) {
            metrics.add(Metric.TOP_5_ACCURACY);
        }
        metrics.addAll(List.of(Metric.LOG_LOSS, Metric.MACRO_F1, Metric.MCC));
        if (this == CLASSES && outputs <= 2) {
            metrics.addAll(List.of(Metric.AUC, Metric.AVERAGE_PRECISION));
        }
        return List.copyOf(metrics);
    }

    /** The metric to compare networks by; higher is better. */
    public Metric keyMetric() {
        return this == NUMBERS ? Metric.R2 : Metric.ACCURACY;
    }

    /**
     * Checks that a metric is a loss or one of the {@link #metrics}.
     *
     * @param name of the argument that names the metric
     */
    public void requireFit(String name, Metric metric, int outputs) {
        List<Metric> fitting = metrics(outputs);
        requireArgument(
                metric.isLoss() || fitting.contains(metric),
                "%s must be one of loss, validation_loss, %s for these targets, but was %s",
                name,
                fitting.stream().map(Metric::id).collect(Collectors.joining(", ")),
                metric.id());
    }

    /** Computes a metric of predictions and targets, both examples × outputs, at least one; null if it is undefined. */
    public @Nullable Double measure(Metric metric, Matrix predictions, Matrix targets) {
        return measure(Set.of(metric), predictions, targets).get(0).value();
    }

    /** Computes several metrics, in the order of {@code metrics}. */
    List<Metric.Score> measure(Collection<Metric> metrics, Matrix predictions, Matrix targets) {
        Metric.Values values = this == CLASSES && metrics.size() == 1 && metrics.contains(Metric.ACCURACY)
                ? accuracy -> ClassificationMetrics.accuracy(predictions, targets) // much faster than all metrics
                : values(predictions, targets);
        return metrics.stream()
                .map(metric -> new Metric.Score(metric, values.of(metric)))
                .toList();
    }

    private Metric.Values values(Matrix predictions, Matrix targets) {
        return switch (this) {
            case NUMBERS -> RegressionMetrics.of(predictions, targets);
            case CLASSES -> ClassificationMetrics.of(predictions, targets);
            case LABELS -> MultiLabelMetrics.of(predictions, targets);
        };
    }
}
