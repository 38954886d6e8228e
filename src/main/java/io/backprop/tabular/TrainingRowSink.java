package io.backprop.tabular;

import io.backprop.tabular.TableColumns.Content;
import io.backprop.tabular.TableColumns.Use;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads rows with known columns, and passes on the cells of those for training, a block of rows and a column at a time. */
abstract class TrainingRowSink implements RowSink {

    private static final int CELLS_PER_BLOCK = 1 << 16;
    private static final int ROWS_PER_BLOCK = 512;
    private static final int UNUSED = -1;

    final TableColumns columns;
    private final CellParser parser;
    private final RowPosition position;
    private final int width; // features, then the target
    private final float[] row; // width
    private final float[] block; // rows × width
    private final float[] cells; // of a column in a block
    private TypedColumn[] typed = {}; // by column of the table
    private int[] slots = {}; // by column of the table
    private @Nullable RowSplitter splitter;
    private int rows; // in the block

    TrainingRowSink(TableColumns columns, String source) {
        this.columns = columns;
        this.parser = new CellParser(columns.options().cells());
        this.position = new RowPosition(source);
        this.width = columns.features().size() + 1;
        this.row = new float[width];
        int rowsPerBlock = Math.max(1, Math.min(ROWS_PER_BLOCK, CELLS_PER_BLOCK / width));
        this.block = new float[rowsPerBlock * width];
        this.cells = new float[rowsPerBlock];
        Arrays.fill(row, Float.NaN);
    }

    @Override
    public void begin(List<String> names) {
        Header header = new Header(names);
        Map<Integer, Integer> slotsByColumn = new HashMap<>();
        for (int slot = 0; slot < width; slot++) {
            slotsByColumn.put(header.require(use(slot).name(), "the fit needs"), slot);
        }
        RowSplit split = columns.split();
        splitter = split == null ? null : new RowSplitter(split, header, parser);
        typed = new TypedColumn[names.size()];
        slots = new int[names.size()];
        for (int column = 0; column < slots.length; column++) {
            slots[column] = slotsByColumn.getOrDefault(column, UNUSED);
            typed[column] = slots[column] == UNUSED
                    ? TypedColumn.ignored(header.names().get(column), parser, position)
                    : TypedColumn.of(use(slots[column]), parser, position);
        }
    }

    private Use use(int slot) {
        return slot == width - 1 ? columns.target() : columns.features().get(slot);
    }

    @Override
    public void beginRow(long line, long bytesBefore) {
        position.line = line;
    }

    @Override
    public void cell(int column, CellKind kind, char[] text, int offset, int length) {
        float cell = typed[column].convert(kind, text, offset, length);
        if (slots[column] != UNUSED) {
            row[slots[column]] = cell;
        }
        if (splitter != null) {
            splitter.cell(column, cell, kind, text, offset, length);
        }
    }

    @Override
    public void number(int column, float number) {
        if (typed[column].hasNumbers()) {
            row[slots[column]] = parser.isMissing(number) ? Float.NaN : number;
            if (splitter != null) {
                splitter.number(column, row[slots[column]]);
            }
        } else {
            RowSink.super.number(column, number);
        }
    }

    @Override
    public void endRow() {
        float target = row[width - 1];
        boolean validation = splitter != null && splitter.isForValidation();
        if (!Float.isNaN(target)) {
            if (validation) {
                addValidation(target);
            } else {
                System.arraycopy(row, 0, block, rows * width, width);
                rows++;
            }
        }
        Arrays.fill(row, Float.NaN);
        position.row++;
        if (rows == cells.length) {
            flush();
        }
    }

    /** Passes on the rows that are still in the block. */
    final void flush() {
        for (int slot = 0; rows > 0 && slot < width; slot++) {
            for (int i = 0; i < rows; i++) {
                cells[i] = block[i * width + slot];
            }
            if (slot == width - 1) {
                addTargets(cells, rows);
            } else if (columns.options().learned() == null) {
                addFeature(slot, cells, rows);
            }
        }
        rows = 0;
    }

    final boolean hasClasses() {
        return columns.target().content() == Content.CLASSES;
    }

    /** Adds the target of a row for validation. */
    void addValidation(float target) {}

    /**
     * Adds the targets of rows for training.
     *
     * @param targets Not modified.
     */
    void addTargets(float[] targets, int count) {}

    /**
     * Adds the cells of a column that may be a feature.
     *
     * @param column index of the feature
     * @param numbers or codes; NaN for missing values. Not modified.
     */
    abstract void addFeature(int column, float[] numbers, int count);
}
