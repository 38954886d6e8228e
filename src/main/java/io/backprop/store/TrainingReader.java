package io.backprop.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Scheduler;
import io.backprop.engine.TrainingData;
import io.backprop.model.Model;
import io.backprop.model.ModelStore;
import io.backprop.training.Checkpoint;
import io.backprop.training.History;
import io.backprop.training.LeasedTraining;
import io.backprop.training.PreparedTraining;
import io.backprop.training.Training;
import io.backprop.training.TrainingLease;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Puts together again what a training needs to be done. */
@Component
class TrainingReader {

    private static final Logger log = LoggerFactory.getLogger(TrainingReader.class);

    private static final Duration REMEMBERED = Duration.ofSeconds(10);

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final TrainingContents contents;
    private final ModelStore models;
    private final Cache<String, TrainingData> added = Caffeine.newBuilder()
            .softValues()
            .expireAfterWrite(REMEMBERED)
            .scheduler(Scheduler.systemScheduler())
            .build();

    TrainingReader(JdbcClient jdbc, Transactions transactions, TrainingContents contents, ModelStore models) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.contents = contents;
        this.models = models;
    }

    /** The training under the given lease; empty if it is gone. Throws if it can't be read. */
    Optional<LeasedTraining> read(TrainingLease lease) {
        Optional<Stored> stored = transactions.read(() -> jdbc.sql("select * from training where id = :id")
                .param("id", lease.trainingId())
                .query(Stored::of)
                .optional());
        return stored.flatMap(row -> whole(lease, row));
    }

    private Optional<LeasedTraining> whole(TrainingLease lease, Stored stored) {
        Optional<Model> model = models.find(stored.training.model());
        if (model.isEmpty()) { // gone by now, or damaged
            return Optional.empty();
        }
        if (stored.checksum != Checksum.of(stored.document)) {
            throw new DamagedException("the checksum of the document does not fit");
        }
        PreparedTraining prepared =
                Documents.readTraining(stored.document).toPrepared(model.get(), data(lease.trainingId()));
        return Optional.of(new LeasedTraining(stored.training, lease, prepared, checkpoint(lease), stored.worked));
    }

    private TrainingData data(String training) {
        TrainingData remembered = added.asMap().remove(training);
        return remembered == null
                ? TrainingDataFormat.read(contents.parts(training, TrainingContents.Kind.DATA))
                : remembered;
    }

    /** Spares whoever takes a training at once, in this process, to read what is in memory yet. */
    void remember(String training, TrainingData data) {
        added.put(training, data);
    }

    /** One that can't be read is no worse than none: the training begins once more, and ends the same. */
    private @Nullable Checkpoint checkpoint(TrainingLease lease) {
        try {
            return CheckpointFormat.read(contents.parts(lease.trainingId(), TrainingContents.Kind.CHECKPOINT))
                    .orElse(null);
        } catch (DamagedException e) {
            log.error("The checkpoint of training {} is damaged: {}", lease.trainingId(), e.getMessage());
            return null;
        }
    }

    /** The losses and scores of a training as far as they are stored, and can be read. */
    History history(String training) {
        try {
            return contents.parts(training, TrainingContents.Kind.HISTORY)
                    .apply(0)
                    .map(HistoryFormat::readHistory)
                    .or(() -> CheckpointFormat.readHistory(contents.parts(training, TrainingContents.Kind.CHECKPOINT)))
                    .orElseGet(History::new);
        } catch (DamagedException e) {
            log.error("The history of training {} is damaged: {}", training, e.getMessage());
            return new History();
        }
    }

    private record Stored(Training training, String document, long checksum, Duration worked) {

        static Stored of(ResultSet row, int number) throws SQLException {
            return new Stored(
                    TrainingRow.training(row, number),
                    row.getString("document"),
                    row.getLong("checksum"),
                    TrainingRow.worked(row));
        }
    }
}
