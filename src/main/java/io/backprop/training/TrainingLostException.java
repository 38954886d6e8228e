package io.backprop.training;

/** Another process has taken the training over, or it is gone with its model. */
class TrainingLostException extends RuntimeException {

    private static final long serialVersionUID = 1;

    TrainingLostException(TrainingLease lease) {
        super("training " + lease.training() + " is no longer this process's");
    }
}
