package io.backprop.store.sqlite;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.support.SQLErrorCodesFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TempStore;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteDataSource;

/** Connections to a SQLite file: one for writing, and a few for read-only transactions. */
public final class SqliteDataSource extends LazyConnectionDataSourceProxy implements AutoCloseable {
    /*
     * With a write-ahead log, readers do not wait for the writer (SqliteModelStoreTests). Writers wait for the only
     * writing connection instead of failing with SQLITE_BUSY. Every commit is followed by an fsync (synchronous=FULL),
     * so that what was acknowledged survives a power failure.
     */

    static final String URL_PREFIX = "jdbc:sqlite:";

    private static final int READERS = 4;
    private static final int TIMEOUT_MILLIS = 4_000;

    private final Path file;
    private final StoreLock lock;
    private final DiskReserve reserve;
    private final HikariDataSource writer;
    private final HikariDataSource readers;

    private SqliteDataSource(Path file, StoreLock lock, DiskReserve reserve) {
        this.file = file;
        this.lock = lock;
        this.reserve = reserve;
        this.writer = pool("writer", 1, TransactionMode.IMMEDIATE, file);
        this.readers = pool("readers", READERS, TransactionMode.DEFERRED, file);
        setTargetDataSource(writer);
        setReadOnlyDataSource(readers);
        setDefaultAutoCommit(true);
        setDefaultTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
        // Otherwise the first error would ask for the name of the product, with a connection that may not be available.
        SQLErrorCodesFactory.getInstance().registerDatabase(this, "SQLite");
    }

    /**
     * Opens a file, which is created if it does not exist.
     *
     * @throws StoreInUseException if another process uses it
     */
    public static SqliteDataSource open(Path file) {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
        try {
            Files.createDirectories(folder);
            StoreLock lock = StoreLock.acquire(file);
            try {
                DiskReserve reserve = new DiskReserve(file);
                reserve.release();
                SqliteNativeLibrary.extractTo(folder);
                if (Files.notExists(file) || Files.size(file) == 0) {
                    create(file);
                }
                SqliteDataSource database = new SqliteDataSource(file, lock, reserve);
                reserve.extendLog();
                return database;
            } catch (IOException | SQLException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException | SQLException e) {
            throw new DataAccessResourceFailureException("failed to open " + file, e);
        }
    }

    /** Enables incremental vacuum, which is possible only in an empty database. */
    private static void create(Path file) throws SQLException {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl(URL_PREFIX + file);
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("pragma auto_vacuum = incremental");
            statement.execute("pragma journal_mode = wal");
        }
    }

    private static HikariDataSource pool(String name, int size, TransactionMode mode, Path file) {
        SQLiteConfig sqlite = new SQLiteConfig();
        sqlite.setJournalMode(JournalMode.WAL);
        sqlite.setSynchronous(SynchronousMode.FULL);
        sqlite.setJournalSizeLimit(DiskReserve.BYTES); // a longer log is truncated to this
        sqlite.setTempStore(TempStore.MEMORY);
        sqlite.setBusyTimeout(TIMEOUT_MILLIS);
        sqlite.enforceForeignKeys(true);
        sqlite.setTransactionMode(mode);
        SQLiteDataSource source = new SQLiteDataSource(sqlite);
        source.setUrl(URL_PREFIX + file);
        HikariConfig pool = new HikariConfig();
        pool.setPoolName(name);
        pool.setMaximumPoolSize(size);
        pool.setMinimumIdle(1);
        pool.setConnectionTimeout(TIMEOUT_MILLIS);
        pool.setMaxLifetime(0); // the last connection to be closed deletes the log
        pool.setDataSource(source);
        return new HikariDataSource(pool);
    }

    /** Whether the disk has room for more data, and for moving to the database what the log contains already. */
    public boolean hasRoomFor(long bytes) {
        return file.toFile().getUsableSpace() >= bytes + DiskReserve.BYTES;
    }

    @Override
    public void close() {
        readers.close();
        writer.close();
        reserve.keep();
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
