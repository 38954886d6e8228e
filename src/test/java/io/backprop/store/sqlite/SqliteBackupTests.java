package io.backprop.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.SmallDisk;
import io.backprop.TestFolders;
import io.backprop.model.StorageDamagedException;
import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class SqliteBackupTests {

    private final Path file = TestFolders.create().resolve("backprop.db");

    private static SqliteBackup backup(SqliteDataSource database, Path folder) {
        return new SqliteBackup(database, folder, Clock.fixed(Instant.parse("2026-11-28T12:00:00.5Z"), ZoneOffset.UTC));
    }

    private static void addRows(SqliteDataSource database) {
        JdbcTemplate jdbc = new JdbcTemplate(database);
        jdbc.update("create table data (bytes blob)");
        jdbc.update("insert into data values (randomblob(3000000)), (randomblob(10))");
    }

    @Test
    void generatesTheNameAndDeletesWhatKilledProcessesLeftBehind() throws Exception {
        try (SqliteDataSource database = SqliteDataSource.open(file)) {
            addRows(database);
            Path folder = Files.createDirectories(file.resolveSibling("copies"));
            Files.createFile(folder.resolve("backprop-20261128T110000.000Z.db.part"));

            SqliteBackup.Backup written = backup(database, folder).write();

            assertThat(folder.toFile().list()).containsExactly("backprop-20261128T120000.500Z.db");
            assertThat(written.bytes()).isEqualTo(Files.size(written.file())).isGreaterThan(3_000_000);
        }
    }

    @Test
    void refusesToFillTheDisk() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(18);
                SqliteDataSource database = SqliteDataSource.open(file)) {
            addRows(database);
            Path folder = disk.folder().resolve("backups");

            assertThatThrownBy(() -> backup(database, folder).write())
                    .isInstanceOf(StorageFullException.class)
                    .hasMessage("there is no room left to store the backup");

            assertThat(folder).isEmptyDirectory();
            disk.fill();
            assertThatThrownBy(() -> backup(database, folder).write()).isInstanceOf(StorageFullException.class);
        }
    }

    @Test
    void explainsWhyNoBackupCanBeWritten() throws Exception {
        try (SqliteDataSource database = SqliteDataSource.open(file)) {
            Path notAFolder = Files.createFile(file.resolveSibling("file"));

            assertThatThrownBy(() -> backup(database, notAFolder).write())
                    .isInstanceOf(StorageUnavailableException.class)
                    .hasMessageStartingWith("no backup can be written to " + notAFolder);
        }
    }

    @Test
    void damagedDatabaseGivesNoBackup() throws Exception {
        try (SqliteDataSource database = SqliteDataSource.open(file)) {
            addRows(database);
        }
        byte[] bytes = Files.readAllBytes(file);
        for (int i = 0; i < 4096; i++) {
            bytes[bytes.length - 8192 + i] ^= (byte) 0xFF;
        }
        Files.write(file, bytes, StandardOpenOption.TRUNCATE_EXISTING);
        Path folder = file.resolveSibling("backups");
        try (SqliteDataSource database = SqliteDataSource.open(file)) {
            assertThatThrownBy(() -> backup(database, folder).write()).isInstanceOf(StorageDamagedException.class);
        }
        assertThat(folder).isEmptyDirectory();
    }
}
