package io.backprop.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.TestFolders;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class SqliteDataSourceTests {

    private final Path folder = TestFolders.create();
    private final Path file = folder.resolve("backprop.db");

    @Test
    void reservesDiskSpaceWhileOpenAndWhileClosed() throws Exception {
        for (int i = 0; i < 2; i++) {
            try (SqliteDataSource database = SqliteDataSource.open(file)) {
                JdbcTemplate jdbc = new JdbcTemplate(database);
                jdbc.update("create table if not exists data (bytes blob)");
                jdbc.update("insert into data values (zeroblob(30000000))");
                jdbc.queryForList("pragma wal_checkpoint(passive)");
                jdbc.update("delete from data");
                jdbc.update("insert into data values (zeroblob(1000))");

                assertThat(Files.size(folder.resolve("backprop.db-wal"))).isEqualTo(DiskReserve.BYTES);
                assertThat(folder.resolve("backprop.db-reserve")).doesNotExist();
                assertThat(jdbc.queryForObject("select count(*) from data", Integer.class))
                        .isEqualTo(1);
            }
            assertThat(folder.resolve("backprop.db-wal")).doesNotExist();
            assertThat(Files.size(folder.resolve("backprop.db-reserve"))).isEqualTo(DiskReserve.BYTES);
        }
    }
}
