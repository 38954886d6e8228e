package io.backprop.store;

import io.backprop.engine.StopReason;
import io.backprop.model.Model;
import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import io.backprop.training.CancellationRequest;
import io.backprop.training.Checkpoint;
import io.backprop.training.History;
import io.backprop.training.IdempotencyKey;
import io.backprop.training.LeasedTraining;
import io.backprop.training.PreparedTraining;
import io.backprop.training.Training;
import io.backprop.training.TrainingLease;
import io.backprop.training.TrainingOutcome;
import io.backprop.training.TrainingProgress;
import io.backprop.training.TrainingStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Trainings in a table, what is large about them in another, and those that are not over in db-scheduler's as well. */
@Component
class JdbcTrainingStore implements TrainingStore {

    private static final Logger log = LoggerFactory.getLogger(JdbcTrainingStore.class);

    private static final String WHAT = "training";

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final TrainingTasks tasks;
    private final TrainingContents contents;
    private final TrainingReader reader;
    private final TrainingWriter writer;

    JdbcTrainingStore(
            JdbcClient jdbc,
            Transactions transactions,
            TrainingTasks tasks,
            TrainingContents contents,
            TrainingReader reader,
            TrainingWriter writer) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.tasks = tasks;
        this.contents = contents;
        this.reader = reader;
        this.writer = writer;
    }

    @Override
    public Optional<Training> add(PreparedTraining prepared, @Nullable IdempotencyKey key, int maxQueued) {
        NewTraining training = new NewTraining(prepared, key);
        if (!transactions.read(() -> writer.mayAdd(training, maxQueued))) {
            return Optional.empty();
        }
        try (NewContent data = contents.begin(TrainingContents.Kind.DATA)) {
            TrainingDataFormat.write(prepared.data(), data);
            Optional<String> id = transactions.write(WHAT, () -> {
                Optional<String> added = writer.add(training, maxQueued);
                added.ifPresent(data::giveTo);
                return added;
            });
            id.ifPresent(added -> reader.remember(added, prepared.data()));
            tasks.wake();
            return id.flatMap(this::find);
        } catch (DuplicateKeyException e) {
            return Optional.empty();
        }
    }

    @Override
    public List<Training> list(String modelId) {
        return transactions.read(() -> jdbc.sql(TrainingRow.SELECT + " where model_id = :model order by number desc")
                .param("model", modelId)
                .query(TrainingRow::training)
                .list());
    }

    @Override
    public Optional<Training> find(String modelId, int number) {
        return transactions.read(() -> jdbc.sql(TrainingRow.SELECT + " where model_id = :model and number = :number")
                .param("model", modelId)
                .param("number", number)
                .query(TrainingRow::training)
                .optional());
    }

    @Override
    public Optional<Training> find(String id) {
        return transactions.read(() -> jdbc.sql(TrainingRow.SELECT + " where id = :id")
                .param("id", id)
                .query(TrainingRow::training)
                .optional());
    }

    @Override
    public Optional<Training> findByKey(String modelId, String key) {
        return transactions.read(
                () -> jdbc.sql(TrainingRow.SELECT + " where model_id = :model and idempotency_key = :key")
                        .param("model", modelId)
                        .param("key", key)
                        .query(TrainingRow::training)
                        .optional());
    }

    @Override
    public History history(String id) {
        return reader.history(id);
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
        transactions.write(WHAT, () -> writer.cancel(id, TrainingRow.cancel(keep)));
    }

    @Override
    public List<CancellationRequest> cancellationRequests(Collection<String> ids) {
        return transactions.read(
                () -> jdbc.sql("select id, lease, cancel from training where id in (:ids) and state = 'running'")
                        .param("ids", List.copyOf(ids))
                        .query(TrainingRow::cancellationRequest)
                        .list());
    }

    @Override
    public Optional<LeasedTraining> lease(String id) {
        Optional<TrainingLease> lease = transactions.write(WHAT, () -> writer.lease(id));
        return lease.flatMap(this::read);
    }

    private Optional<LeasedTraining> read(TrainingLease lease) {
        try {
            Optional<LeasedTraining> read = reader.read(lease);
            if (read.isEmpty()) {
                fail(lease, TrainingRow.UNREADABLE);
            }
            return read;
        } catch (StorageUnavailableException | StorageFullException e) {
            throw e;
        } catch (RuntimeException e) { // whatever a damaged document leads to
            log.error("Training {} can't be read: {}", lease.trainingId(), e.getMessage());
            fail(lease, TrainingRow.UNREADABLE);
            return Optional.empty();
        } catch (OutOfMemoryError e) {
            log.error("Training {} can't be read: not enough memory", lease.trainingId());
            fail(lease, "not enough memory for this training");
            return Optional.empty();
        }
    }

    private void fail(TrainingLease lease, String error) {
        end(
                lease,
                TrainingOutcome.without(Training.State.FAILED, StopReason.ERROR, error, Duration.ZERO),
                new History());
    }

    @Override
    public void release(TrainingLease lease) {
        transactions.write(WHAT, () -> {
            if (writer.holds(lease)) {
                tasks.release(lease.trainingId());
            }
            return lease;
        });
    }

    @Override
    public boolean saveProgress(TrainingLease lease, TrainingProgress progress) {
        byte[] losses = HistoryFormat.write(progress.losses());
        return transactions.write(
                WHAT,
                () -> jdbc.sql("""
                        update training set losses = :losses, worked = :worked
                        where id = :id and lease = :lease and state = 'running'""")
                                .param("losses", losses)
                                .param("worked", Micros.of(Instant.EPOCH.plus(progress.worked())))
                                .param("id", lease.trainingId())
                                .param("lease", lease.token())
                                .update()
                        > 0);
    }

    @Override
    public boolean checkpoint(TrainingLease lease, Checkpoint checkpoint) {
        try (NewContent content = contents.begin(TrainingContents.Kind.CHECKPOINT)) {
            CheckpointFormat.write(checkpoint, content);
            boolean written = transactions.write(WHAT, () -> {
                boolean held = writer.holds(lease);
                if (held) {
                    content.giveTo(lease.trainingId());
                }
                return held;
            });
            contents.removeExpired(); // the one before, and not later, when there may be many
            return written;
        }
    }

    @Override
    public boolean end(TrainingLease lease, TrainingOutcome end, History history) {
        EndedTraining ended = new EndedTraining(lease, end, history, null);
        return transactions.write(WHAT, () -> writer.end(ended));
    }

    @Override
    public boolean publish(
            TrainingLease lease, TrainingOutcome end, History history, Model expected, Model next, long oldestKept) {
        EndedTraining ended = new EndedTraining(lease, end, history, next.version());
        ModelRow row = ModelRow.of(next);
        try {
            return transactions.write("model", () -> {
                int number = writer.numberOf(lease).orElse(0);
                if (number == 0 || !row.publish(jdbc, expected, number, oldestKept) || !writer.end(ended)) {
                    throw new NotAsExpectedException();
                }
                return true;
            });
        } catch (NotAsExpectedException e) {
            return false;
        }
    }

    /** Undoes what a transaction has done so far. */
    private static final class NotAsExpectedException extends RuntimeException {

        private static final long serialVersionUID = 1;
    }
}
