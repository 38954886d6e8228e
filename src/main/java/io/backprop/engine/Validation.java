package io.backprop.engine;

import org.jspecify.annotations.Nullable;

/** The examples that a training is checked against after each epoch, in one pass. */
final class Validation {

    private final Examples examples;
    private final EvaluationPass pass;
    private @Nullable Metric metric;
    private Metric.@Nullable Accumulator accumulator;

    Validation(Execution execution, NetworkSpec spec, Examples examples) {
        this.examples = examples;
        this.pass = new EvaluationPass(execution, spec, examples.size());
    }

    /** Has predictions measured as well. */
    void measure(Metric wanted) {
        metric = wanted;
        accumulator = wanted.accumulator(examples.targets());
    }

    /**
     * The mean loss of a network with the given parameters, each example's times its weight.
     *
     * @param stopSignal asked now and then; once it says stop, the result means nothing
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
            Batch batch = pass.take(parameters, examples, first);
            sum = pass.addLosses(sum);
            if (accumulator != null) {
                accumulator.add(pass.predictions(), batch.rows);
            }
            first += batch.rows;
        }
        return sum / examples.size();
    }

    /** What was measured with the last loss, each example counted once; null if nothing was to be. */
    Metric.@Nullable Score score() {
        return metric == null || accumulator == null ? null : new Metric.Score(metric, accumulator.value());
    }
}
