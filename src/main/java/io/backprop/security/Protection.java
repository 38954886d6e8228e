package io.backprop.security;

import java.net.InetAddress;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/** What keeps strangers from using the service. */
enum Protection {
    /** Every operation needs a key. */
    KEYS,
    /** Only this machine can connect, so that pages of other sites in its browsers are the strangers. */
    HOSTS,
    /** Nothing, by configuration. */
    NONE;

    static Protection of(SecurityProperties.Mode mode, Environment environment) {
        return switch (mode) {
            case AUTO -> isLoopbackOnly(environment) ? HOSTS : KEYS;
            case KEYS -> KEYS;
            case NONE -> NONE;
        };
    }

    /** Whether only this machine can connect, also to the port of the actuator if it has its own. */
    static boolean isLoopbackOnly(Environment environment) {
        boolean hasManagementPort = environment.getProperty("management.server.port", int.class, -1) >= 0;
        return Stream.of("server.address", "management.server.address")
                .limit(hasManagementPort ? 2 : 1)
                .map(property -> environment.getProperty(property, InetAddress.class))
                .allMatch(Protection::isLoopback);
    }

    /** Without an address, the server listens on all interfaces. */
    private static boolean isLoopback(@Nullable InetAddress address) {
        return address != null && address.isLoopbackAddress();
    }
}
