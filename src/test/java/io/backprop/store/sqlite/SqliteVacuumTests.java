package io.backprop.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.backprop.TestFolders;
import io.backprop.model.ModelDeletedEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataRetrievalFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.sqlite.SQLiteErrorCode;

class SqliteVacuumTests {

    @Test
    void reportsDamageAndStops() {
        JdbcTemplate jdbc = mock();
        when(jdbc.queryForObject("pragma freelist_count", Long.class))
                .thenThrow(new DataRetrievalFailureException(
                        "failed", new SQLException("malformed", null, SQLiteErrorCode.SQLITE_CORRUPT.code)));
        try (SqliteDataSource database =
                SqliteDataSource.open(TestFolders.create().resolve("backprop.db"))) {
            SqliteVacuum vacuum = new SqliteVacuum(jdbc, database);

            vacuum.run();
            vacuum.run();

            assertThat(database.damage()).isEqualTo("malformed");
            verify(jdbc).queryForObject("pragma freelist_count", Long.class);
        }
    }

    @Test
    void returnsSpaceOfDeletedDataToTheDisk() throws Exception {
        Path file = TestFolders.create().resolve("backprop.db");
        try (SqliteDataSource database = SqliteDataSource.open(file)) {
            JdbcTemplate jdbc = new JdbcTemplate(database);
            SqliteVacuum vacuum = new SqliteVacuum(jdbc, database);
            jdbc.update("create table data (bytes blob)");
            jdbc.update("insert into data values (zeroblob(20000000))");
            vacuum.run();
            assertThat(Files.size(file)).isGreaterThan(20_000_000);

            jdbc.update("delete from data");
            vacuum.request(new ModelDeletedEvent("m"));
            for (int i = 0; i < 100 && Files.size(file) > 1_000_000; i++) {
                vacuum.run();
            }

            assertThat(Files.size(file)).isLessThan(1_000_000);
        }
    }
}
