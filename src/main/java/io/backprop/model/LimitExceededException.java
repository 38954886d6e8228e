package io.backprop.model;

/** The request asks for more than the service grants. */
public class LimitExceededException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public LimitExceededException(String message) {
        super(message);
    }
}
