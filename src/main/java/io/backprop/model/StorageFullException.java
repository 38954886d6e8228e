package io.backprop.model;

/** There is no room left to store what was to be stored; nothing has changed. */
public class StorageFullException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * @param what was to be stored
     */
    public StorageFullException(String what, Throwable cause) {
        super("there is no room left to store the " + what, cause);
    }
}
