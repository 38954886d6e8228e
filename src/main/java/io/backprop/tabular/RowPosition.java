package io.backprop.tabular;

/** The current row of a table that is being read. */
final class RowPosition {

    int row; // from 0
    long line; // of its first character, from 1; 0 if rows have no lines

    @Override
    public String toString() {
        return line > 0 ? "line " + line : "row " + row;
    }
}
