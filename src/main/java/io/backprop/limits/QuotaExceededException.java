package io.backprop.limits;

/** What is stored has reached a limit, so that a request has to wait, or something has to be deleted first. */
public class QuotaExceededException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** @param message a sentence that names the property of the limit and its value */
    public QuotaExceededException(String message) {
        super(message);
    }
}
