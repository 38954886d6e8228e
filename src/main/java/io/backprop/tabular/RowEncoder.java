package io.backprop.tabular;

import io.backprop.engine.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the rows of a table for a model with known features, in batches, so that a table of any length needs the same
 * memory. Columns are found by name, in any order; others are ignored. Rows without the expected target are skipped.
 */
public final class RowEncoder implements RowSink {

    private static final int CELLS_PER_BATCH = 1 << 15; // of the table, of the inputs or of the predictions
    private static final int MIN_CELLS = 1 << 10; // most tables are short
    private static final int CHARACTERS_PER_BATCH = 1 << 20; // which a sink beside this one may keep

    private final ExpectedColumns expected;
    private final CellParser parser;
    private final Warnings warnings;
    private final Consumer<Batch> consumer;
    private final RowPosition position;
    private final @Nullable RowSplit split;
    private @Nullable RowSplitter splitter;
    private BitSet validation = new BitSet(); // rows of the batch
    private TypedColumn[] columns = {};
    private int target = -1; // column
    private float[] cells = {}; // rows of a batch × columns; grows to maxCells
    private int maxCells; // of a batch
    private int used; // cells
    private long characters; // of the batch, those of ignored columns included
    private int withoutTarget; // rows
    private @Nullable TableEncoder encoder;

    /**
     * The columns that a model needs.
     *
     * @param target the column to compare predictions with; null if there is none
     * @param dates whether the target is dates
     * @param classes the names of all classes, each of which has a probability; empty if the target is numeric
     */
    public record ExpectedColumns(
            List<Feature> features, @Nullable String target, boolean dates, List<String> classes) {
        public ExpectedColumns {
            features = List.copyOf(features);
            classes = List.copyOf(classes);
        }
    }

    /**
     * Consecutive rows.
     *
     * @param targets null if no target is expected
     * @param validation the rows for validation; none unless the rows are divided
     */
    public record Batch(Matrix inputs, @Nullable Targets targets, BitSet validation) {}

    /**
     * @param warnings receives the numbers of unknown categories and of skipped rows
     * @param consumer called for each full batch, and for the last one
     */
    public RowEncoder(ExpectedColumns expected, CellRules rules, Warnings warnings, Consumer<Batch> consumer) {
        this(expected, rules, null, "", warnings, consumer);
    }

    /**
     * @param split which rows are for validation; null for none
     * @param source where the rows come from, for messages; may be empty
     */
    RowEncoder(
            ExpectedColumns expected,
            CellRules rules,
            @Nullable RowSplit split,
            String source,
            Warnings warnings,
            Consumer<Batch> consumer) {
        this.split = split;
        this.position = new RowPosition(source);
        this.expected = expected;
        this.parser = new CellParser(rules);
        this.warnings = warnings;
        this.consumer = consumer;
    }

    @Override
    public void begin(List<String> names) {
        Header header = new Header(names);
        warnings.addUnnamed(header.unnamed());
        Map<String, Feature> features = new HashMap<>();
        expected.features.forEach(feature -> features.put(feature.name(), feature));
        if (split != null) {
            splitter = new RowSplitter(split, header, parser);
        }
        columns = header.names().stream()
                .map(name -> column(name, features.get(name)))
                .toArray(TypedColumn[]::new);
        encoder = new TableEncoder(header, columns, expected.features, warnings, true);
        if (expected.target != null) {
            target = header.require(expected.target, "the target is");
        }
        int widest = Math.max(Math.max(columns.length, encoder.inputWidth()), expected.classes.size());
        maxCells = Math.max(1, CELLS_PER_BATCH / widest) * columns.length;
        cells = new float[Math.min(maxCells, Math.max(1, MIN_CELLS / columns.length) * columns.length)];
        Arrays.fill(cells, Float.NaN);
    }

    private TypedColumn column(String name, @Nullable Feature feature) {
        if (name.equals(expected.target)) {
            return TypedColumn.target(name, expected.dates, expected.classes, parser, position, warnings);
        }
        return feature == null
                ? TypedColumn.unexpected(name, split, parser, position)
                : TypedColumn.of(feature, parser, position, warnings);
    }

    @Override
    public void beginRow(long line, long bytesBefore) {
        position.line = line;
    }

    @Override
    public void cell(int column, CellKind kind, char[] text, int offset, int length) {
        float cell = columns[column].convert(kind, text, offset, length);
        cells[used + column] = cell;
        characters += length;
        if (splitter != null) {
            splitter.cell(column, cell, kind, text, offset, length);
        }
    }

    /** Converts the number without writing it as text, unless the column has other values than numbers. */
    @Override
    public void number(int column, float number) {
        if (columns[column].hasNumbers()) {
            cells[used + column] = parser.isMissing(number) ? Float.NaN : number;
            if (splitter != null) {
                splitter.number(column, cells[used + column]);
            }
        } else {
            RowSink.super.number(column, number);
        }
    }

    @Override
    public void endRow() {
        position.row++;
        boolean isForValidation = splitter != null && splitter.isForValidation();
        if (target >= 0 && Float.isNaN(cells[used + target])) {
            Arrays.fill(cells, used, used + columns.length, Float.NaN);
            withoutTarget++;
            return;
        }
        if (isForValidation) {
            validation.set(used / columns.length);
        }
        used += columns.length;
        if (used == maxCells || characters >= CHARACTERS_PER_BATCH) {
            encodeBatch();
        } else if (used == cells.length) {
            cells = Arrays.copyOf(cells, Math.min(2 * used, maxCells));
            Arrays.fill(cells, used, cells.length, Float.NaN);
        }
    }

    /** Encodes the remaining rows. Must be called once, after all rows. */
    public void finish() {
        if (position.row == 0) {
            throw TableException.invalid("a table must have at least 1 row, but has none");
        }
        if (expected.target != null) {
            if (withoutTarget == position.row) {
                throw ColumnChoice.targetIsEmpty(expected.target);
            }
            warnings.addRowsWithoutTarget(withoutTarget, expected.target);
        }
        flush();
    }

    /** Encodes the rows that are not yet encoded. */
    void flush() {
        if (used > 0) {
            encodeBatch();
        }
    }

    private void encodeBatch() {
        if (encoder == null) {
            throw new IllegalStateException("begin must be called before endRow");
        }
        int rows = used / columns.length;
        Matrix inputs = encoder.encode(cells, IntStream.range(0, rows).toArray());
        Batch batch = new Batch(inputs, target < 0 ? null : targets(rows), validation);
        validation = new BitSet();
        Arrays.fill(cells, Float.NaN);
        used = 0;
        characters = 0;
        consumer.accept(batch);
    }

    private Targets targets(int rows) {
        float[] values = new float[rows];
        for (int row = 0; row < rows; row++) {
            values[row] = cells[row * columns.length + target];
        }
        if (expected.classes.isEmpty()) {
            return new Targets.Numbers(Matrix.wrap(rows, 1, values));
        }
        List<String> names = new ArrayList<>(rows);
        for (float code : values) {
            names.add(expected.classes.get((int) code));
        }
        return new Targets.Labels(names);
    }
}
