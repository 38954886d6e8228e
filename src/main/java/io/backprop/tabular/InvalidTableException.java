package io.backprop.tabular;

/** A table can be read, but makes no sense: the message says in which line or row and column, the rule, and what was received. */
public class InvalidTableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public InvalidTableException(String message) {
        super(message);
    }
}
