package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireAtLeast;
import static io.backprop.engine.InvalidArgumentException.requireNotNegative;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the parameters of the best epoch: the one whose monitored metric was the last to improve by more than
 * {@code minDelta} on the epoch kept until then. With a patience, this is early stopping: the training ends when no epoch has
 * improved for so long.
 *
 * @param monitor default VALIDATION_LOSS
 * @param minDelta minimum improvement in the unit of the metric, at least 0; default 0
 * @param ties which of two epochs is kept that are equally good; default EARLIER with a patience, else LATER
 * @param patience epochs without improvement after which the training ends, at least 1; null to complete all epochs
 */
public record KeepBest(
        Metric monitor, float minDelta, Ties ties, @Nullable Integer patience) {

    /** The epoch that is kept if a later one improves by {@code minDelta} exactly. */
    public enum Ties {
        EARLIER,
        LATER
    }

    public static final int DEFAULT_PATIENCE = 10;
    public static final float DEFAULT_MIN_DELTA = 0;
    public static final Metric DEFAULT_MONITOR = Metric.VALIDATION_LOSS;

    public KeepBest {
        requireNotNegative(minDelta, "minDelta");
        if (patience != null) {
            requireAtLeast(1, patience, "patience");
        }
    }

    /** Keeps the best of all epochs, the last one of equally good ones. */
    public static KeepBest of(Metric monitor) {
        return new KeepBest(monitor, DEFAULT_MIN_DELTA, Ties.LATER, null);
    }

    /** Keeps the epoch with the lowest validation loss, and stops early. */
    public static KeepBest stoppingEarly() {
        return stoppingEarly(DEFAULT_PATIENCE, DEFAULT_MIN_DELTA, DEFAULT_MONITOR);
    }

    /** Keeps the best epoch, and stops early. */
    public static KeepBest stoppingEarly(int patience, float minDelta, Metric monitor) {
        return new KeepBest(monitor, minDelta, Ties.EARLIER, patience);
    }

    /** Whether an epoch is better than the best one so far, whose value is NaN without one. */
    boolean isBetter(double value, double best) {
        if (ties == Ties.LATER && !Double.isNaN(best)) {
            return monitor.higherIsBetter() ? value >= best + minDelta : value <= best - minDelta;
        }
        return monitor.improves(value, best, minDelta);
    }
}
