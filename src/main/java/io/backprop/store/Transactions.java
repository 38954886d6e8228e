package io.backprop.store;

import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import java.sql.SQLException;
import java.util.function.Supplier;
import javax.sql.DataSource;
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

    private final TransactionTemplate reading;
    private final TransactionTemplate writing;
    private final SQLExceptionTranslator errors;

    Transactions(PlatformTransactionManager manager, DataSource database) {
        errors = new SQLErrorCodeSQLExceptionTranslator(database);
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
    private <T> T run(TransactionTemplate transaction, String what, Supplier<T> action) {
        try {
            return transaction.execute(status -> action.get());
        } catch (DataAccessException | TransactionException e) {
            throw translate(e, what);
        }
    }

    private RuntimeException translate(RuntimeException failure, String what) {
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
                || (failure instanceof UncategorizedSQLException // errors of the connection pool have no state
                        && failure.getCause() instanceof SQLException e
                        && e.getSQLState() == null);
    }
}
