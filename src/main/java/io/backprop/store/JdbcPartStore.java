package io.backprop.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Scheduler;
import io.backprop.engine.StopReason;
import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import io.backprop.store.BlobStore.BlobWriter;
import io.backprop.store.format.CheckpointFormat;
import io.backprop.store.format.CorruptDataException;
import io.backprop.store.format.Documents;
import io.backprop.store.format.HistoryFormat;
import io.backprop.store.format.NewerFormatException;
import io.backprop.training.Checkpoint;
import io.backprop.training.History;
import io.backprop.training.LeasedTraining;
import io.backprop.training.PartResult;
import io.backprop.training.PartStore;
import io.backprop.training.PartedTraining.Assignment;
import io.backprop.training.PartedTraining.End;
import io.backprop.training.PartedTraining.Next;
import io.backprop.training.PartedTraining.Parts;
import io.backprop.training.PartedTraining.Train;
import io.backprop.training.PreparedTraining;
import io.backprop.training.Training;
import io.backprop.training.TrainingLease;
import io.backprop.training.TrainingOutcome;
import io.backprop.training.TrainingPart;
import io.backprop.training.TrainingSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Parts of trainings in a table, their checkpoints and histories in a {@link BlobStore}, and their ids in a queue. */
@Component
class JdbcPartStore implements PartStore {
    /*
     * A transaction that changes more than one row locks the row of the model first, as JdbcTrainingStore does. Two parts of
     * a training therefore never end at the same time, and the second one sees the result of the first.
     */

    private static final Logger log = LoggerFactory.getLogger(JdbcPartStore.class);
    private static final Duration CACHED = Duration.ofMinutes(1);

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final PartRows parts;
    private final JdbcTrainingStore trainings;
    private final BlobStore blobs;
    private final Clock clock;
    private final LeasedRows leases;

    /** The trainings whose parts are executed in this process, so that their data are read once. */
    private final Cache<String, Optional<PreparedTraining>> prepared = Caffeine.newBuilder()
            .softValues()
            .expireAfterAccess(CACHED)
            .scheduler(Scheduler.systemScheduler())
            .build();

    JdbcPartStore(
            JdbcClient jdbc,
            Transactions transactions,
            PartRows parts,
            JdbcTrainingStore trainings,
            BlobStore blobs,
            Clock clock) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.parts = parts;
        this.trainings = trainings;
        this.blobs = blobs;
        this.clock = clock;
        this.leases = new LeasedRows(
                jdbc, transactions, blobs, parts.queue(), "training_part", BlobStore.Kind.PART_CHECKPOINT);
    }

    @Override
    public List<TrainingPart> list(String trainingId) {
        return parts.list(trainingId);
    }

    @Override
    public History history(String partId) {
        return parts.history(partId);
    }

    @Override
    public Memory memory(String partId) {
        String sql = """
            select memory, coalesce(bytes, 0) from training_part part
            join training on training.id = part.training_id
            left join blob on blob.training_id = training.id and blob.kind = 'DATA'
            where part.id = ?\
            """;
        return transactions
                .read(() -> jdbc.sql(sql)
                        .params(partId)
                        .query((row, number) -> new Memory(row.getLong(1), Math.min(row.getLong(1), row.getLong(2))))
                        .optional())
                .orElse(new Memory(0, 0));
    }

    @Override
    public Optional<LeasedTraining> lease(String partId) {
        trainings.requireKnownFormat(TrainingPart.trainingOf(partId));
        return transactions.writeFromReserve(() -> newLease(partId)).flatMap(this::readOrEnd);
    }

    /** A new lease, its number since the last checkpoint, and the stage. */
    private record NewLease(TrainingLease lease, int attempts, Assignment assignment, int round) {}

    private Optional<NewLease> newLease(String id) {
        String trainingId = TrainingPart.trainingOf(id);
        trainings.lockModelOf(trainingId);
        leases.requireAlone(id, "false");
        Optional<NewLease> leased = jdbc.sql("""
            update training_part set lease = lease + 1, attempts = attempts + 1, state = 'RUNNING'
            where id = ? and state in ('QUEUED', 'RUNNING')
            returning lease, attempts, number, stage, until_epoch, round\
            """)
                .params(id)
                .query((row, number) -> new NewLease(
                        new TrainingLease(id, row.getLong("lease")),
                        row.getInt("attempts"),
                        new Assignment(row.getInt("number"), row.getInt("stage"), row.getInt("until_epoch")),
                        row.getInt("round")))
                .optional();
        leased.ifPresent(lease -> {
            update("""
                update training set state = 'RUNNING', started_at = coalesce(started_at, ?)
                where id = ? and state = 'QUEUED'\
                """, EpochMicros.of(clock.instant()), trainingId);
            parts.queue().rounds().start(ownerOf(trainingId), lease.round);
        });
        if (leased.isEmpty()) {
            parts.queue().remove(id);
        } else if (leased.get().attempts > 1) {
            parts.queue().scheduleNow(id); // should it end the process again, the others are next
        }
        return leased;
    }

    private String ownerOf(String trainingId) {
        return jdbc.sql("select owner from training where id = ?")
                .params(trainingId)
                .query(String.class)
                .single();
    }

    /** Reads a leased part, or ends its training if it has been attempted too often or cannot be read. */
    private Optional<LeasedTraining> readOrEnd(NewLease leased) {
        TrainingLease lease = leased.lease;
        if (leased.attempts > LeasedRows.MAX_ATTEMPTS) {
            fail(lease, JdbcTrainingStore.TOO_MANY_ATTEMPTS);
            return Optional.empty();
        }
        try {
            Optional<LeasedTraining> read = trainings
                    .find(TrainingPart.trainingOf(lease.id()))
                    .flatMap(training -> read(training).flatMap(found -> leased(training, leased, found)));
            if (read.isEmpty()) { // the model is corrupt, or it was deleted
                fail(lease, TrainingOutcome.failed(StopReason.ERROR, TrainingRowMapper.UNREADABLE));
            }
            return read;
        } catch (StorageUnavailableException | StorageFullException | DataAccessException | NewerFormatException e) {
            leases.takeBackAttempt(lease);
            throw e;
        } catch (RuntimeException e) { // corrupt data may cause any
            log.error("Part {} cannot be read: {}", lease.id(), e.getMessage());
            fail(lease, TrainingOutcome.failed(StopReason.ERROR, TrainingRowMapper.UNREADABLE));
            return Optional.empty();
        }
    }

    private Optional<PreparedTraining> read(Training training) {
        return prepared.asMap().computeIfAbsent(training.id(), id -> trainings.takePrepared(training));
    }

    private Optional<LeasedTraining> leased(Training training, NewLease leased, PreparedTraining read) {
        return parts.list(training.id()).stream()
                .filter(part -> part.id().equals(leased.lease.id()))
                .findFirst()
                .map(part -> leased(training, part, leased, read));
    }

    private LeasedTraining leased(Training training, TrainingPart part, NewLease leased, PreparedTraining read) {
        Duration timeLimit = read.settings().timeLimit();
        Duration elapsed =
                training.startedAt() == null ? Duration.ZERO : Duration.between(training.startedAt(), clock.instant());
        return new LeasedTraining(
                training.withProgress(part.progress()),
                leased.lease,
                leased.assignment,
                leased.attempts,
                timeLimit.minus(elapsed),
                read,
                checkpoint(part.id()));
    }

    /** Returns the last checkpoint. Without a readable one the part starts again, with the same result. */
    private @Nullable Checkpoint checkpoint(String partId) {
        try {
            return blobs.find(partId, BlobStore.Kind.PART_CHECKPOINT)
                    .map(CheckpointFormat::read)
                    .orElse(null);
        } catch (NewerFormatException e) {
            throw e;
        } catch (CorruptDataException e) {
            log.error("The checkpoint of part {} is corrupt: {}", partId, e.getMessage());
            return null;
        }
    }

    private void fail(TrainingLease lease, TrainingOutcome outcome) {
        endEarly(lease, others -> new End(outcome));
        trainings.find(TrainingPart.trainingOf(lease.id())).ifPresent(training -> training.log(log.atInfo(), "ended"));
    }

    @Override
    public void release(TrainingLease lease) {
        leases.release(lease);
    }

    @Override
    public boolean saveProgress(TrainingLease lease, Training.Progress progress) {
        String document = Documents.write(progress);
        return transactions.write(
                "training", () -> leases.ifHeld(lease, () -> setProgress(lease.id(), progress, document)));
    }

    private void setProgress(String id, Training.Progress progress, String document) {
        update(
                "update training_part set progress = ?, epochs = ?, worked = ? where id = ?",
                document,
                progress.epochs(),
                progress.worked().toNanos() / 1_000,
                id);
    }

    @Override
    public boolean checkpoint(TrainingLease lease, Checkpoint checkpoint) {
        return leases.checkpoint(lease, checkpoint);
    }

    @Override
    public List<TrainingLease> leases(Collection<String> partIds) {
        return partIds.isEmpty()
                ? List.of()
                : transactions.read(
                        () -> jdbc.sql("select id, lease from training_part where id in (:ids) and state = 'RUNNING'")
                                .param("ids", List.copyOf(partIds))
                                .query((row, number) -> new TrainingLease(row.getString("id"), row.getLong("lease")))
                                .list());
    }

    @Override
    public Optional<Next> complete(
            TrainingLease lease,
            PartResult result,
            @Nullable Checkpoint paused,
            History history,
            Duration worked,
            Function<List<TrainingPart>, Next> decision) {
        Training.Progress progress = Training.Progress.of(history, worked);
        String document = Documents.write(progress);
        try (BlobWriter losses = blobs.create(BlobStore.Kind.PART_HISTORY);
                BlobWriter state = blobs.create(BlobStore.Kind.PART_CHECKPOINT)) {
            losses.accept(HistoryFormat.write(history));
            if (paused != null) {
                CheckpointFormat.write(paused, state);
            }
            return decide(
                    lease,
                    () -> transactions.write(
                            "training",
                            () -> ifHeld(lease, () -> {
                                losses.attachTo(lease.id());
                                if (paused == null) {
                                    blobs.detachCheckpoints(List.of(lease.id()));
                                } else {
                                    state.attachTo(lease.id());
                                }
                                setProgress(lease.id(), progress, document);
                                addResult(lease.id(), result);
                                parts.queue().remove(lease.id());
                                return apply(TrainingPart.trainingOf(lease.id()), decision);
                            })));
        }
    }

    private void addResult(String id, PartResult result) {
        String before = jdbc.sql("select results from training_part where id = ?")
                .params(id)
                .query(String.class)
                .single();
        List<PartResult> results = new ArrayList<>(Arrays.asList(Documents.read(before, PartResult[].class)));
        results.add(result);
        update("update training_part set results = ?, state = 'COMPLETED' where id = ?", Documents.write(results), id);
    }

    private Optional<Next> ifHeld(TrainingLease lease, Supplier<Next> change) {
        trainings.lockModelOf(TrainingPart.trainingOf(lease.id()));
        return leases.isHeld(lease) ? Optional.of(change.get()) : Optional.empty();
    }

    private Optional<Next> decide(TrainingLease lease, Supplier<Optional<Next>> transaction) {
        Optional<Next> next = transaction.get();
        next.ifPresent(decided -> afterDecision(TrainingPart.trainingOf(lease.id()), decided));
        return next;
    }

    private void afterDecision(String trainingId, Next next) {
        if (next instanceof Parts) {
            parts.queue().poll();
        } else {
            prepared.invalidate(trainingId);
            trainings.poll();
        }
    }

    /** Stores what comes next, in a transaction that has locked the model. */
    private Next apply(String trainingId, Function<List<TrainingPart>, Next> decision) {
        Next next = decision.apply(parts.list(trainingId));
        if (next instanceof Parts more) {
            parts.queue(trainingId, ownerOf(trainingId), settings(trainingId), more);
        } else if (next instanceof Train) {
            parts.stop(trainingId);
            trainings.queueAfterParts(trainingId, ownerOf(trainingId));
        } else if (next instanceof End end) {
            trainings.end(trainingId, end.outcome());
        }
        return next;
    }

    private TrainingSettings settings(String trainingId) {
        return jdbc.sql("select settings from training where id = ?")
                .params(trainingId)
                .query((row, number) -> Documents.read(row.getString(1), TrainingSettings.class))
                .single();
    }

    @Override
    public Optional<Next> endEarly(TrainingLease lease, Function<List<TrainingPart>, Next> decision) {
        String trainingId = TrainingPart.trainingOf(lease.id());
        return decide(
                lease, () -> transactions.writeFromReserve(() -> ifHeld(lease, () -> apply(trainingId, decision))));
    }

    @Override
    public void endEarly(String trainingId, Function<List<TrainingPart>, Next> decision) {
        Optional<Next> ended = transactions.writeFromReserve(() -> {
            trainings.lockModelOf(trainingId);
            return haveStarted(trainingId) ? Optional.of(apply(trainingId, decision)) : Optional.empty();
        });
        ended.ifPresent(next -> afterDecision(trainingId, next));
    }

    /** Whether the parts of a training have been started and not all are completed. */
    private boolean haveStarted(String trainingId) {
        return jdbc.sql("""
            select count(*) from training_part part join training on training.id = training_id
            where training_id = ? and training.state = 'RUNNING' and part.state in ('QUEUED', 'RUNNING')\
            """).params(trainingId).query(Integer.class).single() > 0;
    }

    private int update(String sql, @Nullable Object... params) {
        return jdbc.sql(sql).params(Arrays.asList(params)).update();
    }
}
