package io.backprop.tabular;

import io.backprop.engine.Matrix;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The column of a table that is to be predicted. */
final class TargetColumn {

    private final Table table;
    private final int index;
    private final FoundColumn column;
    private final boolean classes;

    private TargetColumn(Table table, int index, boolean classes) {
        this.table = table;
        this.index = index;
        this.column = table.column(index);
        this.classes = classes;
    }

    static TargetColumn of(Table table, String name, TargetKind kind) {
        int index = table.layout().require(name, "the target is");
        FoundColumn column = table.column(index);
        boolean classes = kind == TargetKind.CLASSES || (kind == TargetKind.AS_FOUND && isOfWords(column));
        if (column.isEmpty()) {
            throw withoutValues(name);
        }
        if (!classes) {
            column.requireNumbersOrDates();
        } else if (!column.hasWords()) {
            throw new InvalidTableException(
                    "%s of a classification, but %s".formatted(described(name), column.whyWithoutWords()));
        }
        return new TargetColumn(table, index, classes);
    }

    static InvalidTableException withoutValues(String name) {
        return new InvalidTableException(described(name) + ", but has no values");
    }

    private static boolean isOfWords(FoundColumn column) {
        Cell unclear = column.firstUnclear();
        if (unclear != null) {
            throw unclear.notANumber();
        }
        return !column.isNumbers() && !column.isDates();
    }

    /** What a column is taken for when the caller said what it is. */
    static TargetKind kind(String name, @Nullable ColumnType said, TargetKind kind) {
        if (said == null) {
            return kind;
        }
        TargetKind meant = switch (said) {
            case NUMERIC -> TargetKind.NUMBERS;
            case CATEGORICAL -> TargetKind.CLASSES;
            case IGNORE ->
                throw new InvalidTableException(
                        "column %s is the target and can't be ignored".formatted(Cell.quote(name)));
        };
        if (kind != TargetKind.AS_FOUND && kind != meant) {
            throw new InvalidTableException("column %s is the target of a %s and can't be %s"
                    .formatted(
                            Cell.quote(name),
                            kind == TargetKind.CLASSES ? "classification" : "regression",
                            meant == TargetKind.CLASSES ? "categorical" : "numeric"));
        }
        return meant;
    }

    /** Whether the targets are numbers that are written as dates. */
    boolean isDates() {
        return !classes && column.isDates();
    }

    /** Refuses dates if they were numbers before, and the other way round. */
    void requireDates(boolean before) {
        if (!classes) {
            column.requireKind(before);
        }
    }

    /** Refuses names of other classes than these. */
    void requireLabels(List<String> labels) {
        if (!classes) {
            return;
        }
        Set<String> known = new HashSet<>(labels);
        for (int code = 0; code < column.words().size(); code++) {
            String name = column.words().get(code);
            if (!known.contains(name)) {
                throw new Cell("row " + firstRowWith(code), column.name(), name).notAClass(labels);
            }
        }
    }

    private int firstRowWith(int code) {
        return IntStream.range(0, table.rows())
                .filter(row -> table.cell(row, index) == code)
                .findFirst()
                .orElseThrow();
    }

    private boolean isGap(int row) {
        return Float.isNaN(table.cell(row, index));
    }

    /** The rows that have a target. */
    int[] rows() {
        return IntStream.range(0, table.rows()).filter(row -> !isGap(row)).toArray();
    }

    /** The targets of the given rows, which have one. */
    Targets select(int[] rows) {
        return classes ? new Targets.Labels(labels(rows)) : new Targets.Numbers(numbers(rows));
    }

    private List<String> labels(int[] rows) {
        @Nullable String[] names = new String[column.words().size()]; // one String per class, however many rows
        String[] labels = new String[rows.length];
        for (int i = 0; i < rows.length; i++) {
            int code = (int) table.cell(rows[i], index);
            String name = names[code];
            if (name == null) {
                name = column.words().get(code);
                names[code] = name;
            }
            labels[i] = name;
        }
        return Arrays.asList(labels);
    }

    private Matrix numbers(int[] rows) {
        float[] values = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            values[i] = column.value(table.cell(rows[i], index));
        }
        return Matrix.wrap(rows.length, 1, values);
    }

    private static String described(String name) {
        return "column %s is the target".formatted(Cell.quote(name));
    }
}
