package io.backprop.training;

import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;

/**
 * Stores the progress of leased work.
 *
 * <p>Any method may throw {@link StorageUnavailableException}, those that write also {@link StorageFullException}.
 */
interface LeaseStore {

    /** Returns work to its place in the queue; this lease does not count as an attempt. */
    void release(TrainingLease lease);

    /** Returns false if the lease is lost. */
    boolean saveProgress(TrainingLease lease, Training.Progress progress);

    /** Replaces the checkpoint; returns false if the lease is lost. */
    boolean checkpoint(TrainingLease lease, Checkpoint checkpoint);
}
