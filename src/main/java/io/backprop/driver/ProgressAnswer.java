package io.backprop.driver;

import org.jspecify.annotations.Nullable;

/**
 * The answer to a heartbeat.
 *
 * @param cancel null unless the work is to end now
 */
public record ProgressAnswer(@Nullable Cancellation cancel) {

    /** What becomes of what was reached. */
    public enum Cancellation {
        /** It is published. */
        KEEP,
        DISCARD
    }
}
