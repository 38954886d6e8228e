package io.backprop.model;

import io.backprop.engine.InvalidArgumentException;
import org.jspecify.annotations.Nullable;

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

    /** What must be there, and is. */
    public static <T> T require(String field, @Nullable T value, String message) {
        if (value == null) {
            throw new InvalidInputException(field, message);
        }
        return value;
    }

    /** Refuses what must not be there. */
    public static void requireAbsent(String field, @Nullable Object value, String message) {
        if (value != null) {
            throw new InvalidInputException(field, message);
        }
    }

    public String field() {
        return field;
    }
}
