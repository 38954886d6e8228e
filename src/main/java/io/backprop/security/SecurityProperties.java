package io.backprop.security;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may call the service.
 *
 * @param mode when requests need a key
 * @param hosts names by which a service that needs no key may be called, besides those of the loopback interface
 */
@ConfigurationProperties("backprop.security")
record SecurityProperties(
        @DefaultValue("auto") Mode mode, @DefaultValue List<String> hosts) {

    SecurityProperties {
        hosts.forEach(AllowedHosts::requireName);
    }

    enum Mode {
        /** Where the service listens on more than the loopback interface. */
        AUTO,
        /** Always, as behind a reverse proxy on the same machine. */
        KEYS,
        /** Never, and from any host. */
        NONE
    }
}
