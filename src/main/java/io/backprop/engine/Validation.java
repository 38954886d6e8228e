package io.backprop.engine;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Evaluates the validation examples of a training after each epoch. */
final class Validation {

    private final Examples examples;
    private final Evaluator evaluator;
    private final Matrix predictions; // of the last evaluation
    private final Set<Metric> metrics = new LinkedHashSet<>();
    private TargetKind kind;
    private UnaryOperator<Matrix> toUnit = UnaryOperator.identity();

    /** @param parameters of the training, which are read at each evaluation */
    Validation(Execution execution, NetworkSpec spec, float[] parameters, Examples examples) {
        this.examples = examples;
        this.evaluator = new Evaluator(execution, spec, parameters);
        int length = Matrix.elementCount(examples.size(), spec.outputs());
        this.kind = TargetKind.of(spec);
        this.predictions = Matrix.wrap(examples.size(), spec.outputs(), new float[length]);
    }

    /** Also computes these metrics, without weights. */
    void measure(Collection<Metric> added) {
        metrics.addAll(added);
    }

    /** @param toUnit returns targets or predictions in the unit of metrics */
    void setTargets(TargetKind kind, UnaryOperator<Matrix> toUnit) {
        this.kind = kind;
        this.toUnit = toUnit;
    }

    void requireFittingMetrics() {
        metrics.forEach(metric -> kind.requireFit("metric", metric, predictions.columns()));
    }

    /**
     * Computes the mean of the weighted losses.
     *
     * @param stopSignal polled between batches; if it requests a stop, the result is NaN
     */
    double loss(StopSignal stopSignal) {
        evaluator.reset();
        return evaluator.add(examples, predictions.values(), stopSignal) ? evaluator.loss() : Double.NaN;
    }

    /** The metrics of the last evaluation. */
    List<Metric.Score> scores() {
        if (metrics.isEmpty()) {
            return List.of();
        }
        return metrics.stream().anyMatch(Metric::hasUnit)
                ? kind.measure(metrics, toUnit.apply(predictions), toUnit.apply(examples.targets()))
                : kind.measure(metrics, predictions, examples.targets());
    }
}
