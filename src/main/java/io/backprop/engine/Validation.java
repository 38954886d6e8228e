package io.backprop.engine;

import org.jspecify.annotations.Nullable;

/** Evaluates the validation examples of a training after each epoch. */
final class Validation {

    private final Examples examples;
    private final EvaluationPass pass;
    private @Nullable Metric metric;
    private Metric.@Nullable Accumulator accumulator;

    Validation(Execution execution, NetworkSpec spec, Examples examples) {
        this.examples = examples;
        this.pass = new EvaluationPass(execution, spec, examples.size());
    }

    /** Also computes this metric. */
    void measure(Metric metric) {
        this.metric = metric;
        accumulator = metric.accumulator(examples.targets());
    }

    /**
     * Computes the mean of the weighted losses.
     *
     * @param parameters Not modified.
     * @param stopSignal polled between batches; if it requests a stop, the result is NaN
     */
    double loss(float[] parameters, StopSignal stopSignal) {
        if (accumulator != null) {
            accumulator.reset();
        }
        double sum = 0;
        int first = 0;
        while (first < examples.size()) {
            if (first > 0 && stopSignal.requested()) {
                return Double.NaN;
            }
            Batch batch = pass.run(parameters, examples, first);
            sum = pass.addLosses(sum);
            if (accumulator != null) {
                accumulator.add(pass.predictions(), batch.rows);
            }
            first += batch.rows;
        }
        return sum / examples.size();
    }

    /** The metric from the last evaluation, without weights; null if none was requested. */
    Metric.@Nullable Score score() {
        return metric == null || accumulator == null ? null : new Metric.Score(metric, accumulator.value());
    }
}
