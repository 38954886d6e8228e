package io.backprop.model;

/** No model has this id. */
public final class ModelNotFoundException extends ModelException {

    private static final long serialVersionUID = 1;

    public ModelNotFoundException(String id) {
        super(Kind.NOT_FOUND, "there is no model \"" + id + "\"");
    }
}
