package io.backprop.model;

/** A training is about to change the model, which nobody else may do meanwhile. */
public class ModelInTrainingException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public ModelInTrainingException(String id) {
        super("the model \"" + id + "\" is being trained; wait for the training or cancel it");
    }
}
