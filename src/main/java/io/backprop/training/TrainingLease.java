package io.backprop.training;

/**
 * The right to work at a training.
 *
 * @param training its key
 * @param epoch grows by one each time the training is taken; only the newest counts
 */
public record TrainingLease(String training, long epoch) {}
