package io.backprop.model;

/** The model has moved on since the client last saw it. */
public class VersionMismatchException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public VersionMismatchException(String id, String expected, String actual) {
        super("the model \"" + id + "\" was expected to be at " + expected + ", but is at " + actual);
    }
}
