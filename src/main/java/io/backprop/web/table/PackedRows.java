package io.backprop.web.table;

import io.backprop.tabular.RowSink;
import java.util.ArrayList;
import java.util.List;

/** Rows of a table as text, all of them in memory. */
final class PackedRows implements RowSink, RowSource {

    private static final int CHARACTERS_OF_PART = 1 << 16;
    private static final int CELLS_OF_PART = 1 << 14;

    private final List<RowText> parts = new ArrayList<>(); // each of which may be copied to grow
    private List<String> columns = List.of();
    private RowText last = new RowText();

    @Override
    public void begin(List<String> columns) {
        this.columns = List.copyOf(columns);
        addPart();
    }

    private void addPart() {
        last = new RowText();
        last.begin(columns);
        parts.add(last);
    }

    @Override
    public void cell(int column, char[] text, int offset, int length) {
        last.cell(column, text, offset, length);
    }

    @Override
    public void endRow() {
        last.endRow();
        if (last.length() > CHARACTERS_OF_PART || last.rows() * columns.size() > CELLS_OF_PART) {
            addPart();
        }
    }

    @Override
    public void readInto(RowSink sink) {
        sink.begin(columns);
        for (RowText part : parts) {
            for (int row = 0; row < part.rows(); row++) {
                for (int column = 0; column < columns.size(); column++) {
                    int start = part.start(row, column);
                    sink.cell(column, part.text(), start, part.end(row, column) - start);
                }
                sink.endRow();
            }
        }
    }
}
