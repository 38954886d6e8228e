package io.backprop.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.model.BackupNotSupportedException;
import io.backprop.store.sqlite.SqliteBackup;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

class BackupEndpointTests {

    @Test
    void namesTheToolForPostgres() {
        BackupEndpoint endpoint =
                new BackupEndpoint(new StaticListableBeanFactory().getBeanProvider(SqliteBackup.class));

        assertThatThrownBy(endpoint::write)
                .isInstanceOf(BackupNotSupportedException.class)
                .hasMessageContaining("pg_dump");
    }
}
