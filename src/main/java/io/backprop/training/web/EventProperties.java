package io.backprop.training.web;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How events are sent.
 *
 * @param heartbeat silence after which a comment keeps a stream open
 */
@ConfigurationProperties("backprop.events")
record EventProperties(@DefaultValue("PT15S") Duration heartbeat) {

    EventProperties {
        requireArgument(heartbeat.toMillis() > 0, "backprop.events.heartbeat must be positive, but was %s", heartbeat);
    }
}
