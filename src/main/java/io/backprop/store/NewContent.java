package io.backprop.store;

import io.backprop.model.StorageFullException;
import io.backprop.model.StorageUnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A content whose parts are stored as they come, a few MiB in a transaction: others may write between any two. */
final class NewContent implements Consumer<byte[]>, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(NewContent.class);
    private static final int BYTES_AT_ONCE = 4 << 20;
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10); // clocks may differ by less

    private final JdbcClient jdbc;
    private final Transactions transactions;
    private final LongPredicate room;
    private final TrainingContents.Kind kind;
    private final String id = UUID.randomUUID().toString();
    private final List<byte[]> held = new ArrayList<>();
    private int heldBytes;
    private int stored;

    /**
     * @param room whether there is some for so many bytes more
     */
    NewContent(JdbcClient jdbc, Transactions transactions, LongPredicate room, TrainingContents.Kind kind) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.room = room;
        this.kind = kind;
    }

    /** Adds a part; before the disk is so full that even the removal of what was stored would find no room, this throws. */
    @Override
    public void accept(byte[] part) {
        if (!held.isEmpty() && heldBytes + part.length > BYTES_AT_ONCE) {
            requireRoom();
            stored += transactions.write("training", this::storeHeld);
            held.clear();
            heldBytes = 0;
        }
        held.add(part);
        heldBytes += part.length;
    }

    private void requireRoom() {
        if (!room.test(heldBytes)) {
            String problem = "the disk must have room for %d bytes more and for removing them, but has less"
                    .formatted(heldBytes);
            log.error("No room left to store the training: {}", problem);
            throw new StorageFullException("training", new IOException(problem));
        }
    }

    /** Puts the content in the place of the training's present one, within a transaction of the caller's. */
    void giveTo(String training) {
        storeHeld();
        jdbc.sql("update training_content set training_id = null where training_id = :training and kind = :kind")
                .param("training", training)
                .param("kind", Documents.nameOf(kind))
                .update();
        jdbc.sql("update training_content set training_id = :training, expires_at = 0 where id = :id")
                .param("training", training)
                .param("id", id)
                .update();
    }

    private int storeHeld() {
        keep();
        int place = stored;
        for (byte[] part : held) {
            jdbc.sql("insert into content_part (content_id, place, bytes) values (:id, :place, :bytes)")
                    .param("id", id)
                    .param("place", place++)
                    .param("bytes", part)
                    .update();
        }
        return held.size();
    }

    /** Gives whoever writes time for what comes next. */
    private void keep() {
        String change = stored == 0
                ? "insert into training_content (id, kind, expires_at) values (:id, :kind, :expires)"
                : "update training_content set expires_at = :expires where id = :id and kind = :kind and expires_at > 0";
        int kept = jdbc.sql(change)
                .param("id", id)
                .param("kind", Documents.nameOf(kind))
                .param("expires", Micros.of(Instant.now().plus(LONGEST_PAUSE)))
                .update();
        if (kept == 0) {
            throw new StorageUnavailableException(new IllegalStateException(
                    "the parts of a content must be stored within %s of each other, but one took longer, and those before it are removed"
                            .formatted(LONGEST_PAUSE)));
        }
    }

    /** Has what was stored removed soon, unless a training has it. */
    @Override
    public void close() {
        if (stored > 0) {
            try {
                transactions.write(
                        "removal",
                        () -> jdbc.sql(
                                        "update training_content set expires_at = 0 where id = :id and training_id is null")
                                .param("id", id)
                                .update());
            } catch (StorageFullException | StorageUnavailableException e) { // then it expires by itself
                log.debug("Content {} is not removed yet: {}", id, e.getMessage());
            }
        }
    }
}
