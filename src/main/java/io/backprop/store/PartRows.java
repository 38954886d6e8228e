package io.backprop.store;

import io.backprop.store.format.CheckpointFormat;
import io.backprop.store.format.CorruptDataException;
import io.backprop.store.format.Documents;
import io.backprop.store.format.HistoryFormat;
import io.backprop.training.History;
import io.backprop.training.PartResult;
import io.backprop.training.PartedTraining.Assignment;
import io.backprop.training.PartedTraining.Parts;
import io.backprop.training.SearchPlan;
import io.backprop.training.Training;
import io.backprop.training.TrainingPart;
import io.backprop.training.TrainingSettings;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The rows of parts and their places in the queue. Changes are made in a transaction of the caller that locks the model. */
@Component
class PartRows {

    private static final Logger log = LoggerFactory.getLogger(PartRows.class);

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final PartQueue queue;
    private final BlobStore blobs;

    PartRows(JdbcClient jdbc, Transactions transactions, PartQueue queue, BlobStore blobs) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.queue = queue;
        this.blobs = blobs;
    }

    PartQueue queue() {
        return queue;
    }

    List<TrainingPart> list(String trainingId) {
        return transactions.read(
                () -> jdbc.sql("""
                    select id, training_id, number, stage, state, progress, results from training_part
                    where training_id = ? order by number\
                    """).params(trainingId).query(PartRows::map).list());
    }

    private static TrainingPart map(ResultSet row, int number) throws SQLException {
        String progress = row.getString("progress");
        return new TrainingPart(
                row.getString("id"),
                row.getString("training_id"),
                row.getInt("number"),
                row.getInt("stage"),
                TrainingPart.State.valueOf(row.getString("state")),
                progress == null ? Training.Progress.NONE : Documents.read(progress, Training.Progress.class),
                List.of(Documents.read(row.getString("results"), PartResult[].class)));
    }

    boolean exist(String trainingId) {
        return jdbc.sql("select count(*) from training_part where training_id = ?")
                        .params(trainingId)
                        .query(Integer.class)
                        .single()
                > 0;
    }

    /** Queues those of these parts that are not queued, running or completed, as many as may be queued or running at once. */
    void queue(String trainingId, String owner, TrainingSettings settings, Parts parts) {
        Map<Integer, TrainingPart> existing =
                list(trainingId).stream().collect(Collectors.toMap(TrainingPart::number, Function.identity()));
        SearchPlan search = settings.search();
        long free = (search == null ? settings.folds() : search.parallelism())
                - existing.values().stream()
                        .filter(part -> part.state() != TrainingPart.State.COMPLETED)
                        .count();
        List<Assignment> missing = parts.assignments().stream()
                .filter(assignment -> isMissing(assignment, existing.get(assignment.number())))
                .limit(Math.max(0, free))
                .toList();
        blobs.detachCheckpoints(existing.values().stream()
                .filter(part -> !mayContinue(part, parts.assignments()))
                .map(TrainingPart::id)
                .toList());
        int round = missing.isEmpty() ? 0 : queue.rounds().next(owner);
        for (Assignment assignment : missing) {
            String id = trainingId + "/" + assignment.number();
            jdbc.sql("""
                insert into training_part (id, training_id, number, stage, until_epoch, state, round)
                values (?, ?, ?, ?, ?, 'QUEUED', ?)
                on conflict (id) do update set stage = excluded.stage, until_epoch = excluded.until_epoch,
                  state = 'QUEUED', round = excluded.round, attempts = 0\
                """)
                    .params(id, trainingId, assignment.number(), assignment.stage(), assignment.untilEpoch(), round)
                    .update();
            queue.add(id, round++, PartQueue.priority(settings.kind()));
        }
    }

    private static boolean isMissing(Assignment assignment, @Nullable TrainingPart part) {
        return part == null || (part.state() == TrainingPart.State.COMPLETED && !part.hasCompleted(assignment.stage()));
    }

    /** Whether a part is in this stage, or has completed it and may be in the next one. */
    private static boolean mayContinue(TrainingPart part, List<Assignment> stage) {
        return part.state() != TrainingPart.State.COMPLETED
                || stage.stream()
                        .anyMatch(assignment ->
                                assignment.number() == part.number() || part.hasCompleted(assignment.stage()));
    }

    /** Removes the parts of a training from the queue, and lets those that run lose their leases. */
    void stop(String trainingId) {
        jdbc.sql("delete from scheduled_parts where task_instance in (select id from training_part where"
                        + " training_id = ?)")
                .params(trainingId)
                .update();
        jdbc.sql("""
            update training_part set state = 'STOPPED', lease = lease + 1
            where training_id = ? and state in ('QUEUED', 'RUNNING')\
            """).params(trainingId).update();
        blobs.detachCheckpointsOfParts(trainingId);
    }

    /** The histories of the folds of a cross-validation one after the other, as far as they are stored. */
    History historyOfFolds(String trainingId) {
        String sql = """
            select part.id from training_part part join training on training.id = training_id
            where training_id = ? and kind = 'CROSS_VALIDATION' order by part.number\
            """;
        List<String> folds = transactions.read(
                () -> jdbc.sql(sql).params(trainingId).query(String.class).list());
        return History.concatenation(folds.stream().map(this::history).toList());
    }

    History history(String partId) {
        try {
            Optional<History> completed = blobs.find(partId, BlobStore.Kind.PART_HISTORY)
                    .flatMap(chunks -> chunks.chunk(0))
                    .map(HistoryFormat::read);
            Optional<History> reached =
                    blobs.find(partId, BlobStore.Kind.PART_CHECKPOINT).map(CheckpointFormat::readHistory);
            return completed
                    .filter(history -> reached.isEmpty()
                            || history.loss().size() >= reached.get().loss().size())
                    .or(() -> reached)
                    .orElse(History.EMPTY);
        } catch (CorruptDataException e) {
            log.error("The history of part {} is corrupt: {}", partId, e.getMessage());
            return History.EMPTY;
        }
    }
}
