package io.backprop.training;

import io.backprop.engine.StopReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A training as it stands at one moment.
 *
 * @param id its key in the store
 * @param number from 1, for each model
 * @param epochs planned
 * @param bestEpoch whose parameters were published
 * @param examples that each epoch takes
 * @param version that came of it
 * @param crossValidation what is known of the folds, if it is one
 * @param warnings what was done to the data that the client may not expect
 * @param error what went wrong, for people
 * @param key the idempotency key of the request that started it
 */
public record Training(
        String id,
        String model,
        int number,
        State state,
        @Nullable StopReason stopReason,
        int epochs,
        LearningCurves losses,
        @Nullable Integer bestEpoch,
        @Nullable Map<String, @Nullable Double> metrics,
        int examples,
        @Nullable Double examplesPerSecond,
        @Nullable Long version,
        @Nullable CrossValidation crossValidation,
        Instant queuedAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        List<String> warnings,
        @Nullable String error,
        @Nullable IdempotencyKey key) {

    /** Share of the planned epochs completed; 1 when the training has succeeded, however early. */
    public double progress() {
        return state == State.SUCCEEDED ? 1 : (double) losses.epochs() / epochs;
    }

    /** Examples per second, each epoch's anew; null if no time was spent. */
    public static @Nullable Double speed(int examples, int epochs, Duration worked) {
        double seconds = worked.toNanos() / 1e9;
        return seconds == 0 ? null : (double) Math.round((double) examples * epochs / seconds);
    }

    /** The same training as it stands where it is worked at. */
    Training running(LearningCurves reached, @Nullable Double speed) {
        return new Training(
                id,
                model,
                number,
                state,
                stopReason,
                epochs,
                reached,
                bestEpoch,
                metrics,
                examples,
                speed,
                version,
                crossValidation,
                queuedAt,
                startedAt,
                finishedAt,
                warnings,
                error,
                key);
    }

    /** The same training after its model was deleted. */
    public Training deleted(Instant now) {
        return new Training(
                id,
                model,
                number,
                State.CANCELLED,
                StopReason.CANCELLED,
                epochs,
                losses,
                null,
                null,
                examples,
                examplesPerSecond,
                null,
                crossValidation,
                queuedAt,
                startedAt,
                now,
                warnings,
                null,
                key);
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
