package io.backprop.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.TestFolders;
import io.backprop.model.ModelDeletedEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class SqliteVacuumTests {

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
