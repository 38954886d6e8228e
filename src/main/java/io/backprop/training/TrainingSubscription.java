package io.backprop.training;

/** Notifications about a training, until it is closed. */
public interface TrainingSubscription extends AutoCloseable {

    @Override
    void close();
}
