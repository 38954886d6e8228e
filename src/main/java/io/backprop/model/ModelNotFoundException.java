package io.backprop.model;

/** No model has this id. */
public class ModelNotFoundException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public ModelNotFoundException(String id) {
        super("there is no model \"" + id + "\"");
    }
}
