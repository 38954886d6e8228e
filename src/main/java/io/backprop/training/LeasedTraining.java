package io.backprop.training;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A training, or a part of one, that this process works on.
 *
 * @param training with the progress of the part, if it is one
 * @param part the stage of the part; null for the training itself
 * @param attempts number of leases since the last checkpoint, with this one
 * @param timeLeft until the time limit
 * @param checkpoint the state to resume from; null to start from the beginning
 */
public record LeasedTraining(
        Training training,
        TrainingLease lease,
        PartedTraining.@Nullable Assignment part,
        int attempts,
        Duration timeLeft,
        PreparedTraining prepared,
        @Nullable Checkpoint checkpoint) {

    /** This training of the model with another preparation. */
    LeasedTraining with(PreparedTraining other) {
        return new LeasedTraining(training, lease, part, attempts, timeLeft, other, checkpoint);
    }

    /** Its name in the log. */
    String name() {
        return part == null ? training.name() : "Part %d of %s".formatted(part.number() + 1, training.name());
    }
}
