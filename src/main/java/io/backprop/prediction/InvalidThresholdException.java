package io.backprop.prediction;

/** The threshold of a prediction is invalid, or does not fit the model. */
public final class InvalidThresholdException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private InvalidThresholdException(String message) {
        super(message);
    }

    /**
     * Rejects a threshold unless the rule holds.
     *
     * @param message a sentence without its subject
     */
    static void require(boolean valid, String message) {
        if (!valid) {
            throw new InvalidThresholdException(message);
        }
    }
}
