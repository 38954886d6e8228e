package io.backprop.tabular;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.util.Optional;

/**
 * The share of the rows that is chosen for validation by their content.
 *
 * @param share in (0, 1)
 * @param maxRows how many rows are expected at most; a smaller share is chosen of more rows
 */
public record ValidationShare(float share, int maxRows) {

    /** Rows that suffice to validate a training, and that fit the memory of one machine. */
    public static final int MAX_ROWS = 100_000;

    public ValidationShare {
        requireArgument(share > 0 && share < 1, "share must be greater than 0 and less than 1, but was %s", share);
        requireArgument(maxRows >= 1, "maxRows must be at least 1, but was %d", maxRows);
    }

    /** At most {@link #MAX_ROWS} rows. */
    public ValidationShare(float share) {
        this(share, MAX_ROWS);
    }

    /** {@code min(share, maxRows / rows)}. */
    public double of(long rows) {
        return Math.min(share, (double) maxRows / rows);
    }

    /** The warning that not more than {@link #MAX_ROWS} are chosen of that many rows; empty if that changes nothing. */
    public Optional<String> warning(long rows) {
        return maxRows < MAX_ROWS || of(rows) == share
                ? Optional.empty()
                : Optional.of("about %d of %d rows are for validation, not a share of %s, because that many suffice"
                        .formatted(maxRows, rows, share));
    }
}
