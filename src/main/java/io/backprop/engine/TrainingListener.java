package io.backprop.engine;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a training tells while it runs, in its own thread, and what can stop it. */
public interface TrainingListener {

    /** Wants to know nothing. */
    TrainingListener NONE = new TrainingListener() {};

    /** Told of the end of each epoch, in order. */
    default void epochEnded(EpochReport report) {}

    /**
     * Asked whether to stop: between two steps, every few milliseconds, after each epoch, and within a step or a
     * validation that takes long, which is then given up.
     *
     * @param checkpoint gives the training's state after the last whole step, from which it can be gone on with
     * @return why to stop now; null to go on
     */
    default @Nullable StopReason stopRequested(Supplier<TrainingState> checkpoint) {
        return null;
    }
}
