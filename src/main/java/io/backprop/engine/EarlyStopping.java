package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireAtLeast;
import static io.backprop.engine.InvalidArgumentException.requireNotNegative;

/**
 * Ends a training when the monitored loss has not fallen by more than {@code minDelta} for {@code patience} epochs, and
 * restores the parameters of the best epoch.
 *
 * @param patience epochs without improvement, at least 1; default 10
 * @param minDelta minimum improvement, at least 0; default 0
 * @param monitor default VALIDATION_LOSS
 */
public record EarlyStopping(int patience, float minDelta, Monitor monitor) {

    /** The monitored loss. */
    public enum Monitor {
        LOSS,
        VALIDATION_LOSS
    }

    public static final int DEFAULT_PATIENCE = 10;
    public static final float DEFAULT_MIN_DELTA = 0;
    public static final Monitor DEFAULT_MONITOR = Monitor.VALIDATION_LOSS;

    public EarlyStopping {
        requireAtLeast(1, patience, "patience");
        requireNotNegative(minDelta, "minDelta");
    }

    public EarlyStopping() {
        this(DEFAULT_PATIENCE, DEFAULT_MIN_DELTA, DEFAULT_MONITOR);
    }
}
