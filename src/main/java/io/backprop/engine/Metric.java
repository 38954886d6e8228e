package io.backprop.engine;

/** The one number that says most of how good predictions are. */
public enum Metric {
    /** Share of the examples whose most probable class is the actual one. */
    ACCURACY {
        @Override
        Scoring scoring(Matrix targets) {
            return new Scoring.Accuracy(targets.columns());
        }
    },

    /** {@code 1 − Σ(p − t)² / Σ(t − t̄)²}, averaged over the outputs; undefined where a target is constant. */
    R2 {
        @Override
        Scoring scoring(Matrix targets) {
            return new Scoring.R2(targets);
        }
    };

    /** Measures predictions against the given targets, over and over again. */
    abstract Scoring scoring(Matrix targets);
}
