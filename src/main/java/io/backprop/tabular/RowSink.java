package io.backprop.tabular;

import java.util.List;

/** Receives the rows of a table, cell by cell, as they are read. */
public interface RowSink {

    /** Of all cells of a row, because a sink may keep a row as text. Suffices for the longest cell or for many columns. */
    int MAX_ROW_CHARACTERS = 1 << 22;

    /** Called once, before all other methods. */
    void begin(List<String> columns);

    /**
     * Called before the cells of each row, if rows have lines.
     *
     * @param line of the row's first character, from 1
     * @param bytesBefore the approximate number of bytes read before the row
     */
    default void beginRow(long line, long bytesBefore) {}

    /** What a format says about the type of a cell. */
    enum CellKind {
        /** Nothing, as in CSV. */
        UNTYPED,
        /** A number with a decimal point, independent of the table's decimal separator. */
        NUMBER,
        /** Text, even if it looks like a number. */
        TEXT
    }

    /**
     * Receives the text of a cell. Columns may come in any order, each at most once in a row.
     *
     * @param text valid only during the call. Not modified.
     */
    void cell(int column, CellKind kind, char[] text, int offset, int length);

    /**
     * Receives the number in a cell.
     *
     * @param number NaN if it is missing
     */
    default void number(int column, float number) {
        if (!Float.isNaN(number)) {
            char[] text = Float.toString(number).toCharArray();
            cell(column, CellKind.NUMBER, text, 0, text.length);
        }
    }

    /** Called after the cells of a row. Cells that were not given are missing. */
    void endRow();
}
