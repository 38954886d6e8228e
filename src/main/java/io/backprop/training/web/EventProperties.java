package io.backprop.training.web;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of event streams.
 *
 * @param heartbeat time without an event after which a comment is sent, which keeps the connection open
 */
@ConfigurationProperties("backprop.events")
record EventProperties(@DefaultValue("PT15S") Duration heartbeat) {

    EventProperties {
        requireArgument(heartbeat.toMillis() > 0, "backprop.events.heartbeat must be positive, but was %s", heartbeat);
    }
}
