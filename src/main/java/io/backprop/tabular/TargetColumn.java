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
    private final InferredColumn column;
    private final boolean classes;

    private TargetColumn(Table table, int index, boolean classes) {
        this.table = table;
        this.index = index;
        this.column = table.column(index);
        this.classes = classes;
    }

    static TargetColumn of(Table table, String name, TargetType kind) {
        int index = table.layout().require(name, "the target is");
        InferredColumn column = table.column(index);
        boolean classes = kind == TargetType.CLASSES || (kind == TargetType.INFERRED && isOfWords(column));
        if (column.isEmpty()) {
            throw withoutValues(name);
        }
        if (!classes) {
            column.requireNumbersOrDates();
        } else if (!column.hasDictionary()) {
            throw TableException.invalid("%s of a classification, but %s", described(name), column.dictionaryRefusal());
        }
        return new TargetColumn(table, index, classes);
    }

    static TableException withoutValues(String name) {
        return TableException.invalid("%s", described(name) + ", but has no values");
    }

    private static boolean isOfWords(InferredColumn column) {
        CellReference unclear = column.firstAmbiguous();
        if (unclear != null) {
            throw unclear.notANumber();
        }
        return !column.isNumbers() && !column.isDates();
    }

    /** What a column is taken for when the caller said what it is. */
    static TargetType kind(String name, @Nullable ColumnType said, TargetType kind) {
        if (said == null) {
            return kind;
        }
        TargetType meant = switch (said) {
            case NUMERIC -> TargetType.NUMBERS;
            case CATEGORICAL -> TargetType.CLASSES;
            case IGNORE ->
                throw TableException.invalid("column %s is the target and can't be ignored", CellReference.quote(name));
        };
        if (kind != TargetType.INFERRED && kind != meant) {
            throw TableException.invalid(
                    "column %s is the target of a %s and can't be %s",
                    CellReference.quote(name),
                    kind == TargetType.CLASSES ? "classification" : "regression",
                    meant == TargetType.CLASSES ? "categorical" : "numeric");
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
        for (int code = 0; code < column.dictionary().size(); code++) {
            String name = column.dictionary().get(code);
            if (!known.contains(name)) {
                throw new CellReference("row " + firstRowWith(code), column.name(), name).notAClass(labels);
            }
        }
    }

    private int firstRowWith(int code) {
        return IntStream.range(0, table.rows())
                .filter(row -> table.cell(row, index) == code)
                .findFirst()
                .orElseThrow();
    }

    private boolean isMissing(int row) {
        return Float.isNaN(table.cell(row, index));
    }

    /** The rows that have a target. */
    int[] rows() {
        return IntStream.range(0, table.rows()).filter(row -> !isMissing(row)).toArray();
    }

    /** The targets of the given rows, which have one. */
    Targets select(int[] rows) {
        return classes ? new Targets.Labels(labels(rows)) : new Targets.Numbers(numbers(rows));
    }

    private List<String> labels(int[] rows) {
        @Nullable String[] names = new String[column.dictionary().size()]; // one String per class, however many rows
        String[] labels = new String[rows.length];
        for (int i = 0; i < rows.length; i++) {
            int code = (int) table.cell(rows[i], index);
            String name = names[code];
            if (name == null) {
                name = column.dictionary().get(code);
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
        return "column %s is the target".formatted(CellReference.quote(name));
    }
}
