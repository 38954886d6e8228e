package io.backprop.store;

import io.backprop.model.StorageDamagedException;
import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import io.backprop.store.sqlite.SqliteDataSource;
import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.support.SQLErrorCodeSQLExceptionTranslator;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionTemplate;

/** Runs actions in transactions, and translates failures of the database into the exceptions of the ports. */
@Component
class Transactions {

    private static final Logger log = LoggerFactory.getLogger(Transactions.class);
    private static final long EPISODE_NANOS = 60_000_000_000L;

    private final TransactionTemplate reading;
    private final TransactionTemplate writing;
    private final SQLExceptionTranslator errors;
    private final @Nullable SqliteDataSource file; // null for other databases
    private final Episode full = new Episode();
    private final Episode unavailable = new Episode();

    Transactions(PlatformTransactionManager manager, DataSource database) {
        errors = new SQLErrorCodeSQLExceptionTranslator(database);
        reading = new TransactionTemplate(manager);
        reading.setReadOnly(true);
        writing = new TransactionTemplate(manager);
        file = database instanceof SqliteDataSource sqlite ? sqlite : null;
    }

    /** Runs an action that only reads, and therefore does not wait for writers. */
    <T> T read(Supplier<T> action) {
        return run(reading, "answer", action);
    }

    /**
     * Runs an action that stores something new. Its changes are durable when this method returns, and undone if it throws.
     *
     * @param what is written, for the message of {@link StorageFullException}
     * @throws StorageFullException also if only the disk's reserve is left, so that what is stored can be removed again
     */
    <T> T write(String what, Supplier<T> action) {
        requireRoom(what, 0);
        requireIntact();
        return run(writing, what, action);
    }

    /** Runs an action that removes or ends something, which is possible on a full disk too (FullDiskTests). */
    <T> T writeFromReserve(Supplier<T> action) {
        requireIntact();
        return run(writing, "change", action);
    }

    /** @throws StorageFullException if the disk has no room for this many bytes besides its reserve */
    void requireRoom(String what, long bytes) {
        if (!hasRoomFor(bytes)) {
            throw full(what, new IOException("only the reserve of the disk is left"));
        }
    }

    private void requireIntact() {
        if (file != null && file.damage() != null) {
            throw new StorageDamagedException(null);
        }
    }

    boolean hasRoomFor(long bytes) {
        return file == null || file.hasRoomFor(bytes);
    }

    @SuppressWarnings("NullAway") // null only if the action returns it
    private <T> T run(TransactionTemplate transaction, String what, Supplier<T> action) {
        try {
            return transaction.execute(status -> action.get());
        } catch (DataAccessException | TransactionException e) {
            throw translate(e, what);
        }
    }

    private RuntimeException translate(RuntimeException failure, String what) {
        Throwable original = originalOf(failure);
        if (original instanceof DiskFullException) {
            return full(what, failure);
        }
        if (original instanceof DatabaseDamagedException) {
            if (file != null) {
                file.reportDamage(String.valueOf(message(original)));
            }
            return new StorageDamagedException(failure);
        }
        if (isUnavailable(original)) {
            if (unavailable.begins()) {
                log.warn("The database is unavailable: {}", message(original));
            }
            return new StorageUnavailableException(failure);
        }
        return failure;
    }

    private StorageFullException full(String what, Exception cause) {
        if (full.begins()) {
            log.error("The disk is full, there is no room left to store the {}: {}", what, message(cause));
        }
        return new StorageFullException(what, cause);
    }

    private static @Nullable String message(Throwable failure) {
        return NestedExceptionUtils.getMostSpecificCause(failure).getMessage();
    }

    /** A series of failures, of which only the first is logged. */
    private static final class Episode {

        private final AtomicLong last = new AtomicLong(System.nanoTime() - EPISODE_NANOS);

        /** Whether this is the first failure for some time. */
        boolean begins() {
            long now = System.nanoTime();
            return now - last.getAndSet(now) >= EPISODE_NANOS;
        }
    }

    /** Returns the failure of the commit, or of the action if the rollback has failed as well. */
    private Throwable originalOf(RuntimeException failure) {
        /*
         * The transaction manager does not translate failures (spring.dao.exceptiontranslation.enabled=false), because
         * it would then roll back after a failed commit and throw only the failure of that rollback. SQLite has already
         * rolled back when the disk is full, so that a second rollback fails (FullDiskTests).
         */
        Throwable original = failure instanceof TransactionSystemException e ? e.getOriginalException() : null;
        if (original instanceof SQLException e) {
            original = errors.translate("commit", null, e);
        }
        return original instanceof DataAccessException ? original : failure;
    }

    /** Whether the database, not the statement, is the reason of a failure. */
    private static boolean isUnavailable(Throwable failure) {
        return failure instanceof TransactionException // begin, commit or rollback failed
                || failure instanceof DataAccessResourceFailureException
                || failure instanceof TransientDataAccessException
                || failure instanceof UncategorizedSQLException; // XX000, errors of the connection pool
    }
}
