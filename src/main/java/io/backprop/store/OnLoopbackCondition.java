package io.backprop.store;

import java.net.InetAddress;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches if the endpoints of the actuator can be reached through the loopback interface only. */
final class OnLoopbackCondition implements Condition {

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return matches(context.getEnvironment());
    }

    static boolean matches(Environment environment) {
        String server = environment.containsProperty("management.server.port") ? "management.server" : "server";
        InetAddress address = environment.getProperty(server + ".address", InetAddress.class);
        return address != null && address.isLoopbackAddress(); // without an address, all interfaces
    }
}
