package io.backprop.tabular;

/** What a column of a table is taken for. */
public enum ColumnType {
    /** Numbers, or dates in ISO 8601, which count as days since 1970. */
    NUMERIC,
    /** Words, each of which stands for itself. */
    CATEGORICAL,
    /** Nothing: the column is left out. */
    IGNORE
}
