package io.backprop.engine;

import org.jspecify.annotations.Nullable;

/** Evaluates the validation examples of a training after each epoch. */
final class Validation {

    private final Examples examples;
    private final Evaluator evaluator;
    private final Matrix predictions; // of the last evaluation
    private @Nullable Metric metric;

    /** @param parameters of the training, which are read at each evaluation */
    Validation(Execution execution, NetworkSpec spec, float[] parameters, Examples examples) {
        this.examples = examples;
        this.evaluator = new Evaluator(execution, spec, parameters);
        int length = Matrix.elementCount(examples.size(), spec.outputs());
        this.predictions = Matrix.wrap(examples.size(), spec.outputs(), new float[length]);
    }

    /** Also computes this metric. */
    void measure(Metric metric) {
        this.metric = metric;
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

    /** The metric from the last evaluation, without weights; null if none was requested. */
    Metric.@Nullable Score score() {
        return metric == null ? null : new Metric.Score(metric, metric.of(predictions, examples.targets()));
    }
}
