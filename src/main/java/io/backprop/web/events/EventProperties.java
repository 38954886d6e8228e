package io.backprop.web.events;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.limits.MemoryBudget;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of event streams.
 *
 * @param heartbeat time without an event after which a comment is sent, which keeps the connection open
 * @param listeners number of open streams; 0 for {@value #MAX_LISTENERS}, or as many as use up to 5 % of the heap
 */
@ConfigurationProperties("backprop.events")
record EventProperties(
        @DefaultValue("PT15S") Duration heartbeat,
        @DefaultValue("0") int listeners) {

    private static final int MAX_LISTENERS = 1_000;

    EventProperties {
        requireArgument(heartbeat.toMillis() > 0, "backprop.events.heartbeat must be positive, but was %s", heartbeat);
        requireArgument(listeners >= 0, "backprop.events.listeners must be at least 0, but was %d", listeners);
        listeners = listeners == 0 ? MemoryBudget.waitingConnections(MAX_LISTENERS) : listeners;
    }
}
