package io.backprop.engine;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Observes and stops a training. All methods are called on the training's own thread. */
public interface TrainingListener {

    /** Ignores all events and never stops the training. */
    TrainingListener NONE = new TrainingListener() {};

    /**
     * Called at the end of each epoch.
     *
     * @param network supplies a copy of the network, which costs time and memory only if it is called. Call it before this
     *     method returns
     */
    default void epochEnded(EpochReport report, Supplier<Network> network) {}

    /**
     * Polled for a request to stop: every few milliseconds between steps, after each epoch, and during a long step or
     * validation, which is then abandoned.
     *
     * @param checkpoint supplies the state after the last complete step, from which the training can resume
     * @return the reason to stop; null to continue
     */
    default @Nullable StopReason stopRequested(Supplier<TrainingState> checkpoint) {
        return null;
    }
}
