package io.backprop.training;

/** An idempotency key was given before, with another request. */
public class IdempotencyKeyReusedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public IdempotencyKeyReusedException(int number) {
        super("training " + number + " was begun with this Idempotency-Key, but with another body");
    }
}
