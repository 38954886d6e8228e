package io.backprop.training;

import org.jspecify.annotations.Nullable;

/**
 * A training that a driver has claimed.
 *
 * @param training with its progress
 * @param first whether no driver has claimed it before
 * @param checkpoint whether there is a checkpoint to resume from
 * @param cancellation requested before the claim; null if there is none
 * @param exhausted whether it was claimed too often without a new checkpoint, so that it has to end as failed
 */
public record ClaimedTraining(
        Training training,
        TrainingLease lease,
        boolean first,
        ExternalTraining external,
        boolean checkpoint,
        TrainingStore.@Nullable CancellationRequest cancellation,
        boolean exhausted) {}
