package io.backprop.training;

import io.backprop.model.Model;
import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Where trainings are kept, and who works at which. What a method has done is there after the process, whatever becomes
 * of that.
 *
 * <p>Any process may add, look and cancel. One at a time works: it takes a training under a new {@link TrainingLease},
 * and whatever it writes under a lease that is no longer the newest is not written.
 *
 * <p>Any method may throw {@link StorageUnavailableException}, those that write also {@link StorageFullException}.
 */
public interface TrainingStore {

    /**
     * Puts a training with its data in the line for {@link TrainingWorkers#work}, and marks the model as in training.
     *
     * @param key with which no other training of the model may have been begun
     * @param maxQueued trainings that may stand in the line with this one
     * @return empty if the model has changed since, or is in training, or the key is in use
     * @throws QueueFullException if there are more
     */
    Optional<Training> add(PreparedTraining prepared, @Nullable IdempotencyKey key, int maxQueued);

    /** The last trainings of a model, newest first. */
    List<Training> list(String modelId);

    Optional<Training> find(String modelId, int number);

    Optional<Training> find(String id);

    /** The training that was started with an idempotency key of this value. */
    Optional<Training> findByKey(String modelId, String key);

    /** The losses and scores of all epochs as far as they are stored; none if there is no such training. */
    History history(String id);

    /** The number of the model's training that is queued or running. */
    OptionalInt current(String modelId);

    /**
     * Notes that a training is to be stopped; whoever requests so first says whether to keep what was reached. One that
     * still waits is over by that.
     */
    void cancel(String id, boolean keep);

    /** What others request of trainings under way; of one that is gone or over there is no word. */
    List<CancellationRequest> cancellationRequests(Collection<String> ids);

    /** Begins to work at a training, or goes on with it; empty if it is over or gone. */
    Optional<LeasedTraining> lease(String id);

    /** Gives a training back to the line, at the place it had. */
    void release(TrainingLease lease);

    /** Notes how far a training is; false if the lease is lost. */
    boolean saveProgress(TrainingLease lease, TrainingProgress progress);

    /** Keeps what the training can be gone on with, instead of what was kept before; false if the lease is lost. */
    boolean checkpoint(TrainingLease lease, Checkpoint checkpoint);

    /** Ends a training that publishes nothing; false if the lease is lost. */
    boolean end(TrainingLease lease, TrainingOutcome end, History history);

    /**
     * Ends a training and makes its result the model's current version, both or neither.
     *
     * @param oldestKept the versions before this one are removed
     * @return false if the lease is lost, or the model is not as expected
     */
    boolean publish(
            TrainingLease lease, TrainingOutcome end, History history, Model expected, Model next, long oldestKept);
}
