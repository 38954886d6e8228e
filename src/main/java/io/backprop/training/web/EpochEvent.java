package io.backprop.training.web;

import io.backprop.training.History;
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
        History history = training.progress().history();
        return new EpochEvent(
                training.progress().epochs(),
                training.epochs(),
                history.lastLoss(),
                history.lastValidationLoss(),
                history.lastValidationMetrics(),
                training.completion(),
                training.examplesPerSecond());
    }
}
