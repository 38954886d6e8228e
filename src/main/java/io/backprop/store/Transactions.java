package io.backprop.store;

import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** Runs work in a transaction; what the database refuses is told in the terms of the ports. */
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

    /** For work that writes nothing: it waits for no writer. */
    <T> T read(Supplier<T> work) {
        return run(reading, "answer", work);
    }

    /**
     * What the work has written is on disk when this returns; nothing of it is if it throws.
     *
     * @param what is written, for whoever is told that there is no room for it
     */
    <T> T write(String what, Supplier<T> work) {
        return run(writing, what, work);
    }

    @SuppressWarnings("NullAway") // null only where the work gives it
    private static <T> T run(TransactionTemplate transaction, String what, Supplier<T> work) {
        try {
            return transaction.execute(status -> work.get());
        } catch (DataAccessException | TransactionException e) {
            DatabaseFailure failure = DatabaseFailure.of(e);
            switch (failure) {
                case FULL -> {
                    log.error("No room left to store the {}: {}", what, DatabaseFailure.messageOf(e));
                    throw new StorageFullException(what, e);
                }
                case UNAVAILABLE -> {
                    log.warn("The database can't be reached: {}", DatabaseFailure.messageOf(e));
                    throw new StorageUnavailableException(e);
                }
                default -> throw e;
            }
        }
    }
}
