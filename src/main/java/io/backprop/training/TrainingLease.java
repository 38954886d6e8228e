package io.backprop.training;

/**
 * The right to work on a training.
 *
 * @param trainingId {@link Training#id}
 * @param token grows by one each time the training is leased; only the newest lease is valid
 */
public record TrainingLease(String trainingId, long token) {

    /** The training is leased by another process, or was deleted with its model. */
    static final class LostException extends RuntimeException {

        private static final long serialVersionUID = 1;

        LostException(TrainingLease lease) {
            super("the lease of training " + lease.trainingId() + " is lost");
        }
    }
}
