package io.backprop.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.TestFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
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
    void onlyThisUserCanReadTheFiles() throws Exception {
        Path created = folder.resolve("store");
        Path database = created.resolve("backprop.db");
        try (SqliteDataSource source = SqliteDataSource.open(database)) {
            new JdbcTemplate(source).update("create table data (bytes blob)");
            new SqliteBackup(source, created.resolve("backups"), Clock.systemUTC()).write();
            assertArePrivate(
                    created, "backprop.db", "backprop.db-wal", "backprop.db-shm", "backprop.db-lock", "backups");
        }
        assertArePrivate(created, "backprop.db", "backprop.db-lock", "backprop.db-reserve", "backups");

        Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("rw-r--r--")); // a restored backup
        SqliteDataSource.open(database).close();
        assertArePrivate(created, "backprop.db");
    }

    private static void assertArePrivate(Path folder, String... expected) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            List<Path> all = paths.toList();
            assertThat(all.stream().map(path -> path.getFileName().toString())).contains(expected);
            for (Path path : all) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                        .as(path.toString())
                        .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
            }
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
