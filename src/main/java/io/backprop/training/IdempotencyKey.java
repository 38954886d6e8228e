package io.backprop.training;

import java.time.Duration;

/**
 * A client's name for its request to train, which makes it safe to repeat the request. It belongs to a model and to the API
 * key of the request: clients with different API keys may use the same values.
 *
 * @param bodyDigest differs if the request differs
 */
public record IdempotencyKey(String value, String bodyDigest) {

    /** A key is kept at least for this time, and at least as long as the training is one of the last of its model. */
    public static final Duration LIFETIME = Duration.ofHours(24);
}
