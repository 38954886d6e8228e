package io.backprop.tabular;

/** Where in a table one is, as messages say it. */
final class RowPosition {

    int row; // counted from 0
    long line; // of the row, counted from 1; 0 if rows do not stand in lines

    @Override
    public String toString() {
        return line > 0 ? "line " + line : "row " + row;
    }
}
