package io.backprop.model;

/** The model has never been trained. */
public class ModelNotTrainedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public ModelNotTrainedException(String id) {
        super("the model \"" + id + "\" has not been trained yet; train it first");
    }
}
