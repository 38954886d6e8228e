package io.backprop.tabular;

import io.backprop.engine.Matrix;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Rows of cells in named columns, in memory and packed; made by a {@link TableBuilder}. */
public final class Table {

    private final Column[] columns;
    private final Map<String, Integer> indexes = new HashMap<>();
    private final int rows;
    private float @Nullable [] cells; // rows × columns, row-major, and perhaps more behind them; null after release

    Table(Column[] columns, int rows, float[] cells) {
        this.columns = columns;
        this.rows = rows;
        this.cells = cells;
        for (int i = 0; i < columns.length; i++) {
            indexes.put(columns[i].name(), i);
        }
    }

    public int rows() {
        return rows;
    }

    /** Names, in the order of the table. */
    public List<String> columns() {
        return Arrays.stream(columns).map(Column::name).toList();
    }

    /**
     * All rows as inputs for a model that has learned the given features. Columns are found by name; those that are no
     * feature are ignored, and words that the model has not learned are counted in the warnings.
     */
    public Matrix encode(List<Feature> features, Warnings warnings) {
        return new TableEncoder(this, features, warnings)
                .encode(IntStream.range(0, rows).toArray());
    }

    /**
     * What a model is to predict for each row; no row may be without.
     *
     * @param labels whether they are names of classes; else they are numbers
     */
    public Targets targets(String column, boolean labels) {
        TargetColumn target = new TargetColumn(this, column, labels ? TargetKind.CLASSES : TargetKind.NUMBERS);
        target.requireNoGaps();
        return target.select(IntStream.range(0, rows).toArray());
    }

    int width() {
        return columns.length;
    }

    Column column(int index) {
        return columns[index];
    }

    /** The index of a column, or -1. */
    int indexOf(String name) {
        return indexes.getOrDefault(name, -1);
    }

    float cell(int row, int column) {
        return cells()[row * columns.length + column];
    }

    /** Rows × columns, row-major, and perhaps more behind them. */
    float[] cells() {
        if (cells == null) {
            throw new IllegalStateException("the table's memory has been taken for the inputs of a training");
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
