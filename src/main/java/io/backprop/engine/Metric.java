package io.backprop.engine;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A number that says how good a network is. A training can monitor each of them: the losses of its epochs, and those metrics
 * of the validation examples that {@linkplain TargetKind#metrics fit} its targets.
 */
public enum Metric {
    /** Mean loss of the training examples, each computed before the step that uses it. */
    LOSS(false),
    /** Mean loss of the validation examples. */
    VALIDATION_LOSS(false),
    ACCURACY(true),
    SUBSET_ACCURACY(true),
    BALANCED_ACCURACY(true),
    TOP_3_ACCURACY(true),
    TOP_5_ACCURACY(true),
    LOG_LOSS(false),
    MACRO_F1(true),
    MCC(true),
    AUC(true),
    AVERAGE_PRECISION(true),
    MEAN_SQUARED_ERROR(false),
    MEAN_ABSOLUTE_ERROR(false),
    ROOT_MEAN_SQUARED_ERROR(false),
    R2(true);

    private final boolean higherIsBetter;

    Metric(boolean higherIsBetter) {
        this.higherIsBetter = higherIsBetter;
    }

    /** The name of the metric in results, for example {@code r2}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean higherIsBetter() {
        return higherIsBetter;
    }

    /** Whether validation examples are needed to compute it. */
    public boolean needsValidation() {
        return this != LOSS;
    }

    /** Whether it is one of the losses that each epoch has anyway. */
    public boolean isLoss() {
        return this == LOSS || this == VALIDATION_LOSS;
    }

    /** Whether it depends on the unit of the targets. */
    boolean hasUnit() {
        return this == MEAN_SQUARED_ERROR || this == MEAN_ABSOLUTE_ERROR || this == ROOT_MEAN_SQUARED_ERROR;
    }

    /**
     * Whether a value is better than another one by more than {@code minDelta}; false for NaN.
     *
     * @param best NaN without another one, than which any value is better
     */
    boolean improves(double value, double best, double minDelta) {
        if (Double.isNaN(best)) {
            return !Double.isNaN(value);
        }
        return higherIsBetter ? value > best + minDelta : value < best - minDelta;
    }

    /**
     * A value of a metric.
     *
     * @param value null if the metric is undefined
     */
    public record Score(Metric metric, @Nullable Double value) {}

    /** The metrics of predictions. */
    public interface Values {
        /**
         * The value of a metric that {@linkplain TargetKind#metrics fits} the targets; null if it is undefined.
         *
         * @throws InvalidArgumentException if the metric does not fit
         */
        @Nullable
        Double of(Metric metric);
    }
}
