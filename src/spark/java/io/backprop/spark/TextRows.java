package io.backprop.spark;

import io.backprop.tabular.RowSink;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Passes the rows of a file on, and before each row the texts of its cells in the columns that are kept. */
final class TextRows implements RowSink {

    private final List<String> kept;
    private final RowSink sink;
    private final Consumer<@Nullable Object[]> values;
    private int[] places = {}; // among those that are kept, by column; -1 for none
    private @Nullable Object[] row;

    /**
     * Creates a sink for a file.
     *
     * @param values receives the texts of each row, null for an empty cell
     */
    TextRows(List<String> kept, RowSink sink, Consumer<@Nullable Object[]> values) {
        this.kept = kept;
        this.sink = sink;
        this.values = values;
        this.row = new @Nullable Object[kept.size()];
    }

    @Override
    public void begin(List<String> columns) {
        places = columns.stream().mapToInt(kept::indexOf).toArray();
        sink.begin(columns);
    }

    @Override
    public void beginRow(long line, long bytesBefore) {
        sink.beginRow(line, bytesBefore);
    }

    @Override
    public void cell(int column, CellKind kind, char[] text, int offset, int length) {
        if (places[column] >= 0 && length > 0) {
            row[places[column]] = new String(text, offset, length);
        }
        sink.cell(column, kind, text, offset, length);
    }

    @Override
    public void endRow() {
        values.accept(row);
        row = new @Nullable Object[kept.size()];
        sink.endRow();
    }
}
