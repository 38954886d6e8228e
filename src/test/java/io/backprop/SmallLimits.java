package io.backprop;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.test.context.TestPropertySource;

/**
 * Runs a test class on a service with one worker, one place in the queue, no room for a cached model, and a short heartbeat.
 * The settings are in one place so that the classes share one Spring context.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@TestPropertySource(
        properties = {
            "backprop.models.cache-size=1KB",
            "backprop.training.workers=1",
            "backprop.training.queue=1",
            "backprop.events.heartbeat=250ms",
            "backprop.limits.stream=8MB"
        })
public @interface SmallLimits {}
