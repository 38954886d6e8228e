package io.backprop.engine;

/** Why a training ended. */
public enum StopReason {
    /** All epochs were run. */
    EPOCHS,
    /** The monitored loss fell no more. */
    EARLY_STOPPING,
    /** The listener said that time is up. */
    TIME_LIMIT,
    /** The listener said that nobody wants the result. */
    CANCELLED,
    /** A loss or a parameter became infinite or NaN. */
    DIVERGED,
    /** Something outside the engine failed. */
    ERROR
}
