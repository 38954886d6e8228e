package io.backprop.training;

/**
 * What is wished of a training under way.
 *
 * @param lease the newest; whoever has another one has lost it
 * @param cancelled whether to stop
 * @param keep whether to publish what was reached then
 */
public record CancellationRequest(TrainingLease lease, boolean cancelled, boolean keep) {}
