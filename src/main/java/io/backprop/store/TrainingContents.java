package io.backprop.store;

import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.LongPredicate;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** What belongs to trainings and is large, cut into parts, so that no more than a few are in memory or a transaction. */
@Component
class TrainingContents {
    /*
     * A content is nobody's until it is whole, and never changes afterwards: a newer one takes its place. What no training
     * has is removed once it has expired, a few parts at a time, whether its training has another one now, or is over, or
     * removed, or whoever wrote it has died over it.
     */

    private static final Logger log = LoggerFactory.getLogger(TrainingContents.class);
    private static final int PARTS_AT_ONCE = 8;
    private static final long STEP_NANOS = 200_000_000;

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final LongPredicate room;

    TrainingContents(JdbcClient jdbc, Transactions transactions, DataSource database) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.room = database instanceof SqliteDataSource file ? file::hasRoomFor : bytes -> true;
    }

    /** What a content is; by its name in lower case. */
    enum Kind {
        /** As {@link TrainingDataFormat} tells; as long as the training is not over. */
        DATA,
        /** As {@link CheckpointFormat} tells; as long as the training is not over. */
        CHECKPOINT,
        /** As {@link HistoryFormat} tells; from the end on. */
        HISTORY
    }

    /** A content that is nobody's yet, and has no parts. */
    NewContent begin(Kind kind) {
        return new NewContent(jdbc, transactions, room, kind);
    }

    /** Each part of a content by its place from 0; none after the last one, nor if there is no such content. */
    IntFunction<Optional<byte[]>> parts(String training, Kind kind) {
        Optional<String> found = transactions.read(
                () -> jdbc.sql("select id from training_content where training_id = :training and kind = :kind")
                        .param("training", training)
                        .param("kind", Documents.nameOf(kind))
                        .query(String.class)
                        .optional());
        return place -> found.flatMap(content -> transactions.read(
                () -> jdbc.sql("select bytes from content_part where content_id = :content and place = :place")
                        .param("content", content)
                        .param("place", place)
                        .query((row, number) -> row.getBytes("bytes"))
                        .optional()));
    }

    /** Leaves a training nothing, within a transaction of the caller's. */
    void removeAll(String training) {
        jdbc.sql("update training_content set training_id = null where training_id = :training")
                .param("training", training)
                .update();
    }

    /** Removes what no training has. */
    @Scheduled(fixedDelay = 500)
    void removeExpired() {
        long end = System.nanoTime() + STEP_NANOS;
        try {
            for (String content : expired()) {
                while (transactions.write("removal", () -> removeSome(content))) {
                    if (System.nanoTime() - end > 0) {
                        return;
                    }
                }
            }
        } catch (StorageFullException | StorageUnavailableException e) {
            log.debug("Nothing is removed: {}", e.getMessage());
        }
    }

    private List<String> expired() {
        return transactions.read(
                () -> jdbc.sql("select id from training_content where training_id is null and expires_at < :now")
                        .param("now", Micros.of(Instant.now()))
                        .query(String.class)
                        .list());
    }

    /** Whether there may be more of it. */
    private boolean removeSome(String content) {
        int doomed = jdbc.sql("""
                        update training_content set expires_at = 0
                        where id = :content and training_id is null and expires_at < :now""")
                .param("content", content)
                .param("now", Micros.of(Instant.now()))
                .update();
        if (doomed == 0) { // its writer goes on after all, or another process was here
            return false;
        }
        int removed = jdbc.sql("""
                        delete from content_part where content_id = :content and place in
                          (select place from content_part where content_id = :content order by place limit :some)""")
                .param("content", content)
                .param("some", PARTS_AT_ONCE)
                .update();
        if (removed == 0) {
            jdbc.sql("delete from training_content where id = :content")
                    .param("content", content)
                    .update();
        }
        return removed > 0;
    }
}
