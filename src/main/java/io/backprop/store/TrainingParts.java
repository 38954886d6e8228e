package io.backprop.store;

import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What belongs to a training and is large: read when it is needed, and removed before the training is. */
@Component
class TrainingParts {

    private final JdbcClient jdbc;

    TrainingParts(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What a part is; by its name in lower case. */
    enum Kind {
        /** As {@link TrainingDataFormat} tells, in as many places as it takes; as long as the training is not over. */
        DATA,
        /** As {@link CheckpointFormat} tells; as long as the training is not over. */
        CHECKPOINT,
        /** As {@link HistoryFormat} tells; from the end on. */
        HISTORY
    }

    /** Keeps bytes in the place of those that were kept there before. */
    void put(String training, Kind kind, int place, byte[] bytes) {
        jdbc.sql("""
                        insert into training_part (training_id, kind, place, bytes)
                        values (:training, :kind, :place, :bytes)
                        on conflict (training_id, kind, place) do update set bytes = excluded.bytes""")
                .param("training", training)
                .param("kind", Documents.nameOf(kind))
                .param("place", place)
                .param("bytes", bytes)
                .update();
    }

    Optional<byte[]> find(String training, Kind kind, int place) {
        return jdbc.sql("""
                        select bytes from training_part
                        where training_id = :training and kind = :kind and place = :place""")
                .param("training", training)
                .param("kind", Documents.nameOf(kind))
                .param("place", place)
                .query((row, number) -> row.getBytes("bytes"))
                .optional();
    }

    void removeAll(String training) {
        jdbc.sql("delete from training_part where training_id = :training")
                .param("training", training)
                .update();
    }
}
