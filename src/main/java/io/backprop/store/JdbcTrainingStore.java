package io.backprop.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Scheduler;
import io.backprop.engine.StopReason;
import io.backprop.model.Model;
import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import io.backprop.store.BlobStore.BlobWriter;
import io.backprop.store.format.CheckpointFormat;
import io.backprop.store.format.Checksum;
import io.backprop.store.format.CorruptDataException;
import io.backprop.store.format.Documents;
import io.backprop.store.format.HistoryFormat;
import io.backprop.store.format.TrainingDataFormat;
import io.backprop.store.format.TrainingDocument;
import io.backprop.training.Checkpoint;
import io.backprop.training.History;
import io.backprop.training.IdempotencyKey;
import io.backprop.training.LeasedTraining;
import io.backprop.training.PreparedTraining;
import io.backprop.training.Training;
import io.backprop.training.TrainingException;
import io.backprop.training.TrainingLease;
import io.backprop.training.TrainingOutcome;
import io.backprop.training.TrainingStore;
import java.sql.Types;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Trainings in a table, their large payloads in a {@link BlobStore}, and the ids of unfinished ones in a queue. */
@Component
class JdbcTrainingStore implements TrainingStore {
    /*
     * A transaction that changes a training and its model locks the model row first, as the deletion of a model does. This
     * avoids deadlocks. Everything is encoded before a transaction begins, so that transactions are short.
     */

    private static final Logger log = LoggerFactory.getLogger(JdbcTrainingStore.class);

    private static final String WHAT = "training";
    private static final int TRAININGS_PER_MODEL = 20;
    private static final Duration ADDED_CACHED = Duration.ofSeconds(10);
    private static final String KEEP = "KEEP";
    private static final String DISCARD = "DISCARD";

    /** All columns but the document, which may be large. */
    private static final String SELECT = """
            select id, model_id, number, state, stop_reason, epochs, losses, best_epoch, metrics, examples, worked, version,
              folds, fold_metrics, queued_at, started_at, finished_at, warnings, error, idempotency_key, body_digest
            from training""";

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final TrainingQueue queue;
    private final BlobStore blobs;
    private final JdbcModelStore models;
    private final TrainingRowMapper mapper = new TrainingRowMapper();

    /** Trainings just added. A worker of this process that starts at once receives the prepared object itself. */
    private final Cache<String, PreparedTraining> added = Caffeine.newBuilder()
            .softValues()
            .expireAfterWrite(ADDED_CACHED)
            .scheduler(Scheduler.systemScheduler())
            .build();

    JdbcTrainingStore(
            JdbcClient jdbc, Transactions transactions, TrainingQueue queue, BlobStore blobs, JdbcModelStore models) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.queue = queue;
        this.blobs = blobs;
        this.models = models;
    }

    @Override
    public Optional<Training> add(PreparedTraining prepared, @Nullable IdempotencyKey key, int maxQueued) {
        if (!transactions.read(() -> mayAdd(prepared.model(), maxQueued))) { // before its data are written
            return Optional.empty();
        }
        String id = UUID.randomUUID().toString();
        String document = Documents.write(TrainingDocument.of(prepared));
        try (BlobWriter data = blobs.create(BlobStore.Kind.DATA)) {
            TrainingDataFormat.write(prepared.data(), data);
            boolean inserted = transactions.write(WHAT, () -> {
                if (!markInTraining(prepared.model(), key)) {
                    return false;
                }
                requireRoomInQueue(maxQueued);
                insert(id, prepared, document, key);
                queue.add(id);
                deleteOld(prepared.model().id());
                data.attachTo(id);
                return true;
            });
            if (inserted) {
                added.put(id, prepared);
                queue.poll();
            }
            return inserted ? find(id) : Optional.empty();
        } catch (DuplicateKeyException e) { // another process has used the idempotency key
            return Optional.empty();
        }
    }

    private boolean mayAdd(Model model, int maxQueued) {
        boolean idle = jdbc.sql("""
                        select id from model
                        where id = :id and created_at = :createdAt and version = :version and training is null""")
                .param("id", model.id())
                .param("createdAt", EpochMicros.of(model.createdAt()))
                .param("version", model.version())
                .query(String.class)
                .optional()
                .isPresent();
        if (idle) {
            requireRoomInQueue(maxQueued);
        }
        return idle;
    }

    private void requireRoomInQueue(int maxQueued) {
        int queued = jdbc.sql("select count(*) from training where state = 'QUEUED'")
                .query(Integer.class)
                .single();
        if (queued >= maxQueued) {
            throw TrainingException.queueFull(maxQueued);
        }
    }

    private boolean markInTraining(Model model, @Nullable IdempotencyKey key) {
        int marked = jdbc.sql("""
                        update model set trainings = trainings + 1, training = trainings + 1
                        where id = :id and created_at = :createdAt and version = :version and training is null
                          and not exists
                            (select 1 from training where model_id = :id and idempotency_key = :key)""")
                .param("id", model.id())
                .param("key", key == null ? null : key.value(), Types.VARCHAR)
                .param("createdAt", EpochMicros.of(model.createdAt()))
                .param("version", model.version())
                .update();
        return marked > 0;
    }

    private void insert(String id, PreparedTraining prepared, String document, @Nullable IdempotencyKey key) {
        jdbc.sql("""
                        insert into training
                          (id, model_id, number, state, document, checksum, epochs, examples, queued_at,
                           idempotency_key, body_digest, warnings, folds)
                        select :id, model.id, training, 'QUEUED', :document, :checksum, :epochs, :examples, :now,
                          :key, :digest, :warnings, :folds
                        from model where id = :model""")
                .param("id", id)
                .param("model", prepared.model().id())
                .param("document", document)
                .param("checksum", Checksum.of(document))
                .param("epochs", prepared.plan().epochs() * Math.max(1, prepared.folds()))
                .param("examples", prepared.data().training().size())
                .param("now", EpochMicros.now())
                .param("key", key == null ? null : key.value(), Types.VARCHAR)
                .param("digest", key == null ? null : key.bodyDigest(), Types.VARCHAR)
                .param("warnings", Documents.write(prepared.warnings()))
                .param("folds", prepared.folds())
                .update();
    }

    private void deleteOld(String modelId) {
        jdbc.sql("""
                        delete from training where model_id = :model
                          and number <= (select trainings from model where id = :model) - :kept""").param("model", modelId).param("kept", TRAININGS_PER_MODEL).update();
    }

    @Override
    public List<Training> list(String modelId) {
        return transactions.read(() -> jdbc.sql(SELECT + " where model_id = :model order by number desc")
                .param("model", modelId)
                .query(mapper)
                .list());
    }

    @Override
    public Optional<Training> find(String modelId, int number) {
        return transactions.read(() -> jdbc.sql(SELECT + " where model_id = :model and number = :number")
                .param("model", modelId)
                .param("number", number)
                .query(mapper)
                .optional());
    }

    @Override
    public Optional<Training> find(String id) {
        return transactions.read(() -> jdbc.sql(SELECT + " where id = :id")
                .param("id", id)
                .query(mapper)
                .optional());
    }

    @Override
    public Optional<Training> findByKey(String modelId, String key) {
        return transactions.read(() -> jdbc.sql(SELECT + " where model_id = :model and idempotency_key = :key")
                .param("model", modelId)
                .param("key", key)
                .query(mapper)
                .optional());
    }

    @Override
    public History history(String id) {
        try {
            return blobs.find(id, BlobStore.Kind.HISTORY)
                    .flatMap(chunks -> chunks.chunk(0))
                    .map(HistoryFormat::readHistory)
                    .or(() -> blobs.find(id, BlobStore.Kind.CHECKPOINT).map(CheckpointFormat::readHistory))
                    .orElseGet(History::new);
        } catch (CorruptDataException e) {
            log.error("The history of training {} is corrupt: {}", id, e.getMessage());
            return new History();
        }
    }

    @Override
    public OptionalInt current(String modelId) {
        Optional<Integer> number = transactions.read(
                () -> jdbc.sql("select training from model where id = :model and training is not null")
                        .param("model", modelId)
                        .query(Integer.class)
                        .optional());
        return number.map(OptionalInt::of).orElseGet(OptionalInt::empty);
    }

    @Override
    public void cancel(String id, boolean keep) {
        transactions.write(WHAT, () -> {
            lockModelOf(id);
            jdbc.sql("""
                            update training set cancel = :how
                            where id = :id and cancel is null and state in ('QUEUED', 'RUNNING')""").param("how", keep ? KEEP : DISCARD).param("id", id).update();
            int ended = jdbc.sql("""
                            update training set state = 'CANCELLED', stop_reason = 'CANCELLED', finished_at = :now
                            where id = :id and state = 'QUEUED'""")
                    .param("now", EpochMicros.now())
                    .param("id", id)
                    .update();
            if (ended > 0) {
                blobs.detachAll(id);
                dequeue(id);
            }
            return ended > 0;
        });
    }

    @Override
    public List<CancellationRequest> cancellationRequests(Collection<String> ids) {
        return transactions.read(() -> jdbc.sql(
                        "select id, lease, cancel from training where id in (:ids) and state = 'RUNNING'")
                .param("ids", List.copyOf(ids))
                .query((row, number) -> new CancellationRequest(
                        new TrainingLease(row.getString("id"), row.getLong("lease")),
                        row.getString("cancel") != null,
                        KEEP.equals(row.getString("cancel"))))
                .list());
    }

    @Override
    public Optional<LeasedTraining> lease(String id) {
        Optional<TrainingLease> lease = transactions.write(WHAT, () -> newLease(id));
        return lease.flatMap(this::read);
    }

    private Optional<TrainingLease> newLease(String id) {
        int leased =
                jdbc.sql("""
                        update training set lease = lease + 1, state = 'RUNNING',
                          started_at = coalesce(started_at, :now)
                        where id = :id and state in ('QUEUED', 'RUNNING')""").param("now", EpochMicros.now()).param("id", id).update();
        if (leased == 0) {
            dequeue(id);
            return Optional.empty();
        }
        return jdbc.sql("select lease from training where id = :id")
                .param("id", id)
                .query((row, number) -> new TrainingLease(id, row.getLong("lease")))
                .optional();
    }

    /** Reads a leased training. One that cannot be read fails. */
    private Optional<LeasedTraining> read(TrainingLease lease) {
        String id = lease.trainingId();
        PreparedTraining cached = added.asMap().remove(id);
        try {
            Optional<LeasedTraining> read = find(id).flatMap(training -> Optional.ofNullable(cached)
                    .or(() -> readPrepared(training))
                    .map(prepared -> new LeasedTraining(training, lease, prepared, checkpoint(id))));
            if (read.isEmpty()) { // the model is corrupt, or it was deleted
                fail(lease, TrainingRowMapper.UNREADABLE);
            }
            return read;
        } catch (StorageUnavailableException | StorageFullException e) {
            throw e;
        } catch (RuntimeException e) { // corrupt data may cause any
            log.error("Training {} cannot be read: {}", lease.trainingId(), e.getMessage());
            fail(lease, TrainingRowMapper.UNREADABLE);
            return Optional.empty();
        } catch (OutOfMemoryError e) {
            log.error("Training {} cannot be read: not enough memory", lease.trainingId());
            fail(lease, "not enough memory for this training");
            return Optional.empty();
        }
    }

    private Optional<PreparedTraining> readPrepared(Training training) {
        return models.find(training.model())
                .map(model -> readDocument(training.id())
                        .toPrepared(
                                model,
                                TrainingDataFormat.read(blobs.find(training.id(), BlobStore.Kind.DATA)
                                        .orElseThrow(
                                                () -> new CorruptDataException("the training data are missing")))));
    }

    private TrainingDocument readDocument(String id) {
        return transactions.read(() -> jdbc.sql("select document, checksum from training where id = :id")
                .param("id", id)
                .query((row, number) -> {
                    String document = row.getString("document");
                    if (row.getLong("checksum") != Checksum.of(document)) {
                        throw new CorruptDataException("the checksum of the document does not match");
                    }
                    return Documents.readTraining(document);
                })
                .single());
    }

    /** Returns the last checkpoint. Without a readable one the training starts again, with the same result. */
    private @Nullable Checkpoint checkpoint(String id) {
        try {
            return blobs.find(id, BlobStore.Kind.CHECKPOINT)
                    .map(CheckpointFormat::read)
                    .orElse(null);
        } catch (CorruptDataException e) {
            log.error("The checkpoint of training {} is corrupt: {}", id, e.getMessage());
            return null;
        }
    }

    private void fail(TrainingLease lease, String error) {
        end(
                lease,
                TrainingOutcome.withoutResult(
                        Training.State.FAILED, StopReason.ERROR, error, new History(), Duration.ZERO));
    }

    @Override
    public void release(TrainingLease lease) {
        transactions.write(WHAT, () -> {
            boolean held = isHeld(lease);
            if (held) {
                queue.release(lease.trainingId());
            }
            return held;
        });
    }

    /** Whether a lease is the newest, and remains so until the transaction ends. */
    private boolean isHeld(TrainingLease lease) {
        return jdbc.sql("update training set lease = lease where id = :id and lease = :lease and state = 'RUNNING'")
                        .param("id", lease.trainingId())
                        .param("lease", lease.token())
                        .update()
                > 0;
    }

    @Override
    public boolean saveProgress(TrainingLease lease, Training.Progress progress) {
        byte[] losses = HistoryFormat.write(progress.curves());
        return transactions.write(
                WHAT,
                () -> jdbc.sql("""
                        update training set losses = :losses, worked = :worked
                        where id = :id and lease = :lease and state = 'RUNNING'""")
                                .param("losses", losses)
                                .param(
                                        "worked",
                                        TimeUnit.NANOSECONDS.toMicros(
                                                progress.worked().toNanos()))
                                .param("id", lease.trainingId())
                                .param("lease", lease.token())
                                .update()
                        > 0);
    }

    @Override
    public boolean checkpoint(TrainingLease lease, Checkpoint checkpoint) {
        try (BlobWriter blob = blobs.create(BlobStore.Kind.CHECKPOINT)) {
            CheckpointFormat.write(checkpoint, blob);
            boolean written = transactions.write(WHAT, () -> {
                boolean held = isHeld(lease);
                if (held) {
                    blob.attachTo(lease.trainingId());
                }
                return held;
            });
            blobs.deleteExpired(); // the previous one now, before there are many
            return written;
        }
    }

    @Override
    public boolean end(TrainingLease lease, TrainingOutcome outcome) {
        return end(lease, outcome, null);
    }

    @Override
    public boolean publish(TrainingLease lease, TrainingOutcome outcome, Model trained, Model next, long oldestKept) {
        return end(lease, outcome, new Publication(ModelRow.of(next), trained, oldestKept));
    }

    private record Publication(ModelRow row, Model expected, long oldestKept) {}

    private boolean end(TrainingLease lease, TrainingOutcome end, @Nullable Publication publication) {
        String id = lease.trainingId();
        String metrics = end.metrics() == null ? null : Documents.write(end.metrics());
        String foldMetrics = end.crossValidation() == null
                ? null
                : Documents.write(end.crossValidation().results());
        byte[] losses = HistoryFormat.write(end.history().thinned());
        byte[] allLosses = HistoryFormat.write(end.history());
        return transactions.write(publication == null ? WHAT : "model", () -> {
            lockModelOf(id);
            if (!isHeld(lease)
                    || (publication != null
                            && !models.publish(publication.row, publication.expected, id, publication.oldestKept))) {
                return false;
            }
            jdbc.sql("""
                            update training set state = :state, stop_reason = :reason, best_epoch = :bestEpoch,
                              metrics = :metrics, fold_metrics = :foldMetrics, version = :version, error = :error,
                              losses = :losses, worked = :worked, finished_at = :now
                            where id = :id""")
                    .param("state", end.state().name())
                    .param("reason", end.reason().name())
                    .param("bestEpoch", end.bestEpoch(), Types.INTEGER)
                    .param("metrics", metrics, Types.VARCHAR)
                    .param("foldMetrics", foldMetrics, Types.VARCHAR)
                    .param("version", publication == null ? null : publication.row.version, Types.BIGINT)
                    .param("error", end.error(), Types.VARCHAR)
                    .param("losses", losses)
                    .param("worked", TimeUnit.NANOSECONDS.toMicros(end.worked().toNanos()))
                    .param("now", EpochMicros.now())
                    .param("id", id)
                    .update();
            blobs.detachAll(id);
            dequeue(id);
            try (BlobWriter blob = blobs.create(BlobStore.Kind.HISTORY)) {
                blob.accept(allLosses);
                blob.attachTo(id);
            }
            return true;
        });
    }

    private void lockModelOf(String id) {
        jdbc.sql("update model set training = training where id = (select model_id from training where id = :id)")
                .param("id", id)
                .update();
    }

    /** Removes a training that has ended from the queue, and frees its model. */
    private void dequeue(String id) {
        queue.remove(id);
        jdbc.sql("""
                        update model set training = null
                        where id = (select model_id from training where id = :id)
                          and training = (select number from training where id = :id)""").param("id", id).update();
    }
}
