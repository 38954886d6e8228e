package io.backprop.prediction.web;

import io.backprop.tabular.RowSink;
import java.util.List;

/** Hands rows on to two sinks, row by row to the first one first. */
record TeeRowSink(RowSink first, RowSink second) implements RowSink {

    @Override
    public void begin(List<String> columns) {
        first.begin(columns);
        second.begin(columns);
    }

    @Override
    public void beginRow(long line, long bytesBefore) {
        first.beginRow(line, bytesBefore);
        second.beginRow(line, bytesBefore);
    }

    @Override
    public void cell(int column, char[] text, int offset, int length) {
        first.cell(column, text, offset, length);
        second.cell(column, text, offset, length);
    }

    @Override
    public void endRow() {
        first.endRow();
        second.endRow();
    }
}
