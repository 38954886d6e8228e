package io.backprop.model;

import io.backprop.engine.Network;
import org.jspecify.annotations.Nullable;

/**
 * New parameters for a model.
 *
 * @param architecture with all that was learned from the data
 * @param epochs that led to these parameters
 */
public record Publication(
        Architecture architecture,
        Network network,
        long epochs,
        @Nullable Metrics metrics) {}
