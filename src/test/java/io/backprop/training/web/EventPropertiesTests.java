package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.ReadmeDefaults;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class EventPropertiesTests {

    @Test
    void readmeTellsTheDefaults() {
        Map<String, String> documented = ReadmeDefaults.of("backprop.events.");

        assertThat(documented).hasSize(EventProperties.class.getRecordComponents().length);
        assertThat(bind(documented)).isEqualTo(bind(Map.of()));
    }

    @Test
    void rejectsHeartbeatWithoutAPause() {
        assertThatThrownBy(() -> bind(Map.of("backprop.events.heartbeat", "PT0S")))
                .rootCause()
                .hasMessage("backprop.events.heartbeat must be positive, but was PT0S");
    }

    private static EventProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("backprop.events", EventProperties.class);
    }
}
