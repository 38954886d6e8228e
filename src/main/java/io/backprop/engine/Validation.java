package io.backprop.engine;

import org.jspecify.annotations.Nullable;

/** The examples that a training is checked against after each epoch, in one pass. */
final class Validation {

    private final Examples examples;
    private final LossPass pass;
    private @Nullable Metric metric;
    private @Nullable Scoring scoring;

    Validation(Processor processor, NetworkSpec spec, Examples examples) {
        this.examples = examples;
        this.pass = new LossPass(processor, spec, examples.size());
    }

    /** Has predictions measured as well. */
    void measure(Metric wanted) {
        metric = wanted;
        scoring = wanted.scoring(examples.targets());
    }

    /**
     * The mean loss of a network with the given parameters, each example's times its weight.
     *
     * @param question asked now and then; once it says stop, the result means nothing
     */
    double loss(float[] parameters, StopQuestion question) {
        if (scoring != null) {
            scoring.begin();
        }
        double sum = 0;
        int first = 0;
        while (first < examples.size()) {
            if (first > 0 && question.saysStop()) {
                return Double.NaN;
            }
            Batch batch = pass.take(parameters, examples, first);
            sum = pass.addLosses(sum);
            if (scoring != null) {
                scoring.add(pass.predictions(), batch.rows);
            }
            first += batch.rows;
        }
        return sum / examples.size();
    }

    /** What was measured with the last loss, each example counted once; null if nothing was to be. */
    @Nullable
    Score score() {
        return metric == null || scoring == null ? null : new Score(metric, scoring.value());
    }
}
