package io.backprop.limits;

/** A request exceeds a limit. */
public class LimitExceededException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String field;

    /**
     * @param field name of a field, {@code hidden}, JSON pointer to a value inside it, or empty for the whole request
     * @param message a sentence that names the limit and what was requested
     */
    public LimitExceededException(String field, String message) {
        super(message);
        this.field = field;
    }

    public String field() {
        return field;
    }
}
