package io.backprop.prediction.web;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where long answers wait until they are complete.
 *
 * @param folder absent: the system's for temporary files
 */
@ConfigurationProperties("backprop.spool")
record SpoolProperties(@Nullable Path folder) {

    Path folderOrDefault() {
        return folder == null ? Path.of(System.getProperty("java.io.tmpdir")) : folder;
    }
}
