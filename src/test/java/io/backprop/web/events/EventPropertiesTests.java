package io.backprop.web.events;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.TestProperties;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventPropertiesTests {

    @Test
    void readmeListsTheDefaults() {
        TestProperties.assertReadmeListsDefaults(EventProperties.class);
    }

    @Test
    void rejectsHeartbeatWithoutAPause() {
        assertThatThrownBy(() -> bind(Map.of("backprop.events.heartbeat", "PT0S")))
                .rootCause()
                .hasMessage("backprop.events.heartbeat must be positive, but was PT0S");
    }

    private static EventProperties bind(Map<String, String> properties) {
        return TestProperties.bind(EventProperties.class, properties);
    }
}
