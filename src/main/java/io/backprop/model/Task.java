package io.backprop.model;

/** What a model's outputs mean. */
public enum Task {
    /** Numbers. */
    REGRESSION,
    /** Probabilities of classes. */
    CLASSIFICATION
}
