package io.backprop.model;

import io.backprop.engine.InvalidArgumentException;
import org.jspecify.annotations.Nullable;

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

    /** Returns a value that must be present. */
    public static <T> T require(String field, @Nullable T value, String message) {
        if (value == null) {
            throw new InvalidInputException(field, message);
        }
        return value;
    }

    /** Rejects a value that must be absent. */
    public static void requireAbsent(String field, @Nullable Object value, String message) {
        if (value != null) {
            throw new InvalidInputException(field, message);
        }
    }

    public String field() {
        return field;
    }
}
