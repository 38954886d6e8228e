package io.backprop.tabular;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Collects the rows of a table in memory and infers the types of its columns. */
public final class TableBuilder implements RowSink {
    /*
     * Where the length of the input is known, the number of rows is estimated once from its first part, and memory for
     * all of them is allocated at once; TableBuilderTests shows that no second copy of the cells is made. It is not
     * estimated earlier, because a caller may announce more than it sends.
     */

    private static final int ESTIMATE_FROM = 16; // th part of the input
    private static final long MIN_BYTES = 1 << 22; // to estimate from; readers are some KiB ahead
    private static final double MARGIN = 1.03;
    private static final int MAX_ARRAY_LENGTH = Integer.MAX_VALUE - 8;

    private final long maxCells;
    private final long expectedBytes;
    private final LongConsumer memory;
    private final CellRules rules;
    private final CellParser parser;
    private final RowPosition position = new RowPosition("");
    private final CellStorage storage = new Storage();
    private final ChunkedFloatArray cells;
    private final @Nullable RowDivision division;
    private Column[] columns = {};
    private float[] row = {};
    private long chargedCells; // besides the cells themselves
    private boolean estimated;

    /**
     * @param maxCells of the table, where distinct strings count as the cells that would need their memory
     * @param expectedBytes the length of the input, if rows have lines; 0 if unknown
     * @param memory receives the number of bytes before they are allocated, and a negative number once they are free
     * @param division null for none
     */
    public TableBuilder(
            long maxCells, long expectedBytes, CellRules rules, LongConsumer memory, @Nullable RowDivision division) {
        this.maxCells = Math.min(maxCells, MAX_ARRAY_LENGTH);
        this.expectedBytes = expectedBytes;
        this.rules = rules;
        this.parser = new CellParser(rules);
        this.memory = memory;
        this.division = division;
        this.cells = new ChunkedFloatArray(memory);
    }

    @Override
    public void begin(List<String> names) {
        Header header = new Header(names);
        if (division != null) {
            header.require(division.column(), "the rows are divided by");
        }
        List<String> stripped = header.names();
        row = new float[stripped.size()];
        Arrays.fill(row, Float.NaN);
        columns = new Column[row.length];
        Arrays.setAll(columns, index -> column(stripped.get(index), index));
    }

    private Column column(String name, int index) {
        return division != null && division.column().equals(name)
                ? new DividingColumn(division, parser, position, storage)
                : new InferredColumn(name, index, parser, position, storage);
    }

    @Override
    public void beginRow(long line, long bytesBefore) {
        position.line = line;
        if (!estimated && expectedBytes > 0 && bytesBefore >= Math.max(expectedBytes / ESTIMATE_FROM, MIN_BYTES)) {
            estimated = true;
            double estimate = MARGIN * cells.size() * expectedBytes / bytesBefore;
            if (estimate <= MARGIN * maxCells) { // else the table is rejected anyway
                cells.reserve((int) Math.min(estimate, (double) maxCells));
            }
        }
    }

    @Override
    public void cell(int column, CellKind kind, char[] text, int offset, int length) {
        row[column] = columns[column].convert(kind, text, offset, length);
    }

    @Override
    public void endRow() {
        requireRoomFor(row.length);
        cells.addAll(row);
        Arrays.fill(row, Float.NaN);
        position.row++;
    }

    private void requireRoomFor(int more) {
        if (cells.size() + chargedCells + more > maxCells) {
            throw TableException.tooLarge("a table may have at most %d cells, but this one has more", maxCells);
        }
    }

    /** Number of complete rows so far. */
    public int rows() {
        return (int) position.row;
    }

    /** The table of all rows. Nothing may be added afterwards. */
    public Table build() {
        if (position.row == 0) {
            throw TableException.invalid("a table must have at least 1 row, but has none");
        }
        for (Column column : columns) {
            column.finish();
        }
        return new Table(columns, rules, rows(), cells.toArray());
    }

    /** The cells of the table, and the numbers of its columns that were set aside. */
    private final class Storage implements CellStorage {

        private static final int CELLS_PER_NUMBER = 2; // that take as much memory as one that was set aside

        private final Map<Integer, NumbersAside> aside = new HashMap<>(); // by column

        /** Numbers of a column, by row. */
        private static final class NumbersAside {
            private int[] rows = new int[16];
            private float[] numbers = new float[16];
            private int size;

            void add(int row, float number) {
                if (size == rows.length) {
                    rows = Arrays.copyOf(rows, 2 * size);
                    numbers = Arrays.copyOf(numbers, 2 * size);
                }
                rows[size] = row;
                numbers[size++] = number;
            }
        }

        @Override
        public boolean keepsCells() {
            return true;
        }

        @Override
        public void charge(int more) {
            requireRoomFor(row.length + more);
            memory.accept((long) more * Float.BYTES);
            chargedCells += more;
        }

        @Override
        public void decode(int column, float[] numbers, float[] others) {
            for (int i = column; i < cells.size(); i += row.length) {
                float code = cells.get(i);
                if (!Float.isNaN(code)) {
                    cells.set(i, numbers[(int) code]);
                    if (!Float.isNaN(others[(int) code])) {
                        setAside(column, i / row.length, others[(int) code]);
                    }
                }
            }
        }

        @Override
        public void setAside(int column, float number) {
            setAside(column, rows(), number);
        }

        private void setAside(int column, int tableRow, float number) {
            charge(CELLS_PER_NUMBER);
            aside.computeIfAbsent(column, same -> new NumbersAside()).add(tableRow, number);
        }

        @Override
        public void exchange(int column) {
            for (int i = column; i < cells.size(); i += row.length) {
                cells.set(i, Float.NaN);
            }
            NumbersAside numbers = aside.getOrDefault(column, new NumbersAside());
            for (int i = 0; i < numbers.size; i++) {
                cells.set(numbers.rows[i] * row.length + column, numbers.numbers[i]);
            }
        }
    }
}
