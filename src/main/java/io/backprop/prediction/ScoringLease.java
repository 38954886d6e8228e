package io.backprop.prediction;

/**
 * The right of a driver to work on a scoring, until another driver has claimed it or it has ended.
 *
 * @param token a random number, so that no lease of a deleted model is one of another model with its id
 */
public record ScoringLease(String model, int number, long token) {}
