package io.backprop.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.TestProperties;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class ModelPropertiesTests {

    @Test
    void readmeListsTheDefaults() {
        TestProperties.assertReadmeListsDefaults(ModelProperties.class);
    }

    @Test
    void cacheTakesAQuarterOfTheHeapByDefault() {
        assertThat(bind(Map.of()).cacheSize().toBytes())
                .isEqualTo(Runtime.getRuntime().maxMemory() / 4);
        assertThat(bind(Map.of("backprop.models.cache-size", "3MB")).cacheSize())
                .isEqualTo(DataSize.ofMegabytes(3));
    }

    @Test
    void rejectsTooSmallValues() {
        assertThatThrownBy(() -> bind(Map.of("backprop.models.versions", "0")))
                .rootCause()
                .hasMessage("backprop.models.versions must be at least 1, but was 0");
        assertThatThrownBy(() -> bind(Map.of("backprop.models.count", "0")))
                .rootCause()
                .hasMessage("backprop.models.count must be at least 1, but was 0");
        assertThatThrownBy(() -> bind(Map.of("backprop.models.versions-size", "0")))
                .rootCause()
                .hasMessage("backprop.models.versions-size must be at least 1 byte, but was 0B");
        assertThatThrownBy(() -> bind(Map.of("backprop.models.cache-size", "-1")))
                .rootCause()
                .hasMessage("backprop.models.cache-size must be at least 0, but was -1B");
    }

    private static ModelProperties bind(Map<String, String> properties) {
        return TestProperties.bind(ModelProperties.class, properties);
    }
}
