package io.backprop.training;

import java.time.Duration;

/** No room for another training at the moment. */
public class QueueFullException extends RuntimeException {

    private static final long serialVersionUID = 1;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    public QueueFullException(int capacity) {
        super("all " + capacity + " places in the queue of trainings are taken; try again later");
    }

    public Duration retryAfter() {
        return RETRY_AFTER;
    }
}
