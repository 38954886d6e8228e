package io.backprop.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Scheduler;
import io.backprop.engine.StopReason;
import io.backprop.engine.TrainingData;
import io.backprop.limits.LimitExceededException;
import io.backprop.model.Model;
import io.backprop.model.PageCursor;
import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import io.backprop.store.BlobStore.BlobWriter;
import io.backprop.store.format.CheckpointFormat;
import io.backprop.store.format.Checksum;
import io.backprop.store.format.CorruptDataException;
import io.backprop.store.format.Documents;
import io.backprop.store.format.HistoryFormat;
import io.backprop.store.format.NewerFormatException;
import io.backprop.store.format.TrainingDataFormat;
import io.backprop.store.format.TrainingDocument;
import io.backprop.training.Checkpoint;
import io.backprop.training.History;
import io.backprop.training.IdempotencyKey;
import io.backprop.training.LeasedTraining;
import io.backprop.training.LiveModel;
import io.backprop.training.PartedTraining;
import io.backprop.training.PreparedTraining;
import io.backprop.training.Training;
import io.backprop.training.TrainingException;
import io.backprop.training.TrainingLease;
import io.backprop.training.TrainingOutcome;
import io.backprop.training.TrainingPage;
import io.backprop.training.TrainingSettings;
import io.backprop.training.TrainingStart;
import io.backprop.training.TrainingStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Trainings in a table, their large payloads in a {@link BlobStore}, and the ids of unfinished ones in a queue. */
@Component
class JdbcTrainingStore implements TrainingStore {
    /*
     * A transaction that changes a training and its model locks the model row first, as the deletion of a model does.
     * This avoids deadlocks. Everything is encoded before a transaction begins, so that transactions are short.
     */

    private static final Logger log = LoggerFactory.getLogger(JdbcTrainingStore.class);

    private static final String WHAT = "training";
    private static final int KEPT = 20; // trainings of a model

    private static final Duration ADDED_CACHED = Duration.ofSeconds(10);
    static final TrainingOutcome TOO_MANY_ATTEMPTS = TrainingOutcome.failed(
            StopReason.ERROR,
            ("in each of %d attempts, the process has ended, lost its database or run out of memory before the next"
                            + " checkpoint of this training; it may need more memory than the service has")
                    .formatted(LeasedRows.MAX_ATTEMPTS));
    private static final String KEEP = "KEEP";
    private static final String DISCARD = "DISCARD";

    /**
     * All columns but the document, which may be large. Trainings wait for each other, as do those of drivers, and those that
     * are done in parts: cross-validations, which come first by their name too, and searches.
     */
    private static final String SELECT = """
        select id, model_id, number, kind, state, epochs, examples, folds, settings, progress, outcome,
          queued_at, started_at, finished_at, warnings, owner, idempotency_key, body_digest,
          case when state = 'QUEUED' then
            (select count(*) from training other
             where other.state = 'QUEUED'
               and (other.kind = 'TRAINING') = (training.kind = 'TRAINING')
               and (other.table_name is null) = (training.table_name is null)
               and (other.kind, other.round, other.queued_at, other.id)
                 <= (training.kind, training.round, training.queued_at, training.id))
          end as queue_position,
          (select sum(epochs) from training_part where training_id = training.id) as part_epochs,
          (select sum(worked) from training_part where training_id = training.id) as part_worked,
          (select progress from training_part where training_id = training.id and progress is not null
           order by number desc limit 1) as part_progress
        from training\
        """;

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final TrainingQueue queue;
    private final PartRows parts;
    private final LeasedRows leases;
    private final BlobStore blobs;
    private final JdbcModelStore models;
    private final Clock clock;
    private final TrainingRowMapper mapper = new TrainingRowMapper();

    /** Trainings just added. A worker of this process that starts at once receives the prepared object itself. */
    private final Cache<String, PreparedTraining> added = Caffeine.newBuilder()
            .softValues()
            .expireAfterWrite(ADDED_CACHED)
            .scheduler(Scheduler.systemScheduler())
            .build();

    JdbcTrainingStore(
            JdbcClient jdbc,
            Transactions transactions,
            TrainingQueue queue,
            PartRows parts,
            BlobStore blobs,
            JdbcModelStore models,
            Clock clock) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.queue = queue;
        this.parts = parts;
        this.leases = new LeasedRows(jdbc, transactions, blobs, queue, "training", BlobStore.Kind.CHECKPOINT);
        this.blobs = blobs;
        this.models = models;
        this.clock = clock;
    }

    LeasedRows leases() {
        return leases;
    }

    @Override
    public Optional<Training> add(
            PreparedTraining prepared,
            String owner,
            @Nullable IdempotencyKey key,
            PartedTraining.@Nullable Parts firstParts,
            QueueLimits limits) {
        long size = TrainingDataFormat.size(prepared.data());
        requireDataWithin(limits, size);
        if (!transactions.read(() -> mayAdd(prepared.model(), owner, limits, size))) { // before its data are written
            return Optional.empty();
        }
        String id = UUID.randomUUID().toString();
        NewTraining row = NewTraining.of(prepared);
        try (BlobWriter data = blobs.create(BlobStore.Kind.DATA, size, () -> requireRoomForData(owner, limits, size))) {
            TrainingDataFormat.write(prepared.data(), data);
            boolean inserted = transactions.write(WHAT, () -> {
                if (!markInTraining(prepared.model(), owner, key)) {
                    return false;
                }
                int round = nextRound(owner, limits);
                if (firstParts == null) {
                    insert(id, row, owner, round, key);
                    queue.add(id, round, 0);
                } else {
                    insert(id, row, owner, parts.queue().rounds().next(owner), key);
                    parts.queue(id, owner, prepared.settings(), firstParts);
                }
                data.attachTo(id);
                return true;
            });
            if (inserted) {
                added.put(id, prepared);
                (firstParts == null ? queue : parts.queue()).poll();
            }
            return inserted ? find(id) : Optional.empty();
        } catch (DuplicateKeyException e) { // another process has used the idempotency key
            return Optional.empty();
        }
    }

    private boolean mayAdd(Model model, String owner, QueueLimits limits, long size) {
        boolean idle = isIdle(model);
        if (idle) {
            requirePlace(owner, limits);
            requireRoomForData(owner, limits, size);
        }
        return idle;
    }

    private boolean isIdle(Model model) {
        return jdbc.sql("""
            select id from model
            where id = ? and created_at = ? and version = ? and changes = ? and training is null\
            """)
                .params(model.id(), EpochMicros.of(model.createdAt()), model.version(), model.changes())
                .query(String.class)
                .optional()
                .isPresent();
    }

    /** Returns the round of an owner's next training, for which there must be a place. */
    int nextRound(String owner, QueueLimits limits) {
        int round = queue.rounds().next(owner); // locks the owner's places too
        requirePlace(owner, limits);
        return round;
    }

    /** What is in the queue, of all owners and of one. */
    private record Usage(long all, long own) {

        /** Whether an owner would then have more than remains free for others. It may have one training in any case. */
        boolean exceedsShare(String owner, long added, long limit) {
            return !owner.isEmpty() && own > 0 && own + added > limit - all - added;
        }
    }

    private Usage usage(String sql, String owner) {
        return jdbc.sql(sql)
                .params(owner)
                .query((row, number) -> new Usage(row.getLong(1), row.getLong(2)))
                .single();
    }

    private void requirePlace(String owner, QueueLimits limits) {
        Usage queued = usage("""
            select count(*), count(*) filter (where owner = ?) from training where state = 'QUEUED'\
            """, owner);
        if (queued.all >= limits.trainings()) {
            throw TrainingException.queueFull(limits.trainings());
        }
        if (queued.exceedsShare(owner, 1, limits.trainings())) {
            throw TrainingException.queueShareTaken(owner, queued.own, limits.trainings());
        }
    }

    private static void requireDataWithin(QueueLimits limits, long size) {
        if (size > limits.bytes()) {
            throw new LimitExceededException(
                    "",
                    "the data of a training may have at most %d bytes (backprop.training.queue-data), but this one has %d"
                            .formatted(limits.bytes(), size));
        }
    }

    /** Data that are being written or deleted count as well, but not as those of an owner. */
    private void requireRoomForData(String owner, QueueLimits limits, long size) {
        Usage stored = usage("""
            select coalesce(sum(bytes), 0), coalesce(sum(bytes) filter (where owner = ?), 0)
            from blob left join training on training.id = training_id where blob.kind = 'DATA'\
            """, owner);
        if (stored.all + size > limits.bytes()) {
            throw TrainingException.queueDataFull(limits.bytes());
        }
        if (stored.exceedsShare(owner, size, limits.bytes())) {
            throw TrainingException.queueDataShareTaken(owner, stored.own, limits.bytes());
        }
    }

    /** Marks a model as being trained, unless it has changed, is being trained, or the key is in use. */
    boolean markInTraining(Model model, String owner, @Nullable IdempotencyKey key) {
        String sql = """
            update model set trainings = trainings + 1, training = trainings + 1
            where id = ? and created_at = ? and version = ? and changes = ? and training is null
              and not exists
                (select 1 from training where model_id = model.id and owner = ? and idempotency_key = ?)\
            """;
        long createdAt = EpochMicros.of(model.createdAt());
        String value = key == null ? null : key.value();
        return update(sql, model.id(), createdAt, model.version(), model.changes(), owner, value) > 0;
    }

    /**
     * The columns of a new training that depend on its kind.
     *
     * @param document without the data
     * @param memory bytes that it needs in the process that runs it
     */
    record NewTraining(
            String modelId,
            TrainingSettings settings,
            String document,
            int epochs,
            long examples,
            long memory,
            List<String> warnings) {

        static NewTraining of(PreparedTraining prepared) {
            return new NewTraining(
                    prepared.model().id(),
                    prepared.settings(),
                    Documents.write(TrainingDocument.of(prepared)),
                    prepared.epochs(),
                    prepared.data().training().size(),
                    prepared.bytes(),
                    prepared.warnings());
        }
    }

    void insert(String id, NewTraining row, String owner, int round, @Nullable IdempotencyKey key) {
        update(
                """
                insert into training
                  (id, model_id, number, kind, state, document, checksum, epochs, examples, queued_at,
                   owner, round, idempotency_key, body_digest, warnings, folds, table_name, settings, memory)
                values
                  (?, ?, (select training from model where id = ?), ?, 'QUEUED', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
                """,
                id,
                row.modelId,
                row.modelId,
                row.settings.kind().name(),
                row.document,
                Checksum.of(row.document),
                row.epochs,
                row.examples,
                EpochMicros.of(clock.instant()),
                owner,
                round,
                key == null ? null : key.value(),
                key == null ? null : key.bodyDigest(),
                Documents.write(row.warnings),
                row.settings.folds(),
                row.settings.table(),
                Documents.write(row.settings),
                row.memory);
        deleteOld(row.modelId);
    }

    /** Keeps the last trainings of a model, and of older ones with a recent idempotency key what a repeat returns. */
    private void deleteOld(String modelId) {
        String older = "model_id = ? and number %s (select trainings from model where id = model_id) - ?";
        update("delete from training where idempotency_key is null and " + older.formatted("="), modelId, KEPT);
        update(
                "delete from training where idempotency_key is not null and queued_at < ? and " + older.formatted("<="),
                oldestKey(),
                modelId,
                KEPT);
        update(
                "update training set document = '', checksum = ? where " + older.formatted("="),
                Checksum.of(""),
                modelId,
                KEPT);
        jdbc.sql("select id from training where " + older.formatted("="))
                .params(modelId, KEPT)
                .query(String.class)
                .list()
                .forEach(id -> {
                    blobs.detachAll(id);
                    update("delete from training_part where training_id = ?", id);
                });
    }

    private long oldestKey() {
        return EpochMicros.of(clock.instant().minus(IdempotencyKey.LIFETIME));
    }

    @Override
    public int countRecentKeys(String modelId) {
        String sql = """
            select count(*) from training
            where model_id = ? and idempotency_key is not null and queued_at >= ?\
            """;
        return transactions.read(() ->
                jdbc.sql(sql).params(modelId, oldestKey()).query(Integer.class).single());
    }

    @Override
    public List<Training> list(String modelId) {
        return select("model_id = ? order by number desc limit ?", modelId, KEPT);
    }

    @Override
    public TrainingPage list(Training.@Nullable State state, int limit, @Nullable PageCursor after) {
        List<String> conditions = new ArrayList<>(List.of("true"));
        List<Object> params = new ArrayList<>();
        if (state != null) {
            conditions.add("state = ?");
            params.add(state.name());
        }
        if (after != null) {
            conditions.add("(queued_at, id) < (?, ?)");
            params.add(EpochMicros.of(after.createdAt()));
            params.add(after.id());
        }
        params.add(limit + 1);
        List<Training> found = select(
                String.join(" and ", conditions) + " order by queued_at desc, id desc limit ?", params.toArray());
        List<Training> page = found.subList(0, Math.min(limit, found.size()));
        Training last = found.size() > limit ? page.get(limit - 1) : null;
        return new TrainingPage(page, last == null ? null : new PageCursor(last.queuedAt(), last.id()));
    }

    @Override
    public Optional<Training> find(String modelId, int number) {
        return select("model_id = ? and number = ?", modelId, number).stream().findFirst();
    }

    @Override
    public List<Training> find(Collection<String> ids) {
        return select("id in (%s)".formatted(String.join(", ", Collections.nCopies(ids.size(), "?"))), ids.toArray());
    }

    @Override
    public Optional<Training> findByKey(String modelId, String owner, String key) {
        return select("model_id = ? and owner = ? and idempotency_key = ?", modelId, owner, key).stream()
                .findFirst();
    }

    private List<Training> select(String condition, Object... params) {
        return transactions.read(() -> jdbc.sql(SELECT + " where " + condition)
                .params(params)
                .query(mapper)
                .list());
    }

    @Override
    public History history(String id) {
        try {
            return blobs.find(id, BlobStore.Kind.HISTORY)
                    .flatMap(chunks -> chunks.chunk(0))
                    .map(HistoryFormat::read)
                    .or(() -> blobs.find(id, BlobStore.Kind.CHECKPOINT).map(CheckpointFormat::readHistory))
                    .orElseGet(() -> parts.historyOfFolds(id));
        } catch (CorruptDataException e) {
            log.error("The history of training {} is corrupt: {}", id, e.getMessage());
            return History.EMPTY;
        }
    }

    @Override
    public Optional<LiveModel> live(String id, Model model, LongConsumer memory) {
        while (true) {
            Optional<Unfinished> unfinished = findUnfinished(id);
            if (unfinished.isEmpty()) {
                return Optional.empty();
            }
            TrainingStart start = unfinished.get().document.toStart(model);
            String checkpoint = unfinished.get().checkpoint;
            if (start.architecture().networkSpec().isEmpty()) { // no driver has prepared it
                return Optional.empty();
            }
            memory.accept((long) model.spec().ensemble().size() * start.spec().parameterCount() * Float.BYTES);
            if (checkpoint == null) {
                return Optional.of(start.live());
            }
            try {
                CheckpointFormat.Reached reached = CheckpointFormat.readParameters(blobs.chunks(checkpoint));
                return Optional.of(start.live(reached.completed(), reached.current(), reached.epochs()));
            } catch (NewerFormatException e) {
                throw e;
            } catch (CorruptDataException e) {
                if (blobs.isAttached(checkpoint)) { // a training that resumes starts again as well
                    logCorruptCheckpoint(id, e);
                    return Optional.of(start.live());
                } // otherwise the checkpoint was replaced while it was read
            }
        }
    }

    /** A training that is not over, with the blob of its last checkpoint. */
    private record Unfinished(
            TrainingDocument document, @Nullable String checkpoint) {}

    private Optional<Unfinished> findUnfinished(String id) {
        String sql = """
            select document, checksum,
              (select id from blob where training_id = training.id and kind = 'CHECKPOINT') as checkpoint
            from training where id = ? and state in ('QUEUED', 'RUNNING')\
            """;
        return transactions.read(() -> jdbc.sql(sql)
                .params(id)
                .query((row, number) -> new Unfinished(readDocument(row), row.getString("checkpoint")))
                .optional());
    }

    @Override
    public Optional<Integer> current(String modelId) {
        return transactions.read(() -> jdbc.sql("select training from model where id = ? and training is not null")
                .params(modelId)
                .query(Integer.class)
                .optional());
    }

    @Override
    public void cancel(String id, boolean keep) {
        transactions.writeFromReserve(() -> {
            lockModelOf(id);
            String request = """
                update training set cancel = ?
                where id = ? and cancel is null
                  and (state = 'QUEUED' or state = 'RUNNING' and (kind <> 'SEARCH' or ? <> 'KEEP'))\
                """; // the parts of a search are ended, and the training that follows is completed
            int requested = update(request, keep ? KEEP : DISCARD, id, keep ? KEEP : DISCARD);
            String end = """
                update training set state = 'CANCELLED', outcome = ?, finished_at = ?
                where id = ? and state = 'QUEUED'\
                """;
            int ended = update(end, Documents.write(TrainingOutcome.CANCELLED), EpochMicros.of(clock.instant()), id);
            if (ended > 0) {
                parts.stop(id);
                blobs.detachAll(id);
                dequeue(id);
            } else if (requested > 0 && !isAttended(id)) { // it has run before, or its parts run
                if (keep) {
                    queue.scheduleNow(id);
                } else {
                    cancelWaiting(id);
                }
            }
            return requested > 0;
        });
    }

    /** Whether a process or a driver works on a running training, as far as is known. */
    private boolean isAttended(String id) {
        return queue.isPicked(id)
                || jdbc.sql("select count(*) from training where id = ? and claimed_until >= ?")
                                .params(id, EpochMicros.of(clock.instant()))
                                .query(Integer.class)
                                .single()
                        > 0;
    }

    private void cancelWaiting(String id) {
        if (parts.exist(id)) { // they have the history and the progress
            end(id, TrainingOutcome.CANCELLED);
        } else {
            History history = history(id);
            Duration worked = ownProgress(id).worked();
            String progress = Documents.write(Training.Progress.of(history, worked));
            end(id, TrainingOutcome.CANCELLED, progress, ifRoom(HistoryFormat.write(history)));
        }
    }

    /** The progress of a training without that of its parts. */
    private Training.Progress ownProgress(String id) {
        return transactions
                .read(() -> jdbc.sql("select id, progress from training where id = ?")
                        .params(id)
                        .query(TrainingRowMapper::ownProgress)
                        .optional())
                .orElse(Training.Progress.NONE);
    }

    /** The history of a training that has no result; null if the disk is too full for it. */
    private byte @Nullable [] ifRoom(byte[] history) {
        return transactions.hasRoomFor(history.length) ? history : null;
    }

    @Override
    public List<CancellationRequest> cancellationRequests(Collection<String> ids) {
        return ids.isEmpty()
                ? List.of()
                : transactions.read(() -> jdbc.sql(
                                "select id, lease, cancel from training where id in (:ids) and state = 'RUNNING'")
                        .param("ids", List.copyOf(ids))
                        .query((row, number) -> new CancellationRequest(
                                new TrainingLease(row.getString("id"), row.getLong("lease")),
                                row.getString("cancel") != null,
                                KEEP.equals(row.getString("cancel"))))
                        .list());
    }

    @Override
    public long memory(String id) {
        return transactions
                .read(() -> jdbc.sql("select memory from training where id = ?")
                        .params(id)
                        .query(Long.class)
                        .optional())
                .orElse(0L);
    }

    @Override
    public Optional<LeasedTraining> lease(String id) {
        requireKnownFormat(id);
        return transactions.writeFromReserve(() -> newLease(id)).flatMap(this::prepareOrEnd);
    }

    /** @throws NewerFormatException if the training is left to a newer version of the service */
    void requireKnownFormat(String id) {
        String documents = """
            select t.document, t.checksum, m.document, m.checksum, v.document, v.checksum from training t
            join model m on m.id = t.model_id
            join model_version v on v.model_id = m.id and v.version = m.version
            where t.id = ?\
            """;
        transactions.read(() -> jdbc.sql(documents)
                .params(id)
                .query((row, number) -> {
                    for (int column = 1; column < 6; column += 2) {
                        String document = row.getString(column);
                        if (row.getLong(column + 1) == Checksum.of(document)) { // otherwise the format may be corrupt
                            Documents.requireNotNewer(document);
                        }
                    }
                    return number;
                })
                .list());
    }

    /** A new lease, its number since the last checkpoint, whether the training was cancelled before, and its turn. */
    private record NewLease(TrainingLease lease, int attempts, boolean cancelled, String owner, int round) {}

    private Optional<NewLease> newLease(String id) {
        leases.requireAlone(id, "coalesce(t.cancel, '') = 'DISCARD'"); // one that was cancelled is only ended
        Optional<NewLease> leased = jdbc.sql("""
            update training set lease = lease + 1, attempts = attempts + 1, state = 'RUNNING',
              started_at = coalesce(started_at, ?)
            where id = ? and state in ('QUEUED', 'RUNNING')
            returning lease, attempts, cancel, owner, round\
            """)
                .params(EpochMicros.of(clock.instant()), id)
                .query((row, number) -> new NewLease(
                        new TrainingLease(id, row.getLong("lease")),
                        row.getInt("attempts"),
                        DISCARD.equals(row.getString("cancel")),
                        row.getString("owner"),
                        row.getInt("round")))
                .optional();
        leased.ifPresent(lease -> queue.rounds().start(lease.owner, lease.round));
        if (leased.isEmpty()) {
            dequeue(id);
        } else if (leased.get().attempts > 1) {
            queue.scheduleNow(id); // should it end the process again, the others are next (PoisonTests)
        }
        return leased;
    }

    /**
     * Reads a leased training, or ends it if it is cancelled, has been attempted too often or cannot be read. One that cannot
     * be read at the moment is left to another attempt.
     */
    private Optional<LeasedTraining> prepareOrEnd(NewLease leased) {
        TrainingLease lease = leased.lease;
        String id = lease.id();
        PreparedTraining cached = added.asMap().remove(id);
        try {
            Optional<Training> found = find(id);
            if (found.isPresent() && (leased.cancelled || leased.attempts > LeasedRows.MAX_ATTEMPTS)) {
                TrainingOutcome outcome = leased.cancelled ? TrainingOutcome.CANCELLED : TOO_MANY_ATTEMPTS;
                Training training = found.get();
                end(lease, outcome, history(id), training.progress().worked(), null);
                training.ended(outcome, training.progress()).log(log.atInfo(), "ended");
                return Optional.empty();
            }
            Optional<LeasedTraining> read = found.flatMap(training -> Optional.ofNullable(cached)
                    .or(() -> readPrepared(training))
                    .map(prepared -> leased(training, leased, prepared)));
            if (read.isEmpty()) { // the model is corrupt, or it was deleted
                fail(lease, TrainingRowMapper.UNREADABLE);
            }
            return read;
        } catch (StorageUnavailableException | StorageFullException | DataAccessException | NewerFormatException e) {
            leases.takeBackAttempt(lease);
            throw e;
        } catch (RuntimeException e) { // corrupt data may cause any
            log.error("Training {} cannot be read: {}", lease.id(), e.getMessage());
            fail(lease, TrainingRowMapper.UNREADABLE);
            return Optional.empty();
        }
    }

    private LeasedTraining leased(Training training, NewLease leased, PreparedTraining prepared) {
        Training.Progress progress = ownProgress(training.id());
        return new LeasedTraining(
                training.withProgress(progress),
                leased.lease,
                null,
                leased.attempts,
                prepared.settings().timeLimit().minus(progress.worked()),
                prepared,
                checkpoint(training.id()));
    }

    /** The prepared training that was just added, once, or as it was stored; empty if its model was deleted. */
    Optional<PreparedTraining> takePrepared(Training training) {
        return Optional.ofNullable(added.asMap().remove(training.id())).or(() -> readPrepared(training));
    }

    private Optional<PreparedTraining> readPrepared(Training training) {
        return models.find(training.model()).map(model -> {
            TrainingData data = blobs.find(training.id(), BlobStore.Kind.DATA)
                    .map(TrainingDataFormat::read)
                    .orElseThrow(() -> new CorruptDataException("the training data are missing"));
            return readDocument(training.id()).toPrepared(model, data);
        });
    }

    TrainingDocument readDocument(String id) {
        return transactions.read(() -> jdbc.sql("select document, checksum from training where id = ?")
                .params(id)
                .query((row, number) -> readDocument(row))
                .single());
    }

    private static TrainingDocument readDocument(ResultSet row) throws SQLException {
        String document = row.getString("document");
        if (row.getLong("checksum") != Checksum.of(document)) {
            throw new CorruptDataException("the checksum of the document does not match");
        }
        return Documents.readTraining(document);
    }

    /** Returns the last checkpoint. Without a readable one the training starts again, with the same result. */
    @Nullable
    Checkpoint checkpoint(String id) {
        try {
            return blobs.find(id, BlobStore.Kind.CHECKPOINT)
                    .map(CheckpointFormat::read)
                    .orElse(null);
        } catch (NewerFormatException e) {
            throw e;
        } catch (CorruptDataException e) {
            logCorruptCheckpoint(id, e);
            return null;
        }
    }

    private static void logCorruptCheckpoint(String id, CorruptDataException e) {
        log.error("The checkpoint of training {} is corrupt: {}", id, e.getMessage());
    }

    void fail(TrainingLease lease, String error) {
        end(lease, TrainingOutcome.failed(StopReason.ERROR, error), History.EMPTY, Duration.ZERO, null);
    }

    @Override
    public void release(TrainingLease lease) {
        leases.release(lease);
    }

    @Override
    public boolean saveProgress(TrainingLease lease, Training.Progress progress) {
        String document = Documents.write(progress);
        return transactions.write(
                WHAT,
                () -> leases.ifHeld(
                        lease, () -> update("update training set progress = ? where id = ?", document, lease.id())));
    }

    @Override
    public boolean checkpoint(TrainingLease lease, Checkpoint checkpoint) {
        return leases.checkpoint(lease, checkpoint);
    }

    @Override
    public boolean end(
            TrainingLease lease,
            TrainingOutcome outcome,
            History history,
            Duration worked,
            @Nullable NextVersion next) {
        String id = lease.id();
        String progress = Documents.write(Training.Progress.of(history, worked));
        byte[] losses = HistoryFormat.write(history);
        if (next == null) {
            byte @Nullable [] kept = ifRoom(losses);
            return transactions.writeFromReserve(() -> {
                lockModelOf(id);
                boolean held = leases.isHeld(lease);
                if (held) {
                    end(id, outcome, progress, kept);
                }
                return held;
            });
        }
        try (StoredModel stored = StoredModel.write(next.model(), blobs)) {
            return transactions.write("model", () -> {
                lockModelOf(id);
                boolean published = leases.isHeld(lease)
                        && models.publish(next.trained(), stored, next.oldestKept(), id)
                        && (!next.changesSettings() || models.replaceSettings(stored, next.changes()));
                if (published) {
                    end(id, outcome, progress, losses);
                }
                return published;
            });
        }
    }

    /** Ends a training without a result of its own, in a transaction of the caller that has locked the model. */
    void end(String id, TrainingOutcome outcome) {
        end(id, outcome, null, null);
    }

    private void end(String id, TrainingOutcome outcome, @Nullable String progress, byte @Nullable [] history) {
        update(
                "update training set state = ?, outcome = ?, progress = ?, finished_at = ? where id = ?",
                outcome.state().name(),
                Documents.write(outcome),
                progress,
                EpochMicros.of(clock.instant()),
                id);
        parts.stop(id);
        blobs.detachAll(id);
        dequeue(id);
        if (history != null) {
            try (BlobWriter blob = blobs.create(BlobStore.Kind.HISTORY)) {
                blob.accept(history);
                blob.attachTo(id);
            }
        }
    }

    /** Queues a training whose parts are completed, in a transaction of the caller. */
    void queueAfterParts(String id, String owner) {
        int round = queue.rounds().next(owner);
        update("update training set round = ? where id = ?", round, id);
        queue.add(id, round, 0);
    }

    void poll() {
        queue.poll();
    }

    void lockModelOf(String id) {
        update("update model set training = training where id = (select model_id from training where id = ?)", id);
    }

    /** Removes a training that has ended from the queue, and frees its model. */
    private void dequeue(String id) {
        queue.remove(id);
        update("""
            update model set training = null
            where (id, training) = (select model_id, number from training where id = ?)\
            """, id);
    }

    private int update(String sql, @Nullable Object... params) {
        return jdbc.sql(sql).params(Arrays.asList(params)).update();
    }
}
