package io.backprop.store.sqlite;

import io.backprop.security.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Disk space that other data cannot use, so that a database on a full disk can be opened and its data deleted. */
final class DiskReserve {
    /*
     * Deleting rows writes to the write-ahead log first. While the database is open, the reserve is therefore the log
     * itself, which is extended in advance; SQLite ignores zeros after the last frame, and reuses the log from its start
     * after each checkpoint. SQLite deletes the log when the database is closed. The reserve is then a file of the same
     * size, which is deleted before the database is opened again (FullDiskTests).
     */

    static final int BYTES = 16 << 20; // SQLite checkpoints the log when it has 4 MB

    private static final Logger log = LoggerFactory.getLogger(DiskReserve.class);
    private static final int BLOCK_BYTES = 1 << 16;

    private final Path writeAheadLog;
    private final Path placeholder;

    DiskReserve(Path database) {
        this.writeAheadLog = database.resolveSibling(database.getFileName() + "-wal");
        this.placeholder = database.resolveSibling(database.getFileName() + "-reserve");
    }

    /** Makes the reserve available to open the database. */
    void release() throws IOException {
        Files.deleteIfExists(placeholder);
    }

    /** Extends the log of the database, which has just been opened. */
    void extendLog() {
        extend(writeAheadLog);
    }

    /** Keeps the reserve while the database is closed. */
    void keep() {
        if (Files.notExists(writeAheadLog)) { // it remains if there was no room for a checkpoint
            extend(placeholder);
        }
    }

    private static void extend(Path file) {
        try (FileChannel channel = PrivateFiles.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocate(BLOCK_BYTES);
            for (long size = channel.size(); size < BYTES; size += zeros.position()) {
                zeros.position(0).limit((int) Math.min(BLOCK_BYTES, BYTES - size));
                channel.write(zeros, size);
            }
        } catch (IOException e) {
            log.warn("A full disk may prevent deletions: no room to extend {}: {}", file, e.getMessage());
        }
    }
}
