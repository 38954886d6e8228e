package io.backprop.training.web;

import io.backprop.training.IdempotencyKey;

/** A request with an idempotency key, whose body may not have been read yet. */
record IdempotentRequest(String value, IdempotencyKeyResolver.DigestedMessage message) {

    /** The key with the digest of the body, which is read to its end. To be called once. */
    IdempotencyKey toIdempotencyKey() {
        return new IdempotencyKey(value, message.digest());
    }
}
