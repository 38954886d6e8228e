package io.backprop.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.SimpleTransactionStatus;

/** Translation of failures that other tests cannot provoke in a real database. */
class TransactionsTests {

    private final SQLException closed = new SQLException("Connection is closed"); // of the connection pool

    /** Returns transactions that fail at one of their steps. */
    private static Transactions failingAt(String step, RuntimeException failure) {
        PlatformTransactionManager manager = new PlatformTransactionManager() {

            @Override
            public TransactionStatus getTransaction(@Nullable TransactionDefinition definition) {
                failIf("begin");
                return new SimpleTransactionStatus();
            }

            @Override
            public void commit(TransactionStatus status) {
                failIf("commit");
            }

            @Override
            public void rollback(TransactionStatus status) {
                failIf("rollback");
            }

            private void failIf(String current) {
                if (step.equals(current)) {
                    throw failure;
                }
            }
        };
        return new Transactions(manager, new DriverManagerDataSource("jdbc:sqlite::memory:"));
    }

    @Test
    void failureToBeginMeansUnavailable() {
        Transactions transactions = failingAt("begin", new CannotCreateTransactionException("no connection", closed));

        assertThatThrownBy(() -> transactions.read(() -> 1)).isInstanceOf(StorageUnavailableException.class);
    }

    @Test
    void connectionLostDuringCommitMeansUnavailable() {
        Transactions transactions = failingAt("commit", new TransactionSystemException("commit failed", closed));

        assertThatThrownBy(() -> transactions.write("model", () -> 1)).isInstanceOf(StorageUnavailableException.class);
    }

    @Test
    void recognizesFullDiskDuringCommit() {
        SQLException full = new SQLException("database or disk is full", null, 13);
        Transactions transactions = failingAt("commit", new TransactionSystemException("commit failed", full));

        assertThatThrownBy(() -> transactions.write("model", () -> 1)).isInstanceOf(StorageFullException.class);
    }

    @Test
    void connectionLostDuringRollbackMeansUnavailable() {
        Transactions transactions = failingAt("rollback", new TransactionSystemException("rollback failed", closed));

        assertThatThrownBy(() -> transactions.read(() -> {
                    throw new IllegalStateException("a failure of the action itself");
                }))
                .isInstanceOf(StorageUnavailableException.class);
    }

    @Test
    void failedRollbackDoesNotHideFullDisk() {
        SQLException noTransaction = new SQLException("cannot rollback - no transaction is active");
        Transactions transactions =
                failingAt("rollback", new TransactionSystemException("rollback failed", noTransaction));

        assertThatThrownBy(() -> transactions.write("model", () -> {
                    throw new DiskFullException("insert", new SQLException("database or disk is full"));
                }))
                .isInstanceOf(StorageFullException.class)
                .hasMessage("there is no room left to store the model");
    }

    @Test
    void otherFailuresAreNotTranslated() {
        Transactions transactions = failingAt("never", new IllegalStateException());

        assertThatThrownBy(() -> transactions.write("model", () -> {
                    throw new DuplicateKeyException("insert");
                }))
                .isInstanceOf(DuplicateKeyException.class);
    }
}
