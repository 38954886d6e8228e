package io.backprop.store;

import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionTemplate;

/** Runs actions in transactions, and translates failures of the database into the exceptions of the ports. */
@Component
class Transactions {

    private static final Logger log = LoggerFactory.getLogger(Transactions.class);

    private final TransactionTemplate reading;
    private final TransactionTemplate writing;

    Transactions(PlatformTransactionManager manager) {
        reading = new TransactionTemplate(manager);
        reading.setReadOnly(true);
        writing = new TransactionTemplate(manager);
    }

    /** Runs an action that only reads, and therefore does not wait for writers. */
    <T> T read(Supplier<T> action) {
        return run(reading, "answer", action);
    }

    /**
     * Runs an action that writes. Its changes are durable when this method returns, and undone if it throws.
     *
     * @param what is written, for the message of {@link StorageFullException}
     */
    <T> T write(String what, Supplier<T> action) {
        return run(writing, what, action);
    }

    @SuppressWarnings("NullAway") // null only if the action returns it
    private static <T> T run(TransactionTemplate transaction, String what, Supplier<T> action) {
        try {
            return transaction.execute(status -> action.get());
        } catch (DataAccessException | TransactionException e) {
            throw translate(e, what);
        }
    }

    private static RuntimeException translate(RuntimeException failure, String what) {
        Throwable original = originalOf(failure);
        String message = NestedExceptionUtils.getMostSpecificCause(original).getMessage();
        if (original instanceof DiskFullException) {
            log.error("No room left to store the {}: {}", what, message);
            return new StorageFullException(what, failure);
        }
        if (isUnavailable(original)) {
            log.warn("The database is unavailable: {}", message);
            return new StorageUnavailableException(failure);
        }
        return failure;
    }

    /** SQLite rolls back by itself when the disk is full, after which the regular rollback fails (FullDiskTests). */
    private static Throwable originalOf(RuntimeException failure) {
        Throwable original =
                failure instanceof TransactionSystemException rollback ? rollback.getApplicationException() : null;
        return original == null ? failure : original;
    }

    /** Whether the database, not the statement, is the reason of a failure. */
    private static boolean isUnavailable(Throwable failure) {
        return failure instanceof TransactionException // begin, commit or rollback failed
                || failure instanceof DataAccessResourceFailureException
                || failure instanceof TransientDataAccessException
                || failure instanceof UncategorizedSQLException e // errors of the connection pool have no code
                        && e.getSQLException().getSQLState() == null;
    }
}
