package io.backprop.model;

/** The database cannot be reached at the moment. */
public class StorageUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public StorageUnavailableException(Throwable cause) {
        super("the database cannot be reached at the moment; try again later", cause);
    }
}
