package io.backprop.tabular;

import java.util.List;

/** Takes in the rows of a table, cell by cell, as they are read. */
public interface RowSink {

    /** Of all cells of a row: a sink may keep one as it is written. Enough for the longest cell, or for many columns. */
    int MAX_ROW_CHARACTERS = 1 << 22;

    /** Called once, before all else. */
    void begin(List<String> columns);

    /**
     * Called before the cells of each row, if rows stand in lines.
     *
     * @param line where the row begins, counted from 1
     * @param bytesBefore the row, about so many were read
     */
    default void beginRow(long line, long bytesBefore) {}

    /**
     * A cell, as it is written. May be called in any order of columns, at most once for each column of a row.
     *
     * @param text not modified, nor kept by the callee
     */
    void cell(int column, char[] text, int offset, int length);

    /** Called after the cells of a row; those that were left out are gaps. */
    void endRow();
}
