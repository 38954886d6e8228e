package io.backprop.tabular;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of cells in named columns, in memory. A {@link TableBuilder} creates it. */
public final class Table {

    private final Header header;
    private final Column[] columns;
    private final CellRules rules;
    private final int rows;
    private float @Nullable [] cells; // rows × columns, row-major, then unused elements; null after release

    Table(Column[] columns, CellRules rules, int rows, float[] cells) {
        this.header = new Header(Arrays.stream(columns).map(Column::name).toList());
        this.columns = columns;
        this.rules = rules;
        this.rows = rows;
        this.cells = cells;
    }

    public int rows() {
        return rows;
    }

    /** The rules that the cells were read with. */
    public CellRules rules() {
        return rules;
    }

    /** The names of the columns, in their order; empty for a column without a name. */
    public List<String> columns() {
        return header.names();
    }

    Header header() {
        return header;
    }

    Column[] allColumns() {
        return columns;
    }

    float cell(int row, int column) {
        return cells()[row * columns.length + column];
    }

    /** Rows × columns, row-major, then unused elements. */
    float[] cells() {
        if (cells == null) {
            throw new IllegalStateException("the table has been released");
        }
        return cells;
    }

    /** The cells, which the caller may overwrite. The table has none afterwards. */
    float[] release() {
        float[] released = cells();
        cells = null;
        return released;
    }
}
