package io.backprop.engine;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Polls a listener for a request to stop the training, and remembers the reason. */
final class StopSignal {

    private final Supplier<@Nullable StopReason> source;
    private @Nullable StopReason reason;

    StopSignal(Supplier<@Nullable StopReason> source) {
        this.source = source;
    }

    /** Whether the training must stop. Does not poll again once a stop has been requested. */
    boolean requested() {
        if (reason == null) {
            reason = source.get();
        }
        return reason != null;
    }

    /** The reason to stop; null as long as no stop has been requested. */
    @Nullable
    StopReason reason() {
        return reason;
    }
}
