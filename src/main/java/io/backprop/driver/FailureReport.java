package io.backprop.driver;

/**
 * Ends work as failed.
 *
 * @param diverged whether a training has diverged; its table is at fault otherwise
 * @param message what went wrong, for people
 */
public record FailureReport(long lease, boolean diverged, String message) {

    public static final int MAX_LENGTH = 1_000;

    /** Shortens a longer message. */
    public FailureReport {
        message = message.length() <= MAX_LENGTH ? message : message.substring(0, MAX_LENGTH - 1) + '…';
    }
}
