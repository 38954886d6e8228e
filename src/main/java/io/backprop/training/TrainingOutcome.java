package io.backprop.training;

import io.backprop.engine.StopReason;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a training.
 *
 * @param reason null before the end
 * @param bestEpoch epoch whose parameters are published
 * @param trainingMetrics metrics of these parameters on the training rows
 * @param validationMetrics metrics of these parameters on the validation rows, or means over the folds
 * @param folds results of a cross-validation
 * @param version version of the model that is published
 * @param warnings about the predictions of the published parameters
 * @param error what went wrong, for people; null unless the training has failed
 */
public record TrainingOutcome(
        @Nullable StopReason reason,
        @Nullable Integer bestEpoch,
        @Nullable Map<String, @Nullable Double> trainingMetrics,
        @Nullable Map<String, @Nullable Double> validationMetrics,
        List<CrossValidation.FoldResult> folds,
        @Nullable Long version,
        List<String> warnings,
        @Nullable String error) {

    public static final TrainingOutcome NONE = withoutResult(null, null);
    public static final TrainingOutcome CANCELLED = withoutResult(StopReason.CANCELLED, null);

    public static TrainingOutcome failed(StopReason reason, String error) {
        return withoutResult(reason, error);
    }

    private static TrainingOutcome withoutResult(@Nullable StopReason reason, @Nullable String error) {
        return new TrainingOutcome(reason, null, null, null, List.of(), null, List.of(), error);
    }

    /** The final state of a training with this outcome. */
    public Training.State state() {
        if (error != null) {
            return Training.State.FAILED;
        }
        return reason == StopReason.CANCELLED ? Training.State.CANCELLED : Training.State.SUCCEEDED;
    }
}
