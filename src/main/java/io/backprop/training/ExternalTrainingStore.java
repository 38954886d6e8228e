package io.backprop.training;

import io.backprop.model.Model;
import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import io.backprop.training.TrainingStore.CancellationRequest;
import io.backprop.training.TrainingStore.QueueLimits;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stores trainings of tables that drivers read, and which driver works on which. In all other respects they are trainings of
 * the {@link TrainingStore}. A change is durable when the method returns.
 *
 * <p>A claim is a {@link TrainingLease} that expires unless it is renewed. Until another driver has claimed the training, it
 * can still be renewed afterwards.
 *
 * <p>Any method may throw {@link StorageUnavailableException}, those that write also {@link StorageFullException}.
 */
public interface ExternalTrainingStore {

    /**
     * Queues a training for the drivers, and marks the model as being trained.
     *
     * @param model the model when the training was started
     * @param owner name of the API key of the request, empty if it needs none. Trainings of different owners are started in
     *     turn, and an owner with a name leaves as much of the queue to others as it takes
     * @param key idempotency key that no other training of the model and the owner has
     * @return empty if the model has changed, is being trained, or the key is in use
     * @throws TrainingException if too many trainings are queued
     */
    Optional<Training> add(
            Model model, ExternalTraining training, String owner, @Nullable IdempotencyKey key, QueueLimits limits);

    /**
     * Claims the next training that is not to be cancelled: one without a claim, or whose claim has expired.
     *
     * @param timeout time until the claim expires
     */
    Optional<ClaimedTraining> claim(Duration timeout);

    /** Claims the next training whose claim has expired and whose cancellation was requested, to end it. */
    Optional<ClaimedTraining> claimCancelled(Duration timeout);

    /** Reads a training of drivers; empty if it is another one, has ended or was deleted. */
    Optional<ExternalTraining> find(Training training);

    /**
     * Renews a claim.
     *
     * @param progress of the training; null if it is unchanged
     * @param timeout time until the claim expires
     * @return whether the training is to be cancelled; empty if the lease is lost
     */
    Optional<CancellationRequest> renew(TrainingLease lease, Training.@Nullable Progress progress, Duration timeout);

    /** Replaces a training by the prepared one; returns false if the lease is lost. */
    boolean prepare(TrainingLease lease, ExternalTraining prepared);

    /** Replaces the checkpoint; returns false if the lease is lost. */
    boolean checkpoint(TrainingLease lease, Checkpoint checkpoint);

    /** The last checkpoint; empty without a readable one. */
    Optional<Checkpoint> checkpoint(String id);

    /** Gives up a claim, so that another driver can claim the training at once; this claim does not count as an attempt. */
    void release(TrainingLease lease);

    /** Whether a training has ended under this lease, so that its driver may repeat the request. */
    boolean hasEnded(TrainingLease lease);
}
