package io.backprop.tabular;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** How each column of a scanned table is used. */
public final class TableColumns {

    TableColumns() {}

    public void writeTo(DataOutput out) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** @param options those that the columns were resolved with */
    public static TableColumns readFrom(DataInput in, FitOptions options) throws IOException {
        throw new UnsupportedOperationException();
    }
}
