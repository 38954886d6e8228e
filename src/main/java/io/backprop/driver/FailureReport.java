package io.backprop.driver;

/**
 * Ends work as failed.
 *
 * @param diverged whether a training has diverged; its table is at fault otherwise
 * @param message what went wrong, for people
 */
public record FailureReport(long lease, boolean diverged, String message) {

    /** Shortens a longer message. */
    public FailureReport {
        message = ReportedText.limit(message);
    }
}
