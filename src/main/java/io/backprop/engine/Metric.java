package io.backprop.engine;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A single score for comparing models; higher is better. */
public enum Metric {
    /** Share of the examples whose most probable class is the actual class. */
    ACCURACY {
        @Override
        public Double of(Matrix predictions, Matrix targets) {
            return ClassificationMetrics.accuracy(predictions, targets);
        }
    },

    /** Share of the labels of all examples that are predicted correctly, where labels do not exclude each other. */
    MULTI_LABEL_ACCURACY {
        @Override
        public String id() {
            return ACCURACY.id();
        }

        @Override
        public Double of(Matrix predictions, Matrix targets) {
            return MultiLabelMetrics.of(predictions, targets).accuracy();
        }
    },

    /** {@code 1 − Σ(p − t)² / Σ(t − t̄)²}, averaged over the outputs; undefined for a single example. */
    R2 {
        @Override
        public @Nullable Double of(Matrix predictions, Matrix targets) {
            return RegressionMetrics.of(predictions, targets).r2();
        }
    };

    /** The name of the metric in results, for example {@code r2}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Scores predictions against targets of the same shape, at least one row; null if the metric is undefined. */
    public abstract @Nullable Double of(Matrix predictions, Matrix targets);

    /**
     * A value of a metric.
     *
     * @param value null if the metric is undefined
     */
    public record Score(Metric metric, @Nullable Double value) {}
}
