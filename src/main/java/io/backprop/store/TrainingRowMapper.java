package io.backprop.store;

import io.backprop.engine.StopReason;
import io.backprop.store.format.CorruptDataException;
import io.backprop.store.format.Documents;
import io.backprop.store.format.HistoryFormat;
import io.backprop.training.CrossValidation;
import io.backprop.training.IdempotencyKey;
import io.backprop.training.LearningCurves;
import io.backprop.training.Training;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.RowMapper;
import tools.jackson.core.type.TypeReference;

/** Reads trainings. A corrupt column is logged and read as absent; a training without a readable state has failed. */
final class TrainingRowMapper implements RowMapper<Training> {

    static final String UNREADABLE = "the stored data of this training cannot be read";

    private static final Logger log = LoggerFactory.getLogger(TrainingRowMapper.class);
    private static final TypeReference<Map<String, @Nullable Double>> METRICS = new TypeReference<>() {};
    private static final Duration MAX_WORKED = Duration.ofDays(10_000);

    @Override
    public Training mapRow(ResultSet row, int number) throws SQLException {
        Optional<Training.State> state = read(row, "state", Training.State::valueOf);
        return new Training(
                row.getString("id"),
                row.getString("model_id"),
                row.getInt("number"),
                state.orElse(Training.State.FAILED),
                read(row, "stop_reason", StopReason::valueOf).orElse(null),
                row.getInt("epochs"),
                new Training.Progress(losses(row), worked(row)),
                integer(row, "best_epoch"),
                read(row, "metrics", METRICS).orElse(null),
                row.getInt("examples"),
                row.getObject("version") == null ? null : row.getLong("version"),
                crossValidation(row),
                EpochMicros.toInstant(row.getLong("queued_at")),
                time(row, "started_at"),
                time(row, "finished_at"),
                read(row, "warnings", new TypeReference<List<String>>() {}).orElse(List.of()),
                state.isPresent() ? row.getString("error") : UNREADABLE,
                key(row));
    }

    /** Time spent before; zero if the column has an impossible value. */
    private static Duration worked(ResultSet row) throws SQLException {
        long micros = row.getLong("worked");
        if (micros < 0 || micros > MAX_WORKED.toMillis() * 1_000) {
            log.error("The time worked on training {} is corrupt: {} microseconds", row.getString("id"), micros);
            return Duration.ZERO;
        }
        return Duration.of(micros, ChronoUnit.MICROS);
    }

    private static LearningCurves losses(ResultSet row) throws SQLException {
        byte[] bytes = row.getBytes("losses");
        try {
            return bytes == null ? LearningCurves.EMPTY : HistoryFormat.readLosses(bytes);
        } catch (CorruptDataException e) {
            log.error("The losses of training {} are corrupt: {}", row.getString("id"), e.getMessage());
            return LearningCurves.EMPTY;
        }
    }

    private static @Nullable CrossValidation crossValidation(ResultSet row) throws SQLException {
        int folds = row.getInt("folds");
        List<CrossValidation.Fold> results = read(
                        row, "fold_metrics", new TypeReference<List<CrossValidation.Fold>>() {})
                .orElse(List.of());
        return folds == 0 ? null : new CrossValidation(folds, results);
    }

    private static @Nullable IdempotencyKey key(ResultSet row) throws SQLException {
        String key = row.getString("idempotency_key");
        return key == null ? null : new IdempotencyKey(key, row.getString("body_digest"));
    }

    private static <T> Optional<T> read(ResultSet row, String column, TypeReference<T> type) throws SQLException {
        return read(row, column, json -> Documents.read(json, type));
    }

    private static <T> Optional<T> read(ResultSet row, String column, Function<String, T> reader) throws SQLException {
        String text = row.getString(column);
        try {
            return Optional.ofNullable(text).map(reader);
        } catch (RuntimeException e) { // a corrupt text may cause any
            log.error("The {} of training {} is corrupt: {}", column, row.getString("id"), e.getMessage());
            return Optional.empty();
        }
    }

    private static @Nullable Integer integer(ResultSet row, String column) throws SQLException {
        int value = row.getInt(column);
        return row.wasNull() ? null : value;
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? null : EpochMicros.toInstant(micros);
    }
}
