package io.backprop.engine;

/**
 * How a training ended.
 *
 * @param network with the parameters of the best epoch under early stopping, else with the last ones
 * @param bestEpoch whose parameters these are, from 1; 0 if none was completed
 */
public record TrainingResult(Network network, StopReason stopReason, int epochsCompleted, int bestEpoch) {}
