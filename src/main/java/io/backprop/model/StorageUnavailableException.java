package io.backprop.model;

import org.jspecify.annotations.Nullable;

/** The database cannot be reached at the moment. */
public class StorageUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public StorageUnavailableException(Throwable cause) {
        this("the database cannot be reached at the moment; try again later", cause);
    }

    public StorageUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
