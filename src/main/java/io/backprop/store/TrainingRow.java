package io.backprop.store;

import io.backprop.engine.StopReason;
import io.backprop.training.CrossValidation;
import io.backprop.training.Losses;
import io.backprop.training.Training;
import io.backprop.training.TrainingLease;
import io.backprop.training.TrainingWish;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A training as the database has it. */
final class TrainingRow {

    private static final Logger log = LoggerFactory.getLogger(TrainingRow.class);
    private static final String KEEP = "keep";
    private static final String DISCARD = "discard";

    private TrainingRow() {}

    static String cancel(boolean keep) {
        return keep ? KEEP : DISCARD;
    }

    static TrainingWish wish(ResultSet row, int number) throws SQLException {
        String cancel = row.getString("cancel");
        return new TrainingWish(
                new TrainingLease(row.getString("id"), row.getLong("lease")), cancel != null, KEEP.equals(cancel));
    }

    static Training training(ResultSet row, int number) throws SQLException {
        int examples = row.getInt("examples");
        Losses losses = losses(row);
        String reason = row.getString("stop_reason");
        Instant startedAt = time(row, "started_at");
        return new Training(
                row.getString("id"),
                row.getString("model_id"),
                row.getInt("number"),
                Documents.valueOf(Training.State.class, row.getString("state")),
                reason == null ? null : Documents.valueOf(StopReason.class, reason),
                row.getInt("epochs"),
                losses,
                integer(row, "best_epoch"),
                metrics(row),
                examples,
                startedAt == null ? null : Training.speed(examples, losses.epochs(), worked(row)),
                row.getObject("version") == null ? null : row.getLong("version"),
                crossValidation(row),
                Micros.toInstant(row.getLong("queued_at")),
                startedAt,
                time(row, "finished_at"),
                warnings(row),
                row.getString("error"));
    }

    static Duration worked(ResultSet row) throws SQLException {
        return Duration.of(row.getLong("worked"), ChronoUnit.MICROS);
    }

    private static Losses losses(ResultSet row) throws SQLException {
        byte[] bytes = row.getBytes("losses");
        try {
            return bytes == null ? Losses.NONE : HistoryFormat.readLosses(bytes);
        } catch (DamagedException e) {
            log.error("The losses of training {} are damaged: {}", row.getString("id"), e.getMessage());
            return Losses.NONE;
        }
    }

    private static @Nullable Map<String, @Nullable Double> metrics(ResultSet row) throws SQLException {
        String metrics = row.getString("metrics");
        return metrics == null ? null : Documents.readMetrics(metrics);
    }

    private static @Nullable CrossValidation crossValidation(ResultSet row) throws SQLException {
        int folds = row.getInt("folds");
        String results = row.getString("fold_metrics");
        return folds == 0
                ? null
                : new CrossValidation(folds, results == null ? List.of() : Documents.readFolds(results));
    }

    private static List<String> warnings(ResultSet row) throws SQLException {
        String warnings = row.getString("warnings");
        return warnings == null ? List.of() : Documents.readTexts(warnings);
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
