package io.backprop.store;

import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import io.backprop.store.BlobStore.BlobWriter;
import io.backprop.store.format.CheckpointFormat;
import io.backprop.training.Checkpoint;
import io.backprop.training.TrainingLease;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The leases of the rows of a table, which are trainings or parts of trainings. */
final class LeasedRows {

    private static final Logger log = LoggerFactory.getLogger(LeasedRows.class);

    /** Work that has ended its process as often without a new checkpoint would do so again. */
    static final int MAX_ATTEMPTS = 5;

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final BlobStore blobs;
    private final WorkQueue queue;
    private final String table;
    private final BlobStore.Kind checkpoint;

    LeasedRows(
            JdbcClient jdbc,
            Transactions transactions,
            BlobStore blobs,
            WorkQueue queue,
            String table,
            BlobStore.Kind checkpoint) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.blobs = blobs;
        this.queue = queue;
        this.table = table;
        this.checkpoint = checkpoint;
    }

    /**
     * Work whose last two attempts have failed is attempted one at a time. One piece of it may end the processes that attempt
     * it; the others, without it, reach their next checkpoint and are no longer counted.
     *
     * @param exempt a condition for rows {@code t} that may be leased in any case
     * @throws WorkQueue.PostponedException if such work is to be attempted while other such work is
     */
    void requireAlone(String id, String exempt) {
        String sql = """
            select count(*) from %1$s t
            join %1$s other on other.id <> t.id and other.state = 'RUNNING' and other.attempts > 2
            join %2$s on task_instance = other.id and picked = ?
            where t.id = ? and t.attempts >= 2 and not (%3$s)\
            """.formatted(table, queue.table(), exempt);
        if (jdbc.sql(sql).params(true, id).query(Integer.class).single() > 0) {
            throw new WorkQueue.PostponedException();
        }
    }

    boolean ifHeld(TrainingLease lease, Runnable change) {
        boolean held = isHeld(lease);
        if (held) {
            change.run();
        }
        return held;
    }

    /** Whether a lease is the newest, and remains so until the transaction ends. */
    boolean isHeld(TrainingLease lease) {
        return update(
                        "update %s set lease = lease where id = ? and lease = ? and state = 'RUNNING'",
                        lease.id(), lease.token())
                > 0;
    }

    /** Does not count an attempt that the work has not ended. */
    void takeBackAttempt(TrainingLease lease) {
        try {
            transactions.writeFromReserve(() -> ifHeld(lease, () -> uncountAttempt(lease)));
        } catch (StorageUnavailableException | StorageFullException e) {
            log.debug("An attempt at {} remains counted: {}", lease.id(), e.getMessage());
        }
    }

    void uncountAttempt(TrainingLease lease) {
        update("update %s set attempts = attempts - 1 where id = ? and attempts > 0", lease.id());
    }

    void release(TrainingLease lease) {
        transactions.writeFromReserve(() -> ifHeld(lease, () -> {
            uncountAttempt(lease);
            queue.release(lease.id());
        }));
    }

    /** Replaces the checkpoint; returns false if the lease is lost. */
    boolean checkpoint(TrainingLease lease, Checkpoint state) {
        try (BlobWriter blob = blobs.create(checkpoint)) {
            CheckpointFormat.write(state, blob);
            boolean written = transactions.write(
                    "training",
                    () -> ifHeld(lease, () -> {
                        blob.attachTo(lease.id());
                        update("update %s set attempts = 0 where id = ?", lease.id());
                    }));
            blobs.deleteExpired(); // the previous one now, before there are many
            return written;
        }
    }

    private int update(String sql, @Nullable Object... params) {
        return jdbc.sql(sql.formatted(table)).params(Arrays.asList(params)).update();
    }
}
