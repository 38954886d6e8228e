package io.backprop.training;

/** Another process has taken the training over, or it is gone with its model. */
class LeaseLostException extends RuntimeException {

    private static final long serialVersionUID = 1;

    LeaseLostException(TrainingLease lease) {
        super("training " + lease.trainingId() + " is no longer this process's");
    }
}
