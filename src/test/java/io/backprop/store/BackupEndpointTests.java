package io.backprop.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.model.BackupNotSupportedException;
import io.backprop.store.sqlite.SqliteBackup;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.mock.env.MockEnvironment;

class BackupEndpointTests {

    @Test
    void namesTheToolForPostgres() {
        BackupEndpoint endpoint =
                new BackupEndpoint(new StaticListableBeanFactory().getBeanProvider(SqliteBackup.class));

        assertThatThrownBy(endpoint::write)
                .isInstanceOf(BackupNotSupportedException.class)
                .hasMessageContaining("pg_dump");
    }

    @ParameterizedTest
    @CsvSource({
        "server.address=127.0.0.1, true",
        "server.address=::1, true",
        "server.address=0.0.0.0, false",
        "server.address=, false",
        "server.address=0.0.0.0 management.server.port=9000 management.server.address=127.0.0.1, true",
        "server.address=127.0.0.1 management.server.port=9000, false"
    })
    void existsOnlyOnTheLoopbackInterface(String properties, boolean exists) {
        MockEnvironment environment = new MockEnvironment();
        environment.setConversionService(new ApplicationConversionService());
        for (String property : List.of(properties.split(" "))) {
            int separator = property.indexOf('=');
            environment.setProperty(property.substring(0, separator), property.substring(separator + 1));
        }

        assertThat(OnLoopbackCondition.matches(environment)).isEqualTo(exists);
    }
}
