package io.backprop.model;

/** What a model predicts. */
public enum Task {
    /** Numbers in the unit of the targets. */
    REGRESSION,
    /** Probabilities of classes. */
    CLASSIFICATION
}
