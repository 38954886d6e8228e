package io.backprop.training;

import io.backprop.engine.Metric;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The losses and scores of a training's epochs: all of them, or evenly thinned to fewer points. The last epoch is always
 * included.
 *
 * @param epochs number of completed epochs
 * @param loss training loss of each point
 * @param validationLoss null without validation
 * @param validationScores null if no metric was measured
 */
public record LearningCurves(
        int epochs,
        List<Double> loss,
        @Nullable List<Double> validationLoss,
        @Nullable Scores validationScores) {

    /** Largest number of points of a thinned curve. */
    static final int MAX_POINTS = 1_000;

    /** The curves before the first epoch. */
    public static final LearningCurves EMPTY = new LearningCurves(0, List.of(), null, null);

    /**
     * A metric of the predictions for the validation examples.
     *
     * @param values one for each point of the losses; NaN where the metric is undefined
     */
    public record Scores(Metric metric, List<Double> values) {

        /** The score of the last epoch; NaN if it is undefined. */
        public double last() {
            return values.isEmpty() ? Double.NaN : values.get(values.size() - 1);
        }
    }

    /** The loss of the last epoch. */
    public @Nullable Double lastLoss() {
        return last(loss);
    }

    /** The validation loss of the last epoch. */
    public @Nullable Double lastValidationLoss() {
        return last(validationLoss);
    }

    private static @Nullable Double last(@Nullable List<Double> values) {
        return values == null || values.isEmpty() ? null : values.get(values.size() - 1);
    }
}
