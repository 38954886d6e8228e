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
 * @param error what went wrong, for people
 * @param worked time spent in training
 */
public record TrainingEnd(
        Training.State state,
        StopReason reason,
        @Nullable Integer bestEpoch,
        @Nullable Map<String, Double> metrics,
        @Nullable String error,
        Duration worked) {}
