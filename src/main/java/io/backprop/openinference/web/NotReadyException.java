package io.backprop.openinference.web;

/** The service or a model cannot predict at present. */
final class NotReadyException extends RuntimeException {

    private static final long serialVersionUID = 1;

    NotReadyException(String message) {
        super(message);
    }
}
