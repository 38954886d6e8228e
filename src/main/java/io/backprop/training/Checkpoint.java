package io.backprop.training;

import io.backprop.engine.TrainingState;

/**
 * A snapshot from which a training can resume.
 *
 * @param history of the epochs that the state has completed
 */
public record Checkpoint(TrainingState state, History history) {}
