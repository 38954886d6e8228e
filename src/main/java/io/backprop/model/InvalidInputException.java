package io.backprop.model;

import io.backprop.engine.InvalidArgumentException;

/** What was sent can be read, but makes no sense to the model it was sent to. */
public class InvalidInputException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String field;

    /**
     * @param field the name of a field, {@code inputs}, or the JSON pointer to a value inside it, {@code /inputs/3}
     * @param message a whole sentence: what it is about, the rule, and what was received
     */
    public InvalidInputException(String field, String message) {
        super(message);
        this.field = field;
    }

    /** A rule of the engine that the named field breaks. */
    public InvalidInputException(String field, InvalidArgumentException broken) {
        this(field, String.valueOf(broken.getMessage()));
    }

    public String field() {
        return field;
    }
}
