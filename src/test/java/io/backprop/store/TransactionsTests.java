package io.backprop.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

/** Translation of failures that other tests cannot provoke in a real database. */
class TransactionsTests {

    /** Of the connection pool. */
    private static SQLException closed() {
        return new SQLException("Connection is closed");
    }

    @Test
    void connectionLostDuringCommitMeansUnavailable() {
        TransactionSystemException rollback = new TransactionSystemException("JDBC rollback failed", closed());
        assertThat(Transactions.translate(rollback, "model")).isInstanceOf(StorageUnavailableException.class);

        rollback.initApplicationException(new DataAccessResourceFailureException(
                "JDBC commit", new SQLException("An I/O error occurred", "08006")));
        assertThat(Transactions.translate(rollback, "model")).isInstanceOf(StorageUnavailableException.class);
    }

    @Test
    void failedRollbackDoesNotHideFullDisk() {
        TransactionSystemException rollback = new TransactionSystemException("JDBC rollback failed", closed());
        rollback.initApplicationException(new DiskFullException("insert", new SQLException("disk full", "53100")));

        assertThat(Transactions.translate(rollback, "model")).isInstanceOf(StorageFullException.class);
    }

    @Test
    void failureToBeginMeansUnavailable() {
        assertThat(Transactions.translate(new CannotCreateTransactionException("no connection", closed()), "model"))
                .isInstanceOf(StorageUnavailableException.class);
    }
}
