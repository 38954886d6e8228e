package io.backprop.model;

import io.backprop.engine.Network;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * New parameters for a model.
 *
 * @param architecture with all that was learned from the data
 * @param epochs that led to these parameters
 * @param metrics those that say most; absent: not measured
 */
public record Publication(
        Architecture architecture,
        Network network,
        long epochs,
        @Nullable Map<String, @Nullable Double> metrics) {

    /** What a version has published. */
    static Publication of(Model version) {
        return new Publication(
                version.spec().architecture(),
                Objects.requireNonNull(version.network()),
                version.epochs(),
                version.metrics());
    }
}
