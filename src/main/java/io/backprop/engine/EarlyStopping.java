package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireAtLeast;
import static io.backprop.engine.InvalidArgumentException.requireNotNegative;

/**
 * Ends a training when the monitored loss has not fallen by more than {@code minDelta} for {@code patience} epochs, and
 * keeps the parameters of the best epoch.
 */
public record EarlyStopping(int patience, float minDelta, Monitor monitor) {

    /** Which loss is watched. */
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
