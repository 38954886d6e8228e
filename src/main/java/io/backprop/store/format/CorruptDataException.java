package io.backprop.store.format;

import org.jspecify.annotations.Nullable;

/** Stored data cannot be read: it was altered, or has a format that this version of the service does not know. */
public sealed class CorruptDataException extends RuntimeException permits NewerFormatException {

    private static final long serialVersionUID = 1;

    public CorruptDataException(String message) {
        this(message, null);
    }

    CorruptDataException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
