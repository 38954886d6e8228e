package io.backprop.driver;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

/**
 * The heartbeat of a scoring, which renews its claim.
 *
 * @param rows scored so far
 */
public record ScoringProgressReport(long lease, long rows) {

    public ScoringProgressReport {
        requireArgument(rows >= 0, "rows must be at least 0, but was %d", rows);
    }
}
