package io.backprop.model;

/** The database or disk has no space left; nothing has changed. */
public class StorageFullException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * @param item noun for what could not be stored, {@code "model"}
     */
    public StorageFullException(String item, Throwable cause) {
        super("there is no room left to store the " + item, cause);
    }
}
