package io.backprop.training;

/**
 * A client's name for its request to train, which makes it safe to repeat the request. A key belongs to a model and is
 * kept as long as the training that it started.
 *
 * @param bodyDigest differs if the request differs
 */
public record IdempotencyKey(String value, String bodyDigest) {}
