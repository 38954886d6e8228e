package io.backprop.tabular;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of cells in named columns, in memory and packed; made by a {@link TableBuilder}. */
public final class Table {

    private final InferredColumn[] found;
    private final Layout layout;
    private final int rows;
    private float @Nullable [] cells; // rows × columns, row-major, and perhaps more behind them; null after release

    Table(InferredColumn[] found, int rows, float[] cells) {
        this.found = found;
        this.layout = new Layout(found);
        this.rows = rows;
        this.cells = cells;
    }

    public int rows() {
        return rows;
    }

    /** Names, in the order of the table. */
    public List<String> columns() {
        return layout.names();
    }

    Layout layout() {
        return layout;
    }

    InferredColumn column(int index) {
        return found[index];
    }

    int width() {
        return found.length;
    }

    float cell(int row, int column) {
        return cells()[row * found.length + column];
    }

    /** Rows × columns, row-major, and perhaps more behind them. */
    float[] cells() {
        if (cells == null) {
            throw new IllegalStateException(
                    "the table is gone: its memory has been taken for the inputs of a training");
        }
        return cells;
    }

    /** The cells, for whoever will write over them; from now on the table has none. */
    float[] release() {
        float[] released = cells();
        cells = null;
        return released;
    }
}
