package io.backprop.training.web;

import io.backprop.training.LearningCurves;
import io.backprop.training.Training;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The data of an {@code epoch} event: the latest epoch of a running training. */
record EpochEvent(
        int epoch,
        int epochs,
        @Nullable Double loss,
        @Nullable Double validationLoss,
        @Nullable Map<String, @Nullable Double> validationMetrics,
        double progress,
        @Nullable Double examplesPerSecond) {

    static EpochEvent of(Training training) {
        LearningCurves curves = training.curves();
        LearningCurves.Scores scores = curves.validationScores();
        return new EpochEvent(
                curves.epochs(),
                training.epochs(),
                curves.lastLoss(),
                curves.lastValidationLoss(),
                scores == null ? null : Map.of(HistoryResponse.nameOf(scores.metric()), scores.last()),
                training.completion(),
                training.examplesPerSecond());
    }
}
