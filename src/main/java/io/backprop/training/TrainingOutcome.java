package io.backprop.training;

import io.backprop.engine.StopReason;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a training.
 *
 * @param state a final one
 * @param bestEpoch epoch whose parameters are published
 * @param metrics metrics of these parameters, or means over the folds
 * @param crossValidation null for a training of the model itself
 * @param error what went wrong, for people
 * @param history of all epochs
 * @param worked time spent in training
 */
public record TrainingOutcome(
        Training.State state,
        StopReason reason,
        @Nullable Integer bestEpoch,
        @Nullable Map<String, @Nullable Double> metrics,
        @Nullable CrossValidation crossValidation,
        @Nullable String error,
        History history,
        Duration worked) {

    public static TrainingOutcome withoutResult(
            Training.State state, StopReason reason, @Nullable String error, History history, Duration worked) {
        return new TrainingOutcome(state, reason, null, null, null, error, history, worked);
    }
}
