package io.backprop.training;

import io.backprop.model.Model;
import io.backprop.model.PageCursor;
import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Stores trainings and decides which process works on which. A change is durable when the method returns.
 *
 * <p>Any process may add, read and cancel trainings. One at a time works on a training: it takes a new {@link
 * TrainingLease}, and writes under an older lease are rejected.
 *
 * <p>Any method may throw {@link StorageUnavailableException}, those that write also {@link StorageFullException}.
 */
public interface TrainingStore extends LeaseStore {

    /**
     * Queues a training with its data for {@link TrainingWorkers#work}, and marks the model as being trained.
     *
     * @param owner name of the API key of the request, empty if it needs none. Trainings of different owners are started in
     *     turn, and an owner with a name leaves as much of the queue to others as it takes
     * @param key idempotency key that no other training of the model and the owner has
     * @param parts the first parts, which are queued in its place; null for a training without parts
     * @return empty if the model has changed, is being trained, or the key is in use
     * @throws TrainingException if too many trainings are queued, or too much data
     */
    Optional<Training> add(
            PreparedTraining prepared,
            String owner,
            @Nullable IdempotencyKey key,
            PartedTraining.@Nullable Parts parts,
            QueueLimits limits);

    /** Queues a training without parts. */
    default Optional<Training> add(
            PreparedTraining prepared, String owner, @Nullable IdempotencyKey key, QueueLimits limits) {
        return add(prepared, owner, key, null, limits);
    }

    /**
     * Limits of the queue.
     *
     * @param trainings number of queued trainings
     * @param bytes size of the data of queued and running trainings
     */
    record QueueLimits(int trainings, long bytes) {}

    /** The number of trainings of a model with an idempotency key whose lifetime has not passed. */
    int countRecentKeys(String modelId);

    /** The last 20 trainings of a model, newest first. */
    List<Training> list(String modelId);

    /**
     * The stored trainings of all models, newest first.
     *
     * @param state null for any
     * @param after {@link TrainingPage#next} of the previous page; null for the first page
     */
    TrainingPage list(Training.@Nullable State state, int limit, @Nullable PageCursor after);

    Optional<Training> find(String modelId, int number);

    default Optional<Training> find(String id) {
        return find(List.of(id)).stream().findFirst();
    }

    /** Those of these trainings that are stored. */
    List<Training> find(Collection<String> ids);

    /** The training that an owner has started with an idempotency key of this value. */
    Optional<Training> findByKey(String modelId, String owner, String key);

    /** The losses and scores of all epochs, as far as they are stored. */
    History history(String id);

    /**
     * The model with the parameters of the last checkpoint of a training or, without one, with those that it starts with;
     * empty if the training is over or was deleted.
     *
     * @param model its current version
     * @param memory called with the number of bytes of the parameters before they are read
     */
    Optional<LiveModel> live(String id, Model model, LongConsumer memory);

    /** The number of the model's training that is queued or running. */
    Optional<Integer> current(String modelId);

    /**
     * Requests the cancellation of a training. It is cancelled immediately if it is queued, or if its parts are worked on and
     * nothing is to be kept.
     *
     * @param keep whether to publish what was reached; the first request decides
     */
    void cancel(String id, boolean keep);

    /** One element for each of these trainings that is running. */
    List<CancellationRequest> cancellationRequests(Collection<String> ids);

    /**
     * Whether a running training is to be cancelled.
     *
     * @param lease the valid lease
     * @param keep whether to publish what was reached
     */
    record CancellationRequest(TrainingLease lease, boolean cancelled, boolean keep) {}

    /** The bytes of memory that a training needs, its data included; 0 if it does not exist. */
    long memory(String id);

    /**
     * Takes a new lease of a training, to start or resume it; empty if it is over or was deleted. A training ends as failed
     * once it was leased several times without a new checkpoint or a release, because it may be what ends the processes.
     *
     * @throws RuntimeException if it cannot be read at the moment, or by this version of the service; it is not over
     */
    Optional<LeasedTraining> lease(String id);

    /**
     * Ends a training, and makes its result the model's current version in the same transaction.
     *
     * @param history of all epochs
     * @param worked time spent in training, by all processes
     * @param next null if nothing is published
     * @return false if the lease is lost or the model has changed
     */
    boolean end(
            TrainingLease lease, TrainingOutcome outcome, History history, Duration worked, @Nullable NextVersion next);

    /**
     * A new version of a model.
     *
     * @param trained the model when the training was started
     * @param model the model with the new parameters
     * @param oldestKept earlier versions than this one are deleted
     * @param changes of the settings that those of {@code model} are based on; if it has others, they replace them
     */
    record NextVersion(Model trained, Model model, long oldestKept, long changes) {

        /** Whether the settings change too. */
        public boolean changesSettings() {
            return model.changes() != changes;
        }
    }
}
