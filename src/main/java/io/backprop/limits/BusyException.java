package io.backprop.limits;

import java.time.Duration;

/** Other requests and trainings use what a request needs. */
public abstract class BusyException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** The time after which other requests have probably finished. */
    public static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    BusyException(String message) {
        super(message);
    }
}
