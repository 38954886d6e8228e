package io.backprop.tabular;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/** The second pass over a table, see {@link TableScan}: sums and counts of the rows for training. */
public final class TableFit implements RowSink {

    /** @param source where the rows come from, for messages; may be empty */
    public TableFit(TableColumns columns, String source) {
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

    /** Adds the rows of another part, which must not be used afterwards. */
    public void merge(TableFit other) {
        throw new UnsupportedOperationException();
    }

    /** The third pass, before its first row. */
    public TableQuantiles quantiles() {
        throw new UnsupportedOperationException();
    }

    /**
     * The result, after all rows.
     *
     * @param quantiles after all rows, if it is needed
     * @throws TableException if no column is usable, or if there is no row for training
     */
    public FittedTable result(TableQuantiles quantiles) {
        throw new UnsupportedOperationException();
    }

    public void writeTo(DataOutput out) throws IOException {
        throw new UnsupportedOperationException();
    }

    public static TableFit readFrom(DataInput in, TableColumns columns) throws IOException {
        throw new UnsupportedOperationException();
    }
}
