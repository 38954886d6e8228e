package io.backprop.store.sqlite;

import io.backprop.model.StorageDamagedException;
import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import io.backprop.security.PrivateFiles;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;

/** Consistent copies of the database, written while it is in use. */
public final class SqliteBackup {
    /*
     * VACUUM INTO copies a snapshot, while writers append to the log (BackupTests). SQLite's backup API would start again
     * with each change by another connection, and would copy free pages as well. Both take about 6 s per gigabyte. Neither
     * notices every damaged page, so the structure is checked first.
     */

    private static final Logger log = LoggerFactory.getLogger(SqliteBackup.class);
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("'backprop-'uuuuMMdd'T'HHmmss.SSS'Z.db'")
            .withZone(ZoneOffset.UTC);
    private static final String PART = ".part";
    private static final long MIN_LEFT = 1 << 30; // bytes, by default as many as by backprop.spool.free
    private static final int SHARE_OF_DISK = 10; // but at most a tenth

    private final SqliteDataSource database;
    private final Path folder;
    private final Clock clock;

    SqliteBackup(SqliteDataSource database, Path folder, Clock clock) {
        this.database = database;
        this.folder = folder;
        this.clock = clock;
    }

    /** A backup that is on disk. */
    public record Backup(Path file, long bytes) {}

    /** Writes a new file with everything that was stored before this call. A second call waits for the first. */
    public synchronized Backup write() {
        try {
            PrivateFiles.createFolder(folder);
            deleteParts();
            Path file = folder.resolve(NAME.format(clock.instant()));
            Path part = file.resolveSibling(file.getFileName() + PART);
            try {
                copyTo(part);
                sync(part, StandardOpenOption.WRITE);
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
            syncFolder();
            log.info("Backup written to {}", file);
            return new Backup(file, Files.size(file));
        } catch (SQLException e) {
            throw translate(e);
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    /** Deletes what killed processes left behind. */
    private void deleteParts() throws IOException {
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, "backprop-*.db" + PART)) {
            for (Path part : parts) {
                Files.deleteIfExists(part);
            }
        }
    }

    private void copyTo(Path file) throws IOException, SQLException {
        try (Connection connection = database.connect()) {
            try (Statement statement = connection.createStatement()) {
                requireRoom(statement);
                database.checkStructure(statement);
            }
            if (database.damage() != null) {
                throw new StorageDamagedException(null);
            }
            PrivateFiles.createFile(file);
            try (PreparedStatement copy = connection.prepareStatement("vacuum into ?")) {
                copy.setString(1, file.toString());
                copy.execute();
            }
        }
    }

    private void requireRoom(Statement statement) throws SQLException {
        long pages = statement.executeQuery("pragma page_count").getLong(1)
                - statement.executeQuery("pragma freelist_count").getLong(1);
        long bytes = pages * statement.executeQuery("pragma page_size").getLong(1);
        File disk = folder.toFile();
        long left = Math.max(DiskReserve.BYTES, Math.min(MIN_LEFT, disk.getTotalSpace() / SHARE_OF_DISK));
        if (disk.getUsableSpace() < bytes + left) {
            throw full(new IOException(
                    "a backup of %d bytes must leave %d bytes of the disk free".formatted(bytes, left)));
        }
    }

    private void syncFolder() {
        try {
            sync(folder, StandardOpenOption.READ);
        } catch (IOException e) { // on Windows, where folders cannot be opened
            log.debug("Folder {} is not synchronized: {}", folder, e.getMessage());
        }
    }

    private static void sync(Path path, StandardOpenOption option) throws IOException {
        try (FileChannel channel = FileChannel.open(path, option)) {
            channel.force(true);
        }
    }

    private RuntimeException translate(SQLException e) {
        if (SqliteDataSource.isDamage(e)) {
            database.reportDamage(String.valueOf(e.getMessage()));
            return new StorageDamagedException(e);
        }
        return e.getErrorCode() == SQLiteErrorCode.SQLITE_FULL.code ? full(e) : unavailable(e);
    }

    private StorageFullException full(Exception e) {
        log.error("No backup is written to {}: {}", folder, e.getMessage());
        return new StorageFullException("backup", e);
    }

    private StorageUnavailableException unavailable(Exception e) {
        log.error("No backup can be written to {}: {}", folder, e.toString());
        return new StorageUnavailableException("no backup can be written to %s: %s".formatted(folder, e), e);
    }
}
