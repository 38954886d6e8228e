package io.backprop.store;

import io.backprop.engine.StopReason;
import io.backprop.store.format.Documents;
import io.backprop.training.IdempotencyKey;
import io.backprop.training.Training;
import io.backprop.training.TrainingOutcome;
import io.backprop.training.TrainingSettings;
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
import org.springframework.jdbc.core.RowMapper;

/** Reads trainings. A corrupt column is logged and read as absent; a training without a readable state has failed. */
final class TrainingRowMapper implements RowMapper<Training> {

    static final String UNREADABLE = "the stored data of this training cannot be read";

    private static final Logger log = LoggerFactory.getLogger(TrainingRowMapper.class);

    @Override
    public Training mapRow(ResultSet row, int number) throws SQLException {
        Optional<Training.State> state = read(row, "state", Training.State::valueOf);
        TrainingOutcome outcome = state.isPresent()
                ? readDocument(row, "outcome", TrainingOutcome.class).orElse(TrainingOutcome.NONE)
                : TrainingOutcome.failed(StopReason.ERROR, UNREADABLE);
        return new Training(
                row.getString("id"),
                row.getString("model_id"),
                row.getInt("number"),
                read(row, "kind", Training.Kind::valueOf).orElse(Training.Kind.TRAINING),
                state.orElse(Training.State.FAILED),
                row.getInt("epochs"),
                row.getLong("examples"),
                row.getInt("folds"),
                readDocument(row, "settings", TrainingSettings.class).orElse(null),
                queuePosition(row),
                progress(row),
                outcome,
                EpochMicros.toInstant(row.getLong("queued_at")),
                time(row, "started_at"),
                time(row, "finished_at"),
                readDocument(row, "warnings", String[].class).map(List::of).orElse(List.of()),
                row.getString("owner"),
                key(row));
    }

    static Training.Progress ownProgress(ResultSet row, int number) throws SQLException {
        return readDocument(row, "progress", Training.Progress.class).orElse(Training.Progress.NONE);
    }

    /** The progress of a training and of its parts, with the losses of the last part unless the training has its own. */
    private static Training.Progress progress(ResultSet row) throws SQLException {
        Training.Progress own =
                readDocument(row, "progress", Training.Progress.class).orElse(null);
        Training.Progress last = own != null
                ? own
                : readDocument(row, "part_progress", Training.Progress.class)
                        .map(part -> new Training.Progress(
                                0, part.loss(), part.validationLoss(), part.validationMetrics(), Duration.ZERO))
                        .orElse(Training.Progress.NONE);
        return last.plus(row.getInt("part_epochs"), Duration.of(row.getLong("part_worked"), ChronoUnit.MICROS));
    }

    private static <T> Optional<T> readDocument(ResultSet row, String column, Class<T> type) throws SQLException {
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

    private static @Nullable Integer queuePosition(ResultSet row) throws SQLException {
        int position = row.getInt("queue_position");
        return row.wasNull() ? null : position;
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? null : EpochMicros.toInstant(micros);
    }

    private static @Nullable IdempotencyKey key(ResultSet row) throws SQLException {
        String key = row.getString("idempotency_key");
        return key == null ? null : new IdempotencyKey(key, row.getString("body_digest"));
    }
}
