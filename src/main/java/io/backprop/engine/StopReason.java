package io.backprop.engine;

/** Why a training ended. */
public enum StopReason {
    /** All epochs were completed. */
    EPOCHS,
    /** The monitored metric stopped improving. */
    EARLY_STOPPING,
    /** The listener reported that the time limit was reached. */
    TIME_LIMIT,
    /** The listener reported a cancellation. */
    CANCELLED,
    /** A loss or a parameter became infinite or NaN. */
    DIVERGED,
    /** A failure outside the engine. */
    ERROR
}
