package io.backprop.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

/** Failures that a real database shows only now and then; the others are shown by one. */
class DatabaseFailureTests {

    /** The pool's own. */
    private static SQLException closed() {
        return new SQLException("Connection is closed");
    }

    @Test
    void connectionThatBreaksInTheMiddleOfACommitIsNotTheRequestsFault() {
        TransactionSystemException rollback = new TransactionSystemException("JDBC rollback failed", closed());
        assertThat(DatabaseFailure.of(rollback)).isEqualTo(DatabaseFailure.UNAVAILABLE);

        rollback.initApplicationException(new DataAccessResourceFailureException(
                "JDBC commit", new SQLException("An I/O error occurred", "08006")));
        assertThat(DatabaseFailure.of(rollback)).isEqualTo(DatabaseFailure.UNAVAILABLE);
        assertThat(DatabaseFailure.messageOf(rollback)).isEqualTo("An I/O error occurred");
    }

    @Test
    void rollbackThatFailsDoesNotHideThatTheDiskIsFull() {
        TransactionSystemException rollback = new TransactionSystemException("JDBC rollback failed", closed());
        rollback.initApplicationException(
                new DataAccessResourceFailureException("insert", new SQLException("disk full", "53100")));

        assertThat(DatabaseFailure.of(rollback)).isEqualTo(DatabaseFailure.FULL);
    }

    @Test
    void transactionThatCanNotBeginIsNotTheRequestsFault() {
        assertThat(DatabaseFailure.of(new CannotCreateTransactionException("no connection", closed())))
                .isEqualTo(DatabaseFailure.UNAVAILABLE);
    }
}
