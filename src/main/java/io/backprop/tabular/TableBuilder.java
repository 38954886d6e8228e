package io.backprop.tabular;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Takes in the rows of a table and packs them; what each column holds is found on the way. */
public final class TableBuilder implements RowSink {

    private static final int LONGEST_NAME = 256;
    private static final long BYTES_TO_JUDGE_BY = 1 << 22; // before the number of rows is foretold

    private final long mostCells;
    private final long expectedBytes;
    private final Position position = new Position();
    private Column[] columns = {};
    private Cells cells = new Cells(0, 0);
    private float[] row = {};
    private boolean foretold;

    /**
     * @param mostCells that the table may have, words counted for the memory they take
     * @param expectedBytes of all lines together, if rows stand in lines; 0 if unknown
     */
    public TableBuilder(long mostCells, long expectedBytes) {
        this.mostCells = mostCells;
        this.expectedBytes = expectedBytes;
    }

    @Override
    public void begin(List<String> names) {
        if (names.isEmpty()) {
            throw new InvalidTableException("a table must have at least 1 column, but has none");
        }
        cells = new Cells(names.size(), mostCells);
        row = new float[names.size()];
        columns = new Column[names.size()];
        Set<String> known = new HashSet<>();
        for (int i = 0; i < columns.length; i++) {
            String name = names.get(i).strip();
            requireName(name, i, known);
            columns[i] = new Column(name, i, position, cells);
        }
        Arrays.fill(row, Float.NaN);
    }

    private static void requireName(String name, int index, Set<String> known) {
        if (name.isEmpty()) {
            throw new InvalidTableException(
                    "each column must have a name, but column %d has none".formatted(index + 1));
        }
        if (name.length() > LONGEST_NAME) {
            throw new InvalidTableException("the name of a column must have at most %d characters, but column %d has %d"
                    .formatted(LONGEST_NAME, index + 1, name.length()));
        }
        if (!known.add(name)) {
            throw new InvalidTableException(
                    "names of columns must differ from one another, but two are " + Cell.quote(name));
        }
    }

    @Override
    public void beginRow(long line, long bytesBefore) {
        position.line = line;
        if (!foretold && expectedBytes > 0 && bytesBefore >= BYTES_TO_JUDGE_BY) {
            foretold = true;
            cells.expect((long) (1.03 * position.row * expectedBytes / bytesBefore));
        }
    }

    @Override
    public void cell(int column, char[] text, int offset, int length) {
        int start = offset;
        int end = offset + length;
        while (start < end && text[start] <= ' ') {
            start++;
        }
        while (end > start && text[end - 1] <= ' ') {
            end--;
        }
        row[column] = Gaps.isGap(text, start, end - start)
                ? columns[column].gap()
                : columns[column].read(text, start, end - start);
    }

    @Override
    public void endRow() {
        cells.addRow(row);
        Arrays.fill(row, Float.NaN);
        position.row++;
    }

    /** The table of all rows so far; nothing can be added to it. */
    public Table build() {
        if (position.row == 0) {
            throw new InvalidTableException("a table must have at least 1 row, but has none");
        }
        return new Table(columns, position.row, cells.toArray());
    }
}
