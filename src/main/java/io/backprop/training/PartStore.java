package io.backprop.training;

import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Stores the parts of trainings and decides which process works on which, as {@link TrainingStore} does for trainings. What
 * is decided at the end of a stage is stored with it, while the training is locked.
 *
 * <p>Any method may throw {@link StorageUnavailableException}, those that write also {@link StorageFullException}.
 */
public interface PartStore extends LeaseStore {

    /** The parts of a training, by number. */
    List<TrainingPart> list(String trainingId);

    /** The losses and scores of the epochs of a part, as far as they are stored. */
    History history(String partId);

    /** The memory that a part needs; nothing if it does not exist. */
    Memory memory(String partId);

    /**
     * The memory that a part needs.
     *
     * @param all bytes, its examples included
     * @param examples bytes of the examples, which the parts of a training in one process share
     */
    record Memory(long all, long examples) {}

    /** Takes a new lease of a part, as {@link TrainingStore#lease}. A part that was leased too often ends its training. */
    Optional<LeasedTraining> lease(String partId);

    /** The valid leases of those of these parts that are running. */
    List<TrainingLease> leases(Collection<String> partIds);

    /**
     * Stores the result of a stage and what comes next.
     *
     * @param paused where the next stage continues; null if none can follow
     * @param history of all epochs of the part
     * @param worked time spent on the part, by all processes
     * @param decision decides what comes next, see {@link PartedTraining#next}
     * @return what comes next; empty if the lease is lost
     */
    Optional<PartedTraining.Next> complete(
            TrainingLease lease,
            PartResult result,
            @Nullable Checkpoint paused,
            History history,
            Duration worked,
            Function<List<TrainingPart>, PartedTraining.Next> decision);

    /** Ends the work on the parts of a training early, by one of them; returns what comes next, empty if the lease is lost. */
    Optional<PartedTraining.Next> endEarly(
            TrainingLease lease, Function<List<TrainingPart>, PartedTraining.Next> decision);

    /** Ends the work on the parts of a training early, if some have not been completed. */
    void endEarly(String trainingId, Function<List<TrainingPart>, PartedTraining.Next> decision);
}
