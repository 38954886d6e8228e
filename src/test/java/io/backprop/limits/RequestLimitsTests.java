package io.backprop.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.ReadmeDefaults;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class RequestLimitsTests {

    @Test
    void defaultsAreTheDocumentedOnes() {
        assertThat(bind(Map.of()))
                .isEqualTo(new RequestLimits(
                        DataSize.ofMegabytes(64),
                        DataSize.ofGigabytes(1),
                        DataSize.ofGigabytes(4),
                        64,
                        8_192,
                        50_000_000,
                        1_000_000,
                        1e15,
                        Duration.ofHours(1),
                        1e12,
                        33_554_432));
    }

    @Test
    void readmeTellsTheDefaults() {
        Map<String, String> documented = ReadmeDefaults.of("backprop.limits.");

        assertThat(documented).hasSize(RequestLimits.class.getRecordComponents().length);
        assertThat(bind(documented)).isEqualTo(bind(Map.of()));
    }

    @Test
    void canBeConfigured() {
        RequestLimits limits = bind(Map.of("backprop.limits.body", "2MB", "backprop.limits.time", "30s"));

        assertThat(limits.body()).isEqualTo(DataSize.ofMegabytes(2));
        assertThat(limits.time()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void rejectsLimitThatAllowsNothing() {
        assertThatThrownBy(() -> bind(Map.of("backprop.limits.layers", "0")))
                .rootCause()
                .hasMessage("backprop.limits.layers must be at least 1, but was 0");
    }

    @Test
    void rejectsModelsThatCanNotBeStored() {
        assertThatThrownBy(() -> bind(Map.of("backprop.limits.parameters", "200000001")))
                .rootCause()
                .hasMessage("backprop.limits.parameters must be between 1 and 200000000, but was 200000001");
    }

    private static RequestLimits bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("backprop.limits", RequestLimits.class);
    }
}
