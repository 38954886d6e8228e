package io.backprop.web.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.TestProperties;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerPropertiesTests {

    @Test
    void defaultsAreDocumented() {
        TestProperties.assertReadmeListsDefaults(ServerProperties.class);
    }

    @Test
    void rejectsRateOfZero() {
        assertThatThrownBy(
                        () -> TestProperties.bind(ServerProperties.class, Map.of("backprop.server.minimum-rate", "0B")))
                .hasRootCauseMessage("backprop.server.minimum-rate must be at least 1 byte, but was 0B");
    }
}
