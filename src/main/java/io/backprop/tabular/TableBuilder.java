package io.backprop.tabular;

import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;

/** Takes in the rows of a table and packs them; what each column holds is found on the way. */
public final class TableBuilder implements RowSink {

    /*
     * Where the length of the whole is known, the number of rows is foretold from some megabytes. Yet whoever names a length
     * may not send so much: memory for all is taken only when a part of it has come. So there is a quarter of the rows at
     * most when they are copied to where all will be, and after that nothing is foretold, or there would be two copies.
     */

    private static final long BYTES_TO_JUDGE_BY = 1 << 22;
    private static final int MOST_TIMES = 16; // as many rows as have come
    private static final int STEP = 4;

    private final long mostCells;
    private final long expectedBytes;
    private final LongConsumer memory;
    private final RowPosition position = new RowPosition();
    private InferredColumn[] columns = {};
    private Cells cells = new Cells(0, 0, bytes -> {});
    private float[] row = {};
    private long judgeAt = BYTES_TO_JUDGE_BY;

    /**
     * @param mostCells that the table may have, words counted for the memory they take
     * @param expectedBytes of all lines together, if rows stand in lines; 0 if unknown
     * @param memory told of bytes before they are taken, and as a negative number when they are free again
     */
    public TableBuilder(long mostCells, long expectedBytes, LongConsumer memory) {
        this.mostCells = mostCells;
        this.expectedBytes = expectedBytes;
        this.memory = memory;
    }

    @Override
    public void begin(List<String> names) {
        List<String> named = Header.clean(names);
        cells = new Cells(names.size(), mostCells, memory);
        row = new float[names.size()];
        columns = new InferredColumn[names.size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = new InferredColumn(named.get(i), i, position, cells);
        }
        Arrays.fill(row, Float.NaN);
    }

    @Override
    public void beginRow(long line, long bytesBefore) {
        position.line = line;
        if (expectedBytes > 0 && bytesBefore >= judgeAt) {
            long foretold = (long) (1.03 * position.row * expectedBytes / bytesBefore);
            boolean all = foretold <= (long) MOST_TIMES * position.row;
            cells.expect(all ? foretold : (long) STEP * position.row);
            judgeAt = all ? Long.MAX_VALUE : STEP * bytesBefore;
        }
    }

    @Override
    public void cell(int column, char[] text, int offset, int length) {
        row[column] = columns[column].readCell(text, offset, length);
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
            throw TableException.invalid("a table must have at least 1 row, but has none");
        }
        return new Table(columns, position.row, cells.toArray());
    }
}
