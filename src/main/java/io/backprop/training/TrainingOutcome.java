package io.backprop.training;

import io.backprop.engine.StopReason;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a training ended.
 *
 * @param state a final one
 * @param bestEpoch whose parameters are published
 * @param metrics of these
 * @param crossValidation what came of one
 * @param error what went wrong, for people
 * @param worked time spent in training
 */
public record TrainingOutcome(
        Training.State state,
        StopReason reason,
        @Nullable Integer bestEpoch,
        @Nullable Map<String, @Nullable Double> metrics,
        @Nullable CrossValidation crossValidation,
        @Nullable String error,
        Duration worked) {

    /** Without a result. */
    public static TrainingOutcome without(
            Training.State state, StopReason reason, @Nullable String error, Duration worked) {
        return new TrainingOutcome(state, reason, null, null, null, error, worked);
    }
}
