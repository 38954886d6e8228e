package io.backprop.training;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The losses and scores of a training's epochs at one moment, all of them or evenly thinned; the last one is among them.
 *
 * @param epochs completed
 * @param validation null without validation
 * @param validationScores null without validation, or if it was not measured
 */
public record LearningCurves(
        int epochs,
        List<Double> training,
        @Nullable List<Double> validation,
        @Nullable ValidationScores validationScores) {

    /** Losses at most, where they are thinned. */
    static final int POINTS = 1_000;

    /** Before the first epoch. */
    public static final LearningCurves NONE = new LearningCurves(0, List.of(), null, null);

    /** The loss of the last epoch. */
    public @Nullable Double last() {
        return training.isEmpty() ? null : training.get(training.size() - 1);
    }

    /** The validation loss of the last epoch. */
    public @Nullable Double lastValidation() {
        return validation == null || validation.isEmpty() ? null : validation.get(validation.size() - 1);
    }
}
