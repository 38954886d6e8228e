package io.backprop.model;

/** The id is taken. */
public class ModelExistsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public ModelExistsException(String id) {
        super("there is a model \"" + id + "\" already; choose another id or delete it first");
    }
}
