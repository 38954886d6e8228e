package io.backprop.model;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of models.
 *
 * @param cacheSize memory for the parameters of cached models, a quarter of it for earlier versions; 0 for a quarter of the heap
 * @param count number of models
 * @param versions number of versions of each model that the store keeps
 * @param versionsSize size of these versions; the last two are kept in any case
 */
@ConfigurationProperties("backprop.models")
record ModelProperties(
        @DefaultValue("0") DataSize cacheSize,
        @DefaultValue("100000") int count,
        @DefaultValue("10") int versions,
        @DefaultValue("2GB") DataSize versionsSize) {

    ModelProperties {
        requireArgument(
                !cacheSize.isNegative(), "backprop.models.cache-size must be at least 0, but was %s", cacheSize);
        requireArgument(
                versionsSize.toBytes() >= 1,
                "backprop.models.versions-size must be at least 1 byte, but was %s",
                versionsSize);
        requireArgument(count >= 1, "backprop.models.count must be at least 1, but was %d", count);
        requireArgument(versions >= 1, "backprop.models.versions must be at least 1, but was %d", versions);
        cacheSize =
                cacheSize.toBytes() == 0 ? DataSize.ofBytes(Runtime.getRuntime().maxMemory() / 4) : cacheSize;
    }
}
