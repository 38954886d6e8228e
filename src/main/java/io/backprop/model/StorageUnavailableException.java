package io.backprop.model;

import java.time.Duration;

/** The models that are stored can't be reached at the moment. */
public class StorageUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    public StorageUnavailableException(Throwable cause) {
        super("the store of models can't be reached at the moment; try again later", cause);
    }

    public Duration retryAfter() {
        return RETRY_AFTER;
    }
}
