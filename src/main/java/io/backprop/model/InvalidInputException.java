package io.backprop.model;

import io.backprop.engine.InvalidArgumentException;

/** An argument of an operation is invalid, or does not fit the model. */
public class InvalidInputException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String field;

    /**
     * @param field name of a field, {@code inputs}, or JSON pointer to a value inside it, {@code /inputs/3}
     * @param message a whole sentence that names the argument, the rule and the received value
     */
    public InvalidInputException(String field, String message) {
        super(message);
        this.field = field;
    }

    /** Attributes a violated rule of the engine to a field. */
    public InvalidInputException(String field, InvalidArgumentException violation) {
        this(field, String.valueOf(violation.getMessage()));
    }

    /** Rejects a field unless the rule holds. */
    public static void require(String field, boolean valid, String message) {
        if (!valid) {
            throw new InvalidInputException(field, message);
        }
    }

    public String field() {
        return field;
    }
}
