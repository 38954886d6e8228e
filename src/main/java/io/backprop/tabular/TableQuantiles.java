package io.backprop.tabular;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/**
 * The third pass over a table, see {@link TableScan}: finds medians and quartiles of the rows for training exactly. Parts of
 * the table start from the bytes of the one that {@link TableFit#quantiles()} returns.
 */
public final class TableQuantiles implements RowSink {

    TableQuantiles() {}

    /** Whether there are numbers to count; if not, the pass can be left out. */
    public boolean isNeeded() {
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
    public void merge(TableQuantiles other) {
        throw new UnsupportedOperationException();
    }

    public void writeTo(DataOutput out) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** @param source where the rows come from, for messages; may be empty */
    public static TableQuantiles readFrom(DataInput in, TableColumns columns, String source) throws IOException {
        throw new UnsupportedOperationException();
    }
}
