package io.backprop.training.web;

import io.backprop.training.Training;
import io.backprop.web.WaitPreference;

/** A request has waited for a training that failed. */
final class TrainingFailedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    final transient Training training;
    final transient WaitPreference wait;

    TrainingFailedException(Training training, WaitPreference wait) {
        super(training.outcome().error());
        this.training = training;
        this.wait = wait;
    }
}
