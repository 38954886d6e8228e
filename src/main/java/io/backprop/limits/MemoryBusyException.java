package io.backprop.limits;

import java.time.Duration;

/** Other requests and trainings use the memory that a request needs. */
public class MemoryBusyException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** The time after which other requests have probably released their memory. */
    public static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    public MemoryBusyException() {
        super("not enough memory for this request at the moment");
    }
}
