package io.backprop.store;

/** What was stored can't be read any more. */
final class DamagedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    DamagedException(String message) {
        super(message);
    }

    DamagedException(String message, Throwable cause) {
        super(message, cause);
    }
}
