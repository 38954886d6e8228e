package io.backprop.training.web;

import io.backprop.training.Losses;
import io.backprop.training.Training;
import org.jspecify.annotations.Nullable;

/** The newest epoch of a training under way, as its listeners are told. */
record EpochEvent(
        int epoch,
        int epochs,
        @Nullable Double loss,
        @Nullable Double validationLoss,
        double progress,
        @Nullable Double examplesPerSecond) {

    static EpochEvent of(Training training) {
        Losses losses = training.losses();
        return new EpochEvent(
                losses.epochs(),
                training.epochs(),
                losses.last(),
                losses.lastValidation(),
                training.progress(),
                training.examplesPerSecond());
    }
}
