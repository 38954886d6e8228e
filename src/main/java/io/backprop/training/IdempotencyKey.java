package io.backprop.training;

/**
 * A client's name for its request to train, so that it may repeat the request without a second training. Keys belong to a
 * model, and live as long as the training they led to is kept.
 *
 * @param bodyDigest tells whether the request is the same
 */
public record IdempotencyKey(String value, String bodyDigest) {}
