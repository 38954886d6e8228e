package io.backprop.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.TestFolders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.JdbcTemplate;

class SqliteDataSourceTests {

    private static final int PAGE_BYTES = 4096;

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

    @Test
    void findsEachFlippedPageWhenItIsOpened() throws Exception {
        try (SqliteDataSource database = SqliteDataSource.open(file)) {
            JdbcTemplate jdbc = new JdbcTemplate(database);
            jdbc.update("create table data (id integer primary key, bytes blob)");
            for (int i = 0; i < 50; i++) {
                jdbc.update("insert into data (bytes) values (randomblob(?))", i % 10 == 0 ? 20_000 : 200);
            }
        }
        byte[] intact = Files.readAllBytes(file);
        for (int page = 0; page < intact.length / PAGE_BYTES; page++) {
            byte[] flipped = intact.clone();
            for (int i = page * PAGE_BYTES; i < (page + 1) * PAGE_BYTES; i++) {
                flipped[i] ^= (byte) 0xFF;
            }
            Files.write(file, flipped);

            assertThat(findDamage()).as("page %d", page).isNotEmpty();
        }
        Files.write(file, intact);
        assertThat(findDamage()).isEmpty();
    }

    private String findDamage() {
        try (SqliteDataSource database = SqliteDataSource.open(file)) {
            String damage = database.damage();
            if (damage != null) {
                assertThatThrownBy(() -> new JdbcTemplate(database).update("delete from data"))
                        .hasMessageContaining("readonly");
            }
            return damage == null ? "" : damage;
        } catch (DataAccessResourceFailureException e) {
            SQLException cause = (SQLException) e.getMostSpecificCause();
            assertThat(SqliteDataSource.isDamage(cause)).isTrue();
            return String.valueOf(cause.getMessage());
        }
    }
}
