package io.backprop.training;

/**
 * This process has stopped working on a training, because it has ended or was released.
 *
 * @param id key in the store
 */
record TrainingStoppedEvent(String id) {}
