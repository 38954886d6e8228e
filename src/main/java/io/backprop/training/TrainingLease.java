package io.backprop.training;

/**
 * The right to work on a training or on a part of one.
 *
 * @param id {@link Training#id} or {@link TrainingPart#id}
 * @param token grows by one each time it is leased; only the newest lease is valid
 */
public record TrainingLease(String id, long token) {

    /** Another process has the lease, the training has ended, or it was deleted with its model. */
    static final class LostException extends RuntimeException {

        private static final long serialVersionUID = 1;

        LostException(TrainingLease lease) {
            super("the lease of " + lease.id() + " is lost");
        }
    }
}
