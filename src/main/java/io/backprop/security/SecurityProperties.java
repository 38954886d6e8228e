package io.backprop.security;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may call the service.
 *
 * @param mode when requests need a key
 */
@ConfigurationProperties("backprop.security")
record SecurityProperties(@DefaultValue("auto") Mode mode) {

    enum Mode {
        /** Where the service listens on more than the loopback interface. */
        AUTO,
        /** Always, as behind a reverse proxy on the same machine. */
        KEYS,
        /** Never, and from any host. */
        NONE
    }
}
