package io.backprop.engine;

import org.jspecify.annotations.Nullable;

/**
 * What was measured of predictions.
 *
 * @param value null where the metric is undefined
 */
public record Score(Metric metric, @Nullable Double value) {}
