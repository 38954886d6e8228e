package io.backprop.store;

import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import io.backprop.store.format.ChunkSource;
import io.backprop.store.sqlite.SqliteDataSource;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Large payloads of versions and trainings, in chunks, so that only a few MiB are in memory or in one transaction. */
@Component
class BlobStore implements SmartInitializingSingleton {
    /*
     * SQLite has one writer, so a transaction must be short (BlobStoreContract). A blob is written in transactions of a
     * few MiB and attached to its version or training in the last one. It never changes: a newer blob replaces it. A
     * blob that belongs to neither is deleted once it has expired, a few chunks at a time. It may have been replaced, its
     * version or training may have been removed, or its writer may have died.
     */

    private static final Logger log = LoggerFactory.getLogger(BlobStore.class);
    private static final int BYTES_PER_TRANSACTION = 2 << 20;
    private static final int LEFT_FOR_OTHERS = 8 << 20; // bytes of the disk, for small changes (SqliteBlobStoreTests)
    private static final int CHUNKS_PER_DELETION = 4; // of up to 1 MiB each
    private static final int BLOBS_PER_DELETION = 100;
    private static final String DETACHED = "model_id is null and training_id is null and part_id is null";
    private static final long DELETION_NANOS = 200_000_000;
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final Clock clock;
    private final boolean shared;

    BlobStore(JdbcClient jdbc, Transactions transactions, Clock clock, DataSource database) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.clock = clock;
        this.shared = !(database instanceof SqliteDataSource);
    }

    /** Lets the blobs of a previous process expire, unless they may be those of another one. */
    @Override
    public void afterSingletonsInstantiated() {
        if (!shared) {
            try {
                String sql = "update blob set expires_at = 0 where expires_at > 0 and " + DETACHED;
                transactions.writeFromReserve(() -> jdbc.sql(sql).update());
            } catch (StorageFullException | StorageUnavailableException e) { // they will expire
                log.debug("Deletion is postponed: {}", e.getMessage());
            }
        }
    }

    enum Kind {
        /** The parameters of a version. */
        PARAMETERS("model", "model_id"),
        /** The training data, until the training ends. */
        DATA("training", "training_id"),
        /** The last checkpoint, until the training ends. */
        CHECKPOINT("training", "training_id"),
        /** The history of a training that has ended. */
        HISTORY("training", "training_id"),
        /** The last checkpoint of a part of a training, until the last part ends. */
        PART_CHECKPOINT("training", "part_id"),
        /** The history of a part that has completed a stage. */
        PART_HISTORY("training", "part_id");

        private final String what; // for the message of StorageFullException
        private final String owner; // column with the key of the version, training or part

        Kind(String what, String owner) {
            this.what = what;
            this.owner = owner;
        }
    }

    /** Starts a new blob, which belongs to no version or training yet. */
    BlobWriter create(Kind kind) {
        return create(kind, 0, () -> {});
    }

    /**
     * Starts a new blob, which belongs to no version or training yet.
     *
     * @param size that counts until the blob is attached, and its size is known
     * @param check called in the transaction that stores the first chunks; throws if they may not be stored
     */
    BlobWriter create(Kind kind, long size, Runnable check) {
        return new BlobWriter(kind, size, check);
    }

    /** Finds the chunks of the blob of a training or part. Each is read in a separate transaction. */
    Optional<ChunkSource> find(String owner, Kind kind) {
        String sql = "select id from blob where %s = ? and kind = ?".formatted(kind.owner);
        Optional<String> found = transactions.read(() ->
                jdbc.sql(sql).params(owner, kind.name()).query(String.class).optional());
        return found.map(this::chunks);
    }

    /** Returns the chunks of a blob, each of which is read in a separate transaction. */
    ChunkSource chunks(String blob) {
        return index ->
                transactions.read(() -> jdbc.sql("select bytes from blob_chunk where blob_id = ? and position = ?")
                        .params(blob, index)
                        .query((row, number) -> row.getBytes("bytes"))
                        .optional());
    }

    /** Whether a blob belongs to a version or training; if not, it may be incomplete. */
    boolean isAttached(String blob) {
        return transactions.read(() -> jdbc.sql("select count(*) from blob where id = ? and not (" + DETACHED + ")")
                .params(blob)
                .query(Boolean.class)
                .single());
    }

    /** Detaches all blobs of a training, in a transaction of the caller. */
    void detachAll(String trainingId) {
        jdbc.sql("update blob set training_id = null where training_id = ?")
                .params(trainingId)
                .update();
    }

    /** Detaches the checkpoints of all parts of a training, in a transaction of the caller. */
    void detachCheckpointsOfParts(String trainingId) {
        jdbc.sql("""
            update blob set part_id = null
            where kind = ? and part_id in (select id from training_part where training_id = ?)\
            """).params(Kind.PART_CHECKPOINT.name(), trainingId).update();
    }

    /** Detaches the checkpoints of these parts, in a transaction of the caller. */
    void detachCheckpoints(Collection<String> partIds) {
        if (!partIds.isEmpty()) {
            jdbc.sql("update blob set part_id = null where kind = :kind and part_id in (:parts)")
                    .param("kind", Kind.PART_CHECKPOINT.name())
                    .param("parts", List.copyOf(partIds))
                    .update();
        }
    }

    /** Deletes blobs that belong to no version, training or part. */
    @Scheduled(fixedDelay = 500)
    void deleteExpired() {
        long end = System.nanoTime() + DELETION_NANOS;
        try {
            boolean more = !transactions.read(this::expired).isEmpty();
            while (more && System.nanoTime() - end < 0) {
                more = transactions.writeFromReserve(this::deleteSome);
                SqliteDataSource.letOthersWrite();
            }
        } catch (StorageFullException | StorageUnavailableException e) {
            log.debug("Deletion is postponed: {}", e.getMessage());
        }
    }

    private List<String> expired() {
        // The order avoids deadlocks between processes.
        String sql = "select id from blob where " + DETACHED + " and expires_at < ? order by id limit ?";
        return jdbc.sql(sql)
                .params(EpochMicros.of(clock.instant()), BLOBS_PER_DELETION)
                .query((row, number) -> row.getString(1))
                .list();
    }

    /** Returns whether more may be left. */
    private boolean deleteSome() {
        List<String> blobs = expired();
        int chunks = CHUNKS_PER_DELETION;
        for (String blob : blobs) {
            chunks -= delete(blob, chunks);
            if (chunks == 0) {
                return true;
            }
        }
        return blobs.size() == BLOBS_PER_DELETION;
    }

    /** Deletes some chunks of a blob, and returns their number; deletes the blob if there were fewer. */
    private int delete(String blob, int chunks) {
        String claim = "update blob set expires_at = 0 where id = ? and expires_at < ? and " + DETACHED;
        int claimed =
                jdbc.sql(claim).params(blob, EpochMicros.of(clock.instant())).update();
        if (claimed == 0) { // its writer has continued, or another process has deleted it
            return 0;
        }
        String deletion = """
            delete from blob_chunk where blob_id = ? and position in
              (select position from blob_chunk where blob_id = ? order by position limit ?)\
            """;
        int deleted = jdbc.sql(deletion).params(blob, blob, chunks).update();
        if (deleted < chunks) {
            jdbc.sql("delete from blob where id = ?").params(blob).update();
        }
        return deleted;
    }

    /** Writes the chunks of a new blob, several in a transaction. Other transactions may write in between. */
    final class BlobWriter implements Consumer<byte[]>, AutoCloseable {

        private final Kind kind;
        private final String id = UUID.randomUUID().toString();
        private final List<byte[]> pending = new ArrayList<>();
        private final long size;
        private final Runnable check;
        private long bytes;
        private int pendingBytes;
        private int stored;

        private BlobWriter(Kind kind, long size, Runnable check) {
            this.kind = kind;
            this.size = size;
            this.check = check;
        }

        /**
         * Adds a chunk.
         *
         * @throws StorageFullException while the disk still has enough room to delete the chunks that were written
         */
        @Override
        public void accept(byte[] chunk) {
            if (!pending.isEmpty() && pendingBytes + chunk.length > BYTES_PER_TRANSACTION) {
                transactions.requireRoom(kind.what, pendingBytes + LEFT_FOR_OTHERS);
                transactions.write(kind.what, () -> storePending());
                stored += pending.size();
                pending.clear();
                pendingBytes = 0;
            }
            pending.add(chunk);
            pendingBytes += chunk.length;
            bytes += chunk.length;
        }

        /** Attaches the blob to a training or part in place of the present one, in a transaction of the caller. */
        void attachTo(String owner) {
            storePending();
            jdbc.sql("update blob set %1$s = null where %1$s = ? and kind = ?".formatted(kind.owner))
                    .params(owner, kind.name())
                    .update();
            jdbc.sql("update blob set %s = ?, bytes = ?, expires_at = 0 where id = ?".formatted(kind.owner))
                    .params(owner, bytes, id)
                    .update();
        }

        /** Attaches the blob to a new version, in the transaction of the caller that stores the version. */
        void attachTo(String modelId, long version) {
            storePending();
            jdbc.sql("update blob set model_id = ?, version = ?, bytes = ?, expires_at = 0 where id = ?")
                    .params(modelId, version, bytes, id)
                    .update();
        }

        private int storePending() {
            if (stored == 0) {
                check.run();
            }
            extendExpiry();
            int position = stored;
            for (byte[] chunk : pending) {
                jdbc.sql("insert into blob_chunk (blob_id, position, bytes) values (?, ?, ?)")
                        .params(id, position++, chunk)
                        .update();
            }
            return position;
        }

        private void extendExpiry() {
            String sql = stored == 0
                    ? "insert into blob (bytes, expires_at, id, kind) values (?, ?, ?, ?)"
                    : "update blob set bytes = ?, expires_at = ? where id = ? and kind = ? and expires_at > 0";
            int extended = jdbc.sql(sql)
                    .params(
                            Math.max(size, bytes),
                            EpochMicros.of(clock.instant().plus(LONGEST_PAUSE)),
                            id,
                            kind.name())
                    .update();
            if (extended == 0) {
                throw new StorageUnavailableException(new IllegalStateException(
                        "chunks of a blob must be stored within %s of each other, but this one came later"
                                .formatted(LONGEST_PAUSE)));
            }
        }

        /** Has the chunks deleted soon, unless the blob is attached. */
        @Override
        public void close() {
            if (stored > 0) {
                try {
                    String sql = "update blob set expires_at = 0 where id = ? and " + DETACHED;
                    transactions.writeFromReserve(() -> jdbc.sql(sql).params(id).update());
                } catch (StorageFullException | StorageUnavailableException e) { // it will expire
                    log.debug("Deletion of blob {} is postponed: {}", id, e.getMessage());
                }
            }
        }
    }
}
