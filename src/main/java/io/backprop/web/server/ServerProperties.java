package io.backprop.web.server;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The HTTP server.
 *
 * @param minimumRate bytes per second that a client must send of a request, and read of its response. As what a client has
 *     read is noticed in steps of up to 128 KB, it must read these within the connection timeout as well.
 */
@ConfigurationProperties("backprop.server")
record ServerProperties(@DefaultValue("1KB") DataSize minimumRate) {

    ServerProperties {
        requireArgument(
                minimumRate.toBytes() >= 1,
                "backprop.server.minimum-rate must be at least 1 byte, but was %s",
                minimumRate);
    }
}
