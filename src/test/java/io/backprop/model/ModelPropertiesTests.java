package io.backprop.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.ReadmeDefaults;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class ModelPropertiesTests {

    @Test
    void readmeTellsTheDefaults() {
        Map<String, String> documented = ReadmeDefaults.of("backprop.models.");

        assertThat(documented).hasSize(ModelProperties.class.getRecordComponents().length);
        assertThat(bind(documented)).isEqualTo(bind(Map.of()));
    }

    @Test
    void cacheTakesAQuarterOfTheHeapUnlessToldOtherwise() {
        assertThat(bind(Map.of()).cacheSize().toBytes())
                .isEqualTo(Runtime.getRuntime().maxMemory() / 4);
        assertThat(bind(Map.of("backprop.models.cache-size", "3MB")).cacheSize())
                .isEqualTo(DataSize.ofMegabytes(3));
    }

    @Test
    void rejectsToKeepNothing() {
        assertThatThrownBy(() -> bind(Map.of("backprop.models.versions", "0")))
                .rootCause()
                .hasMessage("backprop.models.versions must be at least 1, but was 0");
        assertThatThrownBy(() -> bind(Map.of("backprop.models.cache-size", "-1")))
                .rootCause()
                .hasMessage("backprop.models.cache-size must be at least 0, but was -1B");
    }

    private static ModelProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("backprop.models", ModelProperties.class);
    }
}
