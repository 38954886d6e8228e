package io.backprop.prediction.web;

import static java.util.Objects.requireNonNullElseGet;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where long responses are stored until they are complete.
 *
 * @param folder by default the system's folder for temporary files
 */
@ConfigurationProperties("backprop.spool")
record SpoolProperties(Path folder) {

    SpoolProperties(@Nullable Path folder) {
        this.folder = requireNonNullElseGet(folder, () -> Path.of(System.getProperty("java.io.tmpdir")));
    }
}
