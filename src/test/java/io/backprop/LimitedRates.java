package io.backprop;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.test.context.TestPropertySource;

/**
 * Runs a test class on a service behind a proxy that answers twenty requests of an address or a key at once, and one per
 * second afterwards. The settings are in one place so that the classes share one Spring context.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@TestPropertySource(
        properties = {
            "backprop.security.mode=keys",
            "backprop.api.keys=first:predict:first-secret-of-tests,second:predict:second-secret-of-tests",
            "backprop.rates.address=1",
            "backprop.rates.key=1",
            "backprop.rates.burst=20s",
            "server.forward-headers-strategy=native"
        })
@interface LimitedRates {}
