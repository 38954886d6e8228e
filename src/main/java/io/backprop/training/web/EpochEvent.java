package io.backprop.training.web;

import io.backprop.training.LearningCurves;
import io.backprop.training.Training;
import io.backprop.training.ValidationScores;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The newest epoch of a training under way, as its listeners are told. */
record EpochEvent(
        int epoch,
        int epochs,
        @Nullable Double loss,
        @Nullable Double validationLoss,
        @Nullable Map<String, @Nullable Double> validationMetrics,
        double progress,
        @Nullable Double examplesPerSecond) {

    static EpochEvent of(Training training) {
        LearningCurves losses = training.losses();
        ValidationScores scores = losses.validationScores();
        return new EpochEvent(
                losses.epochs(),
                training.epochs(),
                losses.last(),
                losses.lastValidation(),
                scores == null ? null : Map.of(HistoryResponse.nameOf(scores.metric()), scores.last()),
                training.progress(),
                training.examplesPerSecond());
    }
}
