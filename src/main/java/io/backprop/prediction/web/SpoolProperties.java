package io.backprop.prediction.web;

import static java.util.Objects.requireNonNullElse;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings of responses that are spooled to disk until they are complete.
 *
 * @param folder for the temporary files; null for the system's folder
 */
@ConfigurationProperties("backprop.spool")
record SpoolProperties(@Nullable Path folder) {

    Path folderOrDefault() {
        return requireNonNullElse(folder, Path.of(System.getProperty("java.io.tmpdir")));
    }
}
