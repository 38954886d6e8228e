package io.backprop.tabular;

/** What was sent is no table: wrong encoding, a quote never closed, binary data. */
public class UnreadableTableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public UnreadableTableException(String message) {
        super(message);
    }
}
