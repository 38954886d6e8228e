package io.backprop.tabular;

/** How a column of a table is encoded. */
public enum ColumnType {
    /** As numbers, or as dates in ISO 8601, which count as days since 1970. */
    NUMERIC,
    /** As categories, one for each distinct value. */
    CATEGORICAL,
    /** Not at all: the column is not an input. */
    IGNORE
}
