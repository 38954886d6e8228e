package io.backprop.training;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A training that this process works at.
 *
 * @param checkpoint where it is gone on with; absent: it begins
 * @param worked time spent before
 */
public record LeasedTraining(
        Training training,
        TrainingLease lease,
        PreparedTraining prepared,
        @Nullable Checkpoint checkpoint,
        Duration worked) {}
