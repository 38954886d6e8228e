package io.backprop.engine;

import org.jspecify.annotations.Nullable;

/** The one number that says most of how good predictions are; the higher, the better. */
public enum Metric {
    /** Share of the examples whose most probable class is the actual one. */
    ACCURACY {
        @Override
        public Scoring scoring(Matrix targets) {
            return new Scoring.Accuracy(targets);
        }
    },

    /** {@code 1 − Σ(p − t)² / Σ(t − t̄)²}, averaged over the outputs; undefined where a target is constant. */
    R2 {
        @Override
        public Scoring scoring(Matrix targets) {
            return new Scoring.R2(targets);
        }
    };

    /** Measures predictions against the given targets, over and over again. */
    public abstract Scoring scoring(Matrix targets);

    /** Of predictions against targets of the same shape; null where it is undefined. */
    public @Nullable Double of(Matrix predictions, Matrix targets) {
        Scoring scoring = scoring(targets);
        scoring.add(predictions);
        return scoring.value();
    }
}
