package io.backprop.openinference;

/**
 * An output that a request asks for.
 *
 * @param classes number of the most probable classes to return in place of all probabilities; 0 for all probabilities
 * @param binary whether its data is returned in binary
 */
public record RequestedOutput(TensorSpec output, int classes, boolean binary) {}
