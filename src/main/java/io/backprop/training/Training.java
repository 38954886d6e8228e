package io.backprop.training;

import io.backprop.engine.StopReason;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A training as it stands at one moment.
 *
 * @param number from 1, for each model
 * @param epochs planned
 * @param bestEpoch whose parameters were published
 * @param examples that each epoch takes
 * @param version that came of it
 * @param error what went wrong, for people
 */
public record Training(
        String model,
        int number,
        State state,
        @Nullable StopReason stopReason,
        int epochs,
        Losses losses,
        @Nullable Integer bestEpoch,
        @Nullable Map<String, Double> metrics,
        int examples,
        @Nullable Double examplesPerSecond,
        @Nullable Long version,
        Instant queuedAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable String error) {

    /** Share of the planned epochs completed; 1 when the training has succeeded, however early. */
    public double progress() {
        return state == State.SUCCEEDED ? 1 : (double) losses.epochs() / epochs;
    }

    /** Where a training is in its life. */
    public enum State {
        QUEUED,
        RUNNING,
        SUCCEEDED,
        CANCELLED,
        FAILED;

        public boolean isFinal() {
            return this != QUEUED && this != RUNNING;
        }
    }
}
