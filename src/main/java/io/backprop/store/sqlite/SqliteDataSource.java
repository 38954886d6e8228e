package io.backprop.store.sqlite;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.backprop.security.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.support.SQLErrorCodesFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TempStore;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;

/** Connections to a SQLite file: one for writing, and a few for read-only transactions. */
public final class SqliteDataSource extends LazyConnectionDataSourceProxy implements AutoCloseable {
    /*
     * With a write-ahead log, readers do not wait for the writer (SqliteModelStoreTests). Writers wait for the only
     * writing connection instead of failing with SQLITE_BUSY. Every commit is followed by an fsync (synchronous=FULL),
     * so that what was acknowledged survives a power failure.
     *
     * A damaged database becomes read-only, because writing could destroy what is still intact (DamagedStoreTests). All
     * connections are then those of the readers.
     */

    private static final Logger log = LoggerFactory.getLogger(SqliteDataSource.class);

    static final String URL_PREFIX = "jdbc:sqlite:";

    private static final int READERS = 4;
    private static final long PAUSE_NANOS = 200_000;
    private static final int TIMEOUT_MILLIS = 4_000;
    private static final int CHECK_MILLIS = 10_000; // sufficient for several gigabytes

    private final Path file;
    private final StoreLock lock;
    private final DiskReserve reserve;
    private final HikariDataSource writer;
    private final HikariDataSource readers;
    private volatile @Nullable Statement check;
    private volatile @Nullable String damage;

    private SqliteDataSource(Path file, StoreLock lock, DiskReserve reserve) {
        this.file = file;
        this.lock = lock;
        this.reserve = reserve;
        this.writer = pool("writer", 1, TransactionMode.IMMEDIATE, "", file);
        this.readers = pool("readers", READERS, TransactionMode.DEFERRED, "pragma query_only = on", file);
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
            PrivateFiles.createFolder(folder);
            StoreLock lock = StoreLock.acquire(file);
            try {
                DiskReserve reserve = new DiskReserve(file);
                reserve.release();
                SqliteNativeLibrary.extractTo(folder);
                PrivateFiles.createFile(file); // SQLite gives its permissions to the other files of the database
                if (Files.size(file) == 0) {
                    create(file);
                }
                SqliteDataSource database = new SqliteDataSource(file, lock, reserve);
                reserve.extendLog();
                database.startCheck();
                return database;
            } catch (IOException | SQLException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException | SQLException | PoolInitializationException e) {
            throw new DataAccessResourceFailureException("failed to open " + file, e);
        }
    }

    /** Enables incremental vacuum, which is possible only in an empty database. */
    private static void create(Path file) throws SQLException {
        try (Connection connection = connect(file);
                Statement statement = connection.createStatement()) {
            statement.execute("pragma auto_vacuum = incremental");
            statement.execute("pragma journal_mode = wal");
        }
    }

    private static Connection connect(Path file) throws SQLException {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl(URL_PREFIX + file);
        return source.getConnection();
    }

    /** Opens a connection that belongs to no pool. */
    Connection connect() throws SQLException {
        return connect(file);
    }

    private static HikariDataSource pool(String name, int size, TransactionMode mode, String initSql, Path file) {
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
        pool.setConnectionInitSql(initSql);
        pool.setDataSource(source);
        return new HikariDataSource(pool);
    }

    /** Checks the structure, but does not wait for the result longer than a limit. */
    private void startCheck() {
        Thread checker = new Thread(
                () -> {
                    try (Connection connection = readers.getConnection();
                            Statement statement = connection.createStatement()) {
                        check = statement;
                        checkStructure(statement);
                    } catch (SQLException e) {
                        if (check != null) { // not closed
                            log.warn("The structure of {} is not checked: {}", file, e.getMessage());
                        }
                    } finally {
                        check = null;
                    }
                },
                "structure-check");
        checker.setDaemon(true);
        checker.start();
        try {
            checker.join(CHECK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Checks the structure of the file, which is read completely, and reports damage. */
    void checkStructure(Statement statement) throws SQLException {
        try {
            String finding = statement.executeQuery("pragma quick_check(1)").getString(1);
            if (!finding.equals("ok")) {
                reportDamage(finding);
            }
        } catch (SQLException e) {
            if (!isDamage(e)) {
                throw e;
            }
            reportDamage(String.valueOf(e.getMessage()));
        }
    }

    private void cancelCheck() {
        Statement running = check;
        check = null;
        if (running != null) {
            try {
                running.cancel();
            } catch (SQLException e) {
                log.debug("The check of {} is not cancelled: {}", file, e.getMessage());
            }
        }
    }

    /** Whether an error of SQLite means that the file is damaged. */
    public static boolean isDamage(SQLException e) {
        return e.getErrorCode() == SQLiteErrorCode.SQLITE_CORRUPT.code
                || e.getErrorCode() == SQLiteErrorCode.SQLITE_NOTADB.code;
    }

    /** Makes the database read-only. */
    public void reportDamage(String finding) {
        synchronized (lock) {
            if (damage == null) {
                setTargetDataSource(readers);
                damage = finding;
                log.error("{} is damaged, and is not written to any more; restore a backup. Found: {}", file, finding);
            }
        }
    }

    /** What is known to be damaged; null for nothing. */
    public @Nullable String damage() {
        return damage;
    }

    /** The connections for reading only, which do not wait for writers. */
    public DataSource readers() {
        return readers;
    }

    public Path folder() {
        return Objects.requireNonNull(file.getParent());
    }

    /** The size of the database with its write-ahead log. */
    public long bytes() {
        return file.toFile().length()
                + file.resolveSibling(file.getFileName() + "-wal").toFile().length();
    }

    /** Whether the disk has room for more data, and for a checkpoint of the write-ahead log. */
    public boolean hasRoomFor(long bytes) {
        return file.toFile().getUsableSpace() >= bytes + DiskReserve.BYTES;
    }

    /**
     * Pauses between transactions in sequence, so that waiting writers get the connection. HikariCP prefers a thread that
     * asks for it again at once, which kept others waiting for 3 s (LargeVersionsTests).
     */
    public static void letOthersWrite() {
        LockSupport.parkNanos(PAUSE_NANOS);
    }

    @Override
    public void close() {
        cancelCheck();
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
