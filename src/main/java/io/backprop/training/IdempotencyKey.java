package io.backprop.training;

import java.util.function.Supplier;

/**
 * A client's name for its request to train, so that it may repeat the request without a second training. Keys belong to a
 * model, and live as long as the training they led to is kept.
 *
 * @param bodyDigest tells whether the request is the same; reads what there still is of the body
 */
public record IdempotencyKey(String value, Supplier<String> bodyDigest) {}
