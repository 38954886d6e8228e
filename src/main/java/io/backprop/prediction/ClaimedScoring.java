package io.backprop.prediction;

/** A scoring that a driver has claimed. */
public record ClaimedScoring(Scoring scoring, ScoringLease lease) {}
