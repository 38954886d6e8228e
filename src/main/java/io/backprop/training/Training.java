package io.backprop.training;

import io.backprop.engine.StopReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state of a training at one moment.
 *
 * @param id key in the store
 * @param number from 1, for each model
 * @param epochs number of planned epochs
 * @param bestEpoch epoch whose parameters were published
 * @param examples number of examples of an epoch
 * @param version version of the model that was published
 * @param crossValidation null for a training of the model itself
 * @param warnings what was done to the data that the client may not expect
 * @param error what went wrong, for people
 * @param key the idempotency key of the request that started the training
 */
public record Training(
        String id,
        String model,
        int number,
        State state,
        @Nullable StopReason stopReason,
        int epochs,
        Progress progress,
        @Nullable Integer bestEpoch,
        @Nullable Map<String, @Nullable Double> metrics,
        int examples,
        @Nullable Long version,
        @Nullable CrossValidation crossValidation,
        Instant queuedAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        List<String> warnings,
        @Nullable String error,
        @Nullable IdempotencyKey key) {

    /**
     * The epochs completed so far.
     *
     * @param curves thinned
     * @param worked time spent in training, by all processes that have worked on it
     */
    public record Progress(LearningCurves curves, Duration worked) {}

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

    public boolean isOver() {
        return state.isFinal();
    }

    public LearningCurves curves() {
        return progress.curves();
    }

    /** Completed share of the planned epochs; 1 if the training has succeeded, even if it stopped early. */
    public double completion() {
        return state == State.SUCCEEDED ? 1 : (double) curves().epochs() / epochs;
    }

    /** Examples per second, each counted once per epoch; null if no time was spent. */
    public @Nullable Double examplesPerSecond() {
        double seconds = progress.worked().toNanos() / 1e9;
        return startedAt == null || seconds == 0
                ? null
                : (double) Math.round((double) examples * curves().epochs() / seconds);
    }

    /** This training with the progress that the process working on it knows. */
    Training withProgress(Progress current) {
        return with(state, stopReason, current, finishedAt);
    }

    /** This training, which is not over, after its model was deleted. */
    public Training deleted(Instant now) {
        return with(State.CANCELLED, StopReason.CANCELLED, progress, now);
    }

    private Training with(
            State newState, @Nullable StopReason newReason, Progress newProgress, @Nullable Instant newFinishedAt) {
        return new Training(
                id,
                model,
                number,
                newState,
                newReason,
                epochs,
                newProgress,
                bestEpoch,
                metrics,
                examples,
                version,
                crossValidation,
                queuedAt,
                startedAt,
                newFinishedAt,
                warnings,
                error,
                key);
    }
}
