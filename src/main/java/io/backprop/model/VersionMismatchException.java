package io.backprop.model;

/** The model has moved on since the client last saw it. */
public class VersionMismatchException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public VersionMismatchException(String id, String current) {
        super("the model \"" + id + "\" has changed: its ETag is now \"" + current + "\"");
    }
}
