package io.backprop.training;

import io.backprop.engine.TrainingState;

/**
 * What a training can be gone on with.
 *
 * @param history of the epochs that the state has completed
 */
public record Checkpoint(TrainingState state, History history) {}
