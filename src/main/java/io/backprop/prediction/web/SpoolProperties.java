package io.backprop.prediction.web;

import static io.backprop.engine.InvalidArgumentException.requireArgument;
import static java.util.Objects.requireNonNullElse;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of responses that are spooled to disk until they are complete.
 *
 * @param folder for the temporary files; by default the system's folder
 * @param size of all temporary files together
 * @param free space that they leave on the disk, on which the database may be too; but at most a tenth of the disk
 */
@ConfigurationProperties("backprop.spool")
record SpoolProperties(
        Path folder,
        @DefaultValue("8GB") DataSize size,
        @DefaultValue("1GB") DataSize free) {

    SpoolProperties {
        folder = requireNonNullElse(folder, Path.of(System.getProperty("java.io.tmpdir")));
        requireArgument(size.toBytes() >= 1, "backprop.spool.size must be at least 1 byte, but was %s", size);
        requireArgument(!free.isNegative(), "backprop.spool.free must be at least 0, but was %s", free);
    }
}
