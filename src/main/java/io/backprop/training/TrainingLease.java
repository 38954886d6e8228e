package io.backprop.training;

/**
 * The right to work at a training.
 *
 * @param trainingId the key
 * @param token grows by one each time the training is leased; only the newest counts
 */
public record TrainingLease(String trainingId, long token) {}
