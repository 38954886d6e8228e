package io.backprop.store;

import io.backprop.training.QueueFullException;
import io.backprop.training.TrainingLease;
import java.sql.Types;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Changes of trainings, each within a transaction of the caller's. */
@Component
class TrainingWriter {
    /*
     * Whoever changes a training and its model locks the model first, as does whoever deletes it: so nobody waits for one
     * who waits for him.
     */

    private static final int KEPT = 20;

    private final JdbcClient jdbc;
    private final TrainingTasks tasks;
    private final TrainingContents contents;

    TrainingWriter(JdbcClient jdbc, TrainingTasks tasks, TrainingContents contents) {
        this.jdbc = jdbc;
        this.tasks = tasks;
        this.contents = contents;
    }

    /** Whether a training could be added by now: if not, its data need not be stored first. */
    boolean mayAdd(NewTraining training, int maxQueued) {
        boolean idle = jdbc.sql("""
                        select id from model
                        where id = :id and created_at = :createdAt and version = :version and training is null""")
                .param("id", training.model.id())
                .param("createdAt", Micros.of(training.model.createdAt()))
                .param("version", training.model.version())
                .query(String.class)
                .optional()
                .isPresent();
        if (idle) {
            requirePlace(maxQueued);
        }
        return idle;
    }

    /** Gives the training's key, which has no data yet; empty if the model is not as expected, or the key in use. */
    Optional<String> add(NewTraining training, int maxQueued) {
        int marked = jdbc.sql("""
                        update model set trainings = trainings + 1, training = trainings + 1
                        where id = :id and created_at = :createdAt and version = :version and training is null
                          and not exists
                            (select 1 from training where model_id = :id and idempotency_key = :key)""")
                .param("id", training.model.id())
                .param("key", training.key, Types.VARCHAR)
                .param("createdAt", Micros.of(training.model.createdAt()))
                .param("version", training.model.version())
                .update();
        if (marked == 0) {
            return Optional.empty();
        }
        requirePlace(maxQueued);
        jdbc.sql("""
                        insert into training
                          (id, model_id, number, state, document, checksum, epochs, examples, queued_at,
                           idempotency_key, body_digest, warnings, folds)
                        select :id, model.id, training, 'queued', :document, :checksum, :epochs, :examples, :now,
                          :key, :digest, :warnings, :folds
                        from model where id = :model""")
                .param("id", training.id)
                .param("model", training.model.id())
                .param("document", training.document)
                .param("checksum", Checksum.of(training.document))
                .param("epochs", training.epochs)
                .param("examples", training.examples)
                .param("now", Micros.of(Instant.now()))
                .param("key", training.key, Types.VARCHAR)
                .param("digest", training.bodyDigest, Types.VARCHAR)
                .param("warnings", training.warnings, Types.VARCHAR)
                .param("folds", training.folds)
                .update();
        tasks.add(training.id);
        removeOld(training.model.id());
        return Optional.of(training.id);
    }

    private void requirePlace(int maxQueued) {
        int waiting = jdbc.sql("select count(*) from training where state = 'queued'")
                .query(Integer.class)
                .single();
        if (waiting >= maxQueued) {
            throw new QueueFullException(maxQueued);
        }
    }

    private void removeOld(String model) {
        jdbc.sql("""
                        delete from training where model_id = :model
                          and number <= (select trainings from model where id = :model) - :kept""").param("model", model).param("kept", KEPT).update();
    }

    /** Makes a new lease; empty if there is nothing to be done any more. */
    Optional<TrainingLease> lease(String id) {
        int leased = jdbc.sql("""
                        update training set lease = lease + 1, state = 'running',
                          started_at = coalesce(started_at, :now)
                        where id = :id and state in ('queued', 'running')""")
                .param("now", Micros.of(Instant.now()))
                .param("id", id)
                .update();
        if (leased == 0) {
            leaveLine(id);
            return Optional.empty();
        }
        long lease = jdbc.sql("select lease from training where id = :id")
                .param("id", id)
                .query(Long.class)
                .single();
        return Optional.of(new TrainingLease(id, lease));
    }

    /** Whether a lease is still the newest; as long as the transaction goes on nobody else can get a newer one. */
    boolean holds(TrainingLease lease) {
        return jdbc.sql("update training set lease = lease where id = :id and lease = :lease and state = 'running'")
                        .param("id", lease.trainingId())
                        .param("lease", lease.token())
                        .update()
                > 0;
    }

    Optional<Integer> numberOf(TrainingLease lease) {
        return jdbc.sql("select number from training where id = :id and lease = :lease and state = 'running'")
                .param("id", lease.trainingId())
                .param("lease", lease.token())
                .query(Integer.class)
                .optional();
    }

    boolean cancel(String id, String how) {
        lockModelOf(id);
        jdbc.sql("""
                        update training set cancel = :how
                        where id = :id and cancel is null and state in ('queued', 'running')""").param("how", how).param("id", id).update();
        int ended = jdbc.sql("""
                        update training set state = 'cancelled', stop_reason = 'cancelled', finished_at = :now
                        where id = :id and state = 'queued'""")
                .param("now", Micros.of(Instant.now()))
                .param("id", id)
                .update();
        if (ended > 0) {
            clear(id);
        }
        return ended > 0;
    }

    /** False if the lease is lost. */
    boolean end(EndedTraining ended) {
        String id = ended.lease.trainingId();
        lockModelOf(id);
        int updated = jdbc.sql("""
                        update training set state = :state, stop_reason = :reason, best_epoch = :bestEpoch,
                          metrics = :metrics, fold_metrics = :foldMetrics, version = :version, error = :error, losses = :losses, worked = :worked,
                          finished_at = :now
                        where id = :id and lease = :lease and state = 'running'""")
                .param("state", Documents.nameOf(ended.end.state()))
                .param("reason", Documents.nameOf(ended.end.reason()))
                .param("bestEpoch", ended.end.bestEpoch(), Types.INTEGER)
                .param("metrics", ended.metrics, Types.VARCHAR)
                .param("foldMetrics", ended.foldMetrics, Types.VARCHAR)
                .param("version", ended.version, Types.BIGINT)
                .param("error", ended.end.error(), Types.VARCHAR)
                .param("losses", ended.losses)
                .param("worked", Micros.of(Instant.EPOCH.plus(ended.end.worked())))
                .param("now", Micros.of(Instant.now()))
                .param("id", id)
                .param("lease", ended.lease.token())
                .update();
        if (updated > 0) {
            clear(id);
            try (NewContent history = contents.begin(TrainingContents.Kind.HISTORY)) {
                history.accept(ended.history);
                history.giveTo(id);
            }
        }
        return updated > 0;
    }

    private void lockModelOf(String id) {
        jdbc.sql("update model set training = training where id = (select model_id from training where id = :id)")
                .param("id", id)
                .update();
    }

    /** Of a training that is over. */
    private void clear(String id) {
        contents.removeAll(id);
        leaveLine(id);
    }

    private void leaveLine(String id) {
        tasks.remove(id);
        jdbc.sql("""
                        update model set training = null
                        where id = (select model_id from training where id = :id)
                          and training = (select number from training where id = :id)""").param("id", id).update();
    }
}
