package io.backprop.web.table;

import io.backprop.tabular.RowSink;
import java.util.Arrays;
import java.util.List;

/** Rows of a table as they were written, as far as memory suffices for them; cells that were left out are empty. */
public final class RowText implements RowSink {

    private List<String> columns = List.of();
    private char[] text = new char[1024];
    private int length;
    private int[] starts = new int[64]; // in the text, rows × columns
    private int[] ends = new int[64];
    private int rows;

    @Override
    public void begin(List<String> columns) {
        this.columns = List.copyOf(columns);
        clear();
    }

    @Override
    public void cell(int column, char[] cell, int offset, int cellLength) {
        if (text.length - length < cellLength) {
            text = Arrays.copyOf(text, Math.max(2 * text.length, length + cellLength));
        }
        System.arraycopy(cell, offset, text, length, cellLength);
        int index = rows * columns.size() + column;
        starts[index] = length;
        length += cellLength;
        ends[index] = length;
    }

    @Override
    public void endRow() {
        rows++;
        makeRoom();
    }

    /** Forgets the rows. */
    public void clear() {
        length = 0;
        rows = 0;
        Arrays.fill(starts, 0);
        Arrays.fill(ends, 0);
        makeRoom();
    }

    private void makeRoom() {
        int needed = (rows + 1) * columns.size();
        if (needed > starts.length) {
            starts = Arrays.copyOf(starts, Math.max(2 * starts.length, needed));
            ends = Arrays.copyOf(ends, starts.length);
        }
    }

    public int rows() {
        return rows;
    }

    /** In which the cells are. Not to be modified. */
    public char[] text() {
        return text;
    }

    /** Where a cell begins in the text. */
    public int start(int row, int column) {
        return starts[row * columns.size() + column];
    }

    /** Where a cell ends. */
    public int end(int row, int column) {
        return ends[row * columns.size() + column];
    }

    /** Characters of all cells. */
    int length() {
        return length;
    }
}
