package io.backprop.limits;

/** The request asks for more than the service grants. */
public class LimitExceededException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String field;

    /**
     * @param field the name of a field, {@code hidden}, the JSON pointer to a value inside it, or empty for the whole
     *     request
     * @param message a whole sentence: what it is about, the limit, and what was asked for
     */
    public LimitExceededException(String field, String message) {
        super(message);
        this.field = field;
    }

    public String field() {
        return field;
    }
}
