package io.backprop.tabular;

/** What becomes of a cell that is no number in a column of numbers, or no date in a column of dates. */
public enum InvalidCells {
    /** The table is rejected. */
    ERROR,
    /** The cell is a missing value. */
    MISSING
}
