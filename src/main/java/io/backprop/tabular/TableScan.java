package io.backprop.tabular;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the types of a table's columns without keeping its rows: the first of two or three passes that fit a model to a
 * table of any length.
 *
 * <p>Each file, or each part of one, has its own sinks, which are merged in any order:
 *
 * <ol>
 *   <li>a {@code TableScan} of all rows, and {@link #resolve};
 *   <li>a {@link TableFit} of all rows, and {@link TableFit#quantiles()};
 *   <li>if {@link TableQuantiles#isNeeded()}, a {@link TableQuantiles} of all rows;
 *   <li>{@link TableFit#result}.
 * </ol>
 */
public final class TableScan implements RowSink {

    /**
     * @param division the column that divides the rows; null for none
     * @param source where the rows come from, for messages such as "part-7.csv, line 5"; may be empty
     */
    public TableScan(CellRules rules, @Nullable RowDivision division, String source) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void begin(List<String> columns) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void cell(int column, CellKind kind, char[] text, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void endRow() {
        throw new UnsupportedOperationException();
    }

    /**
     * Adds the rows of another scan, which must not be used afterwards. Columns are the same if their names are.
     *
     * @throws TableException if the other table has other columns
     */
    public void merge(TableScan other) {
        throw new UnsupportedOperationException();
    }

    /** Number of complete rows so far. */
    public long rows() {
        throw new UnsupportedOperationException();
    }

    /**
     * Decides how each column is used, after all rows.
     *
     * @throws TableException if the table does not fit the options
     */
    public TableColumns resolve(FitOptions options) {
        throw new UnsupportedOperationException();
    }

    public void writeTo(DataOutput out) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * @param rules those of the scan that was written
     * @param division that of the scan that was written
     */
    public static TableScan readFrom(DataInput in, CellRules rules, @Nullable RowDivision division) throws IOException {
        throw new UnsupportedOperationException();
    }
}
