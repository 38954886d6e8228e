package io.backprop.training.web;

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
        Training.Progress progress = training.progress();
        return new EpochEvent(
                progress.epochs(),
                training.epochs(),
                progress.loss(),
                progress.validationLoss(),
                progress.validationMetrics(),
                training.completion(),
                training.examplesPerSecond());
    }
}
