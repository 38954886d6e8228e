package io.backprop.model;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of models.
 *
 * @param cacheSize memory for the parameters of cached models, a quarter of it for earlier versions; 0 for a quarter of the heap
 * @param versions number of versions of each model that the store keeps
 */
@ConfigurationProperties("backprop.models")
record ModelProperties(
        @DefaultValue("0") DataSize cacheSize,
        @DefaultValue("10") int versions) {

    ModelProperties {
        requireArgument(
                !cacheSize.isNegative(), "backprop.models.cache-size must be at least 0, but was %s", cacheSize);
        requireArgument(versions >= 1, "backprop.models.versions must be at least 1, but was %d", versions);
        cacheSize =
                cacheSize.toBytes() == 0 ? DataSize.ofBytes(Runtime.getRuntime().maxMemory() / 4) : cacheSize;
    }
}
