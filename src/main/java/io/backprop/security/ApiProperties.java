package io.backprop.security;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The keys of the service, {@code name:scope:secret} or {@code name:scope:sha256:HEX}. They are not parsed here, because
 * Spring Boot shows the values of properties that cannot be bound.
 *
 * @param keys one or more lines each
 * @param keysFile a file with a key per line
 */
@ConfigurationProperties("backprop.api")
record ApiProperties(
        @DefaultValue List<String> keys, @Nullable Path keysFile) {

    /** Shows no secret. */
    @Override
    public String toString() {
        return "ApiProperties[" + keys.size() + " keys]";
    }
}
