package io.backprop.training;

import org.jspecify.annotations.Nullable;

/**
 * A training that this process works on.
 *
 * @param attempts number of leases since the last checkpoint, with this one
 * @param checkpoint the state to resume from; null to start from the beginning
 */
public record LeasedTraining(
        Training training,
        TrainingLease lease,
        int attempts,
        PreparedTraining prepared,
        @Nullable Checkpoint checkpoint) {}
