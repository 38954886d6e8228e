package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

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
        requireArgument(patience >= 1, "patience must be at least 1, but was %d", patience);
        requireArgument(minDelta >= 0 && Float.isFinite(minDelta), "minDelta must be at least 0, but was %s", minDelta);
    }

    public EarlyStopping() {
        this(DEFAULT_PATIENCE, DEFAULT_MIN_DELTA, DEFAULT_MONITOR);
    }
}
