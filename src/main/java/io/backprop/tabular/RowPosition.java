package io.backprop.tabular;

/** The current row of a table that is being read. */
final class RowPosition {

    private final String source;
    long row; // from 0
    long line; // of its first character, from 1; 0 if rows have no lines

    /** @param source where the rows come from, for messages; may be empty */
    RowPosition(String source) {
        this.source = source;
    }

    RowPlace place() {
        return new RowPlace(source, line, row);
    }
}
