package io.backprop.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteDataSource;

/** Connections to a SQLite file: one that writes, and a few for transactions that only read. */
final class SqliteDataSource extends LazyConnectionDataSourceProxy implements AutoCloseable {
    /*
     * With a write-ahead log readers wait for no writer, and a writer waits for nobody since it is the only one: other
     * writers stand in line for its connection. Each commit is followed by an fsync (synchronous=FULL).
     */

    private static final int READERS = 4;
    private static final int TIMEOUT_MILLIS = 4_000;
    private static final int LOG_BYTES = 16 << 20; // what the log is cut to after it was longer
    private static final long RESERVE_BYTES = LOG_BYTES; // in which whatever was written can be removed again

    private final Path file;
    private final HikariDataSource writer;
    private final HikariDataSource readers;

    private SqliteDataSource(Path file, HikariDataSource writer, HikariDataSource readers) {
        this.file = file;
        this.writer = writer;
        this.readers = readers;
        setTargetDataSource(writer);
        setReadOnlyDataSource(readers);
        setDefaultAutoCommit(true);
        setDefaultTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
    }

    /** Opens a file, which is made if there is none. */
    static SqliteDataSource open(Path file) {
        try {
            Path folder = file.getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            SqliteLibrary.load(folder);
            prepare(file);
        } catch (IOException | SQLException e) {
            throw StoreUnusableException.of("the file " + file, e);
        }
        return new SqliteDataSource(file, pool("writer", 1, file), pool("readers", READERS, file));
    }

    /** What must be said before anything is written: pages that are free can be given back to the disk. */
    private static void prepare(Path file) throws SQLException {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl(OnSqlite.PREFIX + file);
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("pragma busy_timeout = " + TIMEOUT_MILLIS);
            if (statement.executeQuery("pragma page_count").getLong(1) == 0) {
                statement.execute("pragma auto_vacuum = incremental");
                statement.execute("pragma journal_mode = wal");
            }
        }
    }

    private static HikariDataSource pool(String name, int size, Path file) {
        SQLiteConfig sqlite = new SQLiteConfig();
        sqlite.setJournalMode(JournalMode.WAL);
        sqlite.setSynchronous(SynchronousMode.FULL);
        sqlite.setJournalSizeLimit(LOG_BYTES);
        sqlite.setBusyTimeout(TIMEOUT_MILLIS);
        sqlite.enforceForeignKeys(true);
        sqlite.setTransactionMode(size == 1 ? TransactionMode.IMMEDIATE : TransactionMode.DEFERRED);
        SQLiteDataSource source = new SQLiteDataSource(sqlite);
        source.setUrl(OnSqlite.PREFIX + file);
        HikariConfig pool = new HikariConfig();
        pool.setPoolName(name);
        pool.setMaximumPoolSize(size);
        pool.setMinimumIdle(1);
        pool.setConnectionTimeout(TIMEOUT_MILLIS);
        pool.setDataSource(source);
        return new HikariDataSource(pool);
    }

    /** Whether the disk has room for more bytes, and for removing them again: without that it would stay full. */
    boolean hasRoomFor(long bytes) {
        return file.toFile().getUsableSpace() >= bytes + RESERVE_BYTES;
    }

    @Override
    public void close() {
        readers.close();
        writer.close();
    }

    @Override
    public String toString() {
        return "the file " + file;
    }
}
