package io.backprop.tabular;

import io.backprop.engine.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Takes in the rows of a table for a model that has learned features, and hands on some of them at a time as inputs, so
 * that a table of any length takes the same memory, what is kept of it for the answer included. Columns are found by
 * name, in any order; others are ignored. Rows without the target that is expected are left out.
 */
public final class RowEncoder implements RowSink {

    private static final int CELLS_OF_BATCH = 1 << 15;
    private static final int CHARACTERS_OF_BATCH = 1 << 20;

    private final ExpectedColumns expected;
    private final Warnings warnings;
    private final Consumer<Batch> consumer;
    private final RowPosition position = new RowPosition();
    private TypedColumn[] columns = {};
    private int target = -1; // column
    private float[] cells = {}; // rows of a batch × columns
    private int used; // cells
    private long characters; // of these and of those that no one asks for
    private int withoutTarget; // rows
    private @Nullable TableEncoder encoder;

    /**
     * What a model needs of a table.
     *
     * @param target the column to compare predictions with; null if there is none
     * @param dates whether the target is dates
     * @param labels names of all classes, each of which has a probability; none if numbers are predicted
     */
    public record ExpectedColumns(
            List<Feature> features, @Nullable String target, boolean dates, List<String> labels) {
        public ExpectedColumns {
            features = List.copyOf(features);
            labels = List.copyOf(labels);
        }
    }

    /**
     * Some rows, in their order.
     *
     * @param targets null if no target is expected
     */
    public record Batch(Matrix inputs, @Nullable Targets targets) {}

    /**
     * @param warnings where words are counted that the model has not learned, and rows that are left out
     * @param consumer called whenever there are enough rows, and at the end
     */
    public RowEncoder(ExpectedColumns expected, Warnings warnings, Consumer<Batch> consumer) {
        this.expected = expected;
        this.warnings = warnings;
        this.consumer = consumer;
    }

    @Override
    public void begin(List<String> names) {
        List<String> named = Header.clean(names);
        Map<String, Feature> features = new HashMap<>();
        expected.features.forEach(feature -> features.put(feature.name(), feature));
        columns = named.stream().map(name -> column(name, features.get(name))).toArray(TypedColumn[]::new);
        Layout layout = new Layout(columns);
        encoder = new TableEncoder(layout, expected.features, warnings);
        if (expected.target != null) {
            target = layout.require(expected.target, "the target is");
        }
        int widest = Math.max(Math.max(columns.length, encoder.inputWidth()), expected.labels.size());
        cells = new float[Math.max(1, CELLS_OF_BATCH / widest) * columns.length];
        Arrays.fill(cells, Float.NaN);
    }

    private TypedColumn column(String name, @Nullable Feature feature) {
        if (name.equals(expected.target)) {
            return TypedColumn.target(name, expected.dates, expected.labels, position);
        }
        return feature == null ? TypedColumn.ignored(name, position) : TypedColumn.of(feature, position);
    }

    @Override
    public void beginRow(long line, long bytesBefore) {
        position.line = line;
    }

    @Override
    public void cell(int column, char[] text, int offset, int length) {
        cells[used + column] = columns[column].readCell(text, offset, length);
        characters += length;
    }

    @Override
    public void endRow() {
        position.row++;
        if (target >= 0 && Float.isNaN(cells[used + target])) {
            Arrays.fill(cells, used, used + columns.length, Float.NaN);
            withoutTarget++;
            return;
        }
        used += columns.length;
        if (used == cells.length || characters >= CHARACTERS_OF_BATCH) {
            handOn();
        }
    }

    /** Hands on the rows that are left. To be called once, at the end. */
    public void finish() {
        if (position.row == 0) {
            throw TableException.invalid("a table must have at least 1 row, but has none");
        }
        if (expected.target != null) {
            if (withoutTarget == position.row) {
                throw TargetColumn.withoutValues(expected.target);
            }
            warnings.addRowsWithoutTarget(withoutTarget, expected.target);
        }
        if (used > 0) {
            handOn();
        }
    }

    private void handOn() {
        if (encoder == null) {
            throw new IllegalStateException("rows must follow a header");
        }
        int rows = used / columns.length;
        Matrix inputs = encoder.encode(cells, IntStream.range(0, rows).toArray());
        Batch batch = new Batch(inputs, target < 0 ? null : targets(rows));
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
        if (expected.labels.isEmpty()) {
            return new Targets.Numbers(Matrix.wrap(rows, 1, values));
        }
        List<String> names = new ArrayList<>(rows);
        for (float code : values) {
            names.add(expected.labels.get((int) code));
        }
        return new Targets.Labels(names);
    }
}
