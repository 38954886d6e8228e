package io.backprop.tabular;

/** A table has more cells than memory is granted for: the message says how many it may have. */
public class TableTooLargeException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public TableTooLargeException(String message) {
        super(message);
    }
}
