package io.backprop.tabular;

import io.backprop.engine.Matrix;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Rows of cells in named columns, in memory and packed; made by a {@link TableBuilder}. */
public final class Table {

    private final FoundColumn[] found;
    private final Columns columns;
    private final int rows;
    private float @Nullable [] cells; // rows × columns, row-major, and perhaps more behind them; null after release

    Table(FoundColumn[] found, int rows, float[] cells) {
        this.found = found;
        this.columns = new Columns(found);
        this.rows = rows;
        this.cells = cells;
    }

    public int rows() {
        return rows;
    }

    /** Names, in the order of the table. */
    public List<String> columns() {
        return columns.names();
    }

    /**
     * All rows as inputs for a model that has learned the given features. Columns are found by name; those that are no
     * feature are ignored, and words that the model has not learned are counted in the warnings.
     */
    public Matrix encode(List<Feature> features, Warnings warnings) {
        return new TableEncoder(columns, features, warnings).encode(cells(), allRows());
    }

    /**
     * What a model is to predict for each row; no row may be without.
     *
     * @param labels whether they are names of classes; else they are numbers
     */
    public Targets targets(String column, boolean labels) {
        TargetColumn target = TargetColumn.of(this, column, labels ? TargetKind.CLASSES : TargetKind.NUMBERS);
        target.requireNoGaps();
        return target.select(allRows());
    }

    private int[] allRows() {
        return IntStream.range(0, rows).toArray();
    }

    Columns layout() {
        return columns;
    }

    FoundColumn column(int index) {
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
