package io.backprop.prediction;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The predictions of a version of a model for a table that a driver on a cluster reads and writes.
 *
 * @param number of the scoring among those of its model, from 1
 * @param version of the model when the scoring was started; it is kept until the end
 * @param rows scored so far
 * @param files of the output; null before it is complete
 * @param warnings about the rows
 * @param error why the scoring has failed; null unless it has
 */
public record Scoring(
        String model,
        int number,
        State state,
        long version,
        ScoringCommand command,
        long rows,
        @Nullable Integer files,
        List<String> warnings,
        @Nullable String error,
        Instant queuedAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt) {

    /** The number of scorings of a model that are kept after their end. */
    public static final int KEPT = 20;

    public enum State {
        QUEUED,
        RUNNING,
        SUCCEEDED,
        CANCELLED,
        FAILED
    }

    public Scoring {
        warnings = List.copyOf(warnings);
    }

    public boolean isOver() {
        return state != State.QUEUED && state != State.RUNNING;
    }

    /** This scoring, which is not over, after its model was deleted. */
    Scoring deleted(Instant now) {
        return new Scoring(
                model, number, State.CANCELLED, version, command, rows, null, warnings, null, queuedAt, startedAt, now);
    }
}
