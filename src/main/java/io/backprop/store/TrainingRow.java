package io.backprop.store;

import io.backprop.engine.StopReason;
import io.backprop.training.CancellationRequest;
import io.backprop.training.CrossValidation;
import io.backprop.training.IdempotencyKey;
import io.backprop.training.LearningCurves;
import io.backprop.training.Training;
import io.backprop.training.TrainingLease;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A training as the database has it. */
final class TrainingRow {

    private static final Logger log = LoggerFactory.getLogger(TrainingRow.class);
    static final String UNREADABLE = "what was stored of this training can't be read any more";

    /** All columns that {@link #training} reads; a document may be large, and is read by whoever does the training. */
    static final String SELECT = """
            select id, model_id, number, state, stop_reason, epochs, losses, best_epoch, metrics, examples, worked, version,
              folds, fold_metrics, queued_at, started_at, finished_at, warnings, error, idempotency_key, body_digest
            from training""";

    private static final long LONGEST_MICROS = Duration.ofDays(10_000).toSeconds() * 1_000_000;
    private static final String KEEP = "keep";
    private static final String DISCARD = "discard";

    private TrainingRow() {}

    static String cancel(boolean keep) {
        return keep ? KEEP : DISCARD;
    }

    static CancellationRequest cancellationRequest(ResultSet row, int number) throws SQLException {
        String cancel = row.getString("cancel");
        return new CancellationRequest(
                new TrainingLease(row.getString("id"), row.getLong("lease")), cancel != null, KEEP.equals(cancel));
    }

    static Training training(ResultSet row, int number) throws SQLException {
        int examples = row.getInt("examples");
        LearningCurves losses = losses(row);
        Optional<Training.State> state = read(row, "state", name -> Documents.valueOf(Training.State.class, name));
        Instant startedAt = time(row, "started_at");
        return new Training(
                row.getString("id"),
                row.getString("model_id"),
                row.getInt("number"),
                state.orElse(Training.State.FAILED),
                read(row, "stop_reason", name -> Documents.valueOf(StopReason.class, name))
                        .orElse(null),
                row.getInt("epochs"),
                losses,
                integer(row, "best_epoch"),
                read(row, "metrics", Documents::readMetrics).orElse(null),
                examples,
                startedAt == null ? null : Training.speed(examples, losses.epochs(), worked(row)),
                row.getObject("version") == null ? null : row.getLong("version"),
                crossValidation(row),
                Micros.toInstant(row.getLong("queued_at")),
                startedAt,
                time(row, "finished_at"),
                read(row, "warnings", Documents::readTexts).orElse(List.of()),
                state.isPresent() ? row.getString("error") : UNREADABLE,
                key(row));
    }

    /** Time spent before; none if the database has one that nobody can have spent. */
    static Duration worked(ResultSet row) throws SQLException {
        long micros = row.getLong("worked");
        boolean possible = micros >= 0 && micros < LONGEST_MICROS;
        if (!possible) {
            log.error("The time worked at training {} is damaged: {} microseconds", row.getString("id"), micros);
        }
        return Duration.of(possible ? micros : 0, ChronoUnit.MICROS);
    }

    private static @Nullable IdempotencyKey key(ResultSet row) throws SQLException {
        String key = row.getString("idempotency_key");
        return key == null ? null : new IdempotencyKey(key, row.getString("body_digest"));
    }

    private static LearningCurves losses(ResultSet row) throws SQLException {
        byte[] bytes = row.getBytes("losses");
        try {
            return bytes == null ? LearningCurves.NONE : HistoryFormat.readLosses(bytes);
        } catch (DamagedException e) {
            log.error("The losses of training {} are damaged: {}", row.getString("id"), e.getMessage());
            return LearningCurves.NONE;
        }
    }

    private static @Nullable CrossValidation crossValidation(ResultSet row) throws SQLException {
        int folds = row.getInt("folds");
        List<CrossValidation.Fold> results =
                read(row, "fold_metrics", Documents::readFolds).orElse(List.of());
        return folds == 0 ? null : new CrossValidation(folds, results);
    }

    /** What a column has; empty if it has nothing or, which is reported, nothing that can be read. */
    private static <T> Optional<T> read(ResultSet row, String column, Function<String, T> reader) throws SQLException {
        String text = row.getString(column);
        try {
            return Optional.ofNullable(text).map(reader);
        } catch (RuntimeException e) { // whatever a damaged text leads to
            log.error("The {} of training {} is damaged: {}", column, row.getString("id"), e.getMessage());
            return Optional.empty();
        }
    }

    private static @Nullable Integer integer(ResultSet row, String column) throws SQLException {
        int value = row.getInt(column);
        return row.wasNull() ? null : value;
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? null : Micros.toInstant(micros);
    }
}
