package io.backprop.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ReadmeDefaults;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class SqlitePropertiesTests {

    @Test
    void readmeQuotesTheDefaults() {
        Map<String, String> documented = ReadmeDefaults.of("backprop.store.");

        assertThat(documented).hasSize(SqliteProperties.class.getRecordComponents().length);
        assertThat(bind(documented)).isEqualTo(bind(Map.of()));
    }

    private static SqliteProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("backprop.store", SqliteProperties.class);
    }
}
