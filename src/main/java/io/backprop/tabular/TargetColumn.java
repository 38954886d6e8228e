package io.backprop.tabular;

import static io.backprop.tabular.TableException.quote;

import io.backprop.engine.Matrix;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The column of a table that a model learns to predict. */
final class TargetColumn {

    private final Table table;
    private final int index;
    private final InferredColumn column;
    private final @Nullable StringDictionary classes; // null for a regression

    /** @param override the type that the caller gives the column; null if it gives none */
    TargetColumn(Table table, String name, @Nullable ColumnType override, TargetType type) {
        TargetType required = override == null ? type : combine(name, override, type);
        this.table = table;
        this.index = table.header().require(name, "the target is");
        this.column = table.inferredColumns()[index];
        boolean classification =
                required == TargetType.INFERRED ? !column.inferNumeric() : required == TargetType.CLASSES;
        if (column.isEmpty()) {
            throw isEmpty(name);
        }
        if (!classification) {
            column.requireNumeric();
        }
        this.classes = classification ? column.requireDictionary("is the target of a classification") : null;
    }

    static TableException isEmpty(String name) {
        return TableException.invalid("column %s is the target, but has no values", quote(name));
    }

    private static TargetType combine(String name, ColumnType override, TargetType type) {
        if (override == ColumnType.IGNORE) {
            throw TableException.invalid("column %s is the target and can't be ignored", quote(name));
        }
        boolean classes = override == ColumnType.CATEGORICAL;
        if (type == (classes ? TargetType.NUMBERS : TargetType.CLASSES)) {
            throw TableException.invalid(
                    "column %s is the target of a %s and can't be %s",
                    quote(name), classes ? "regression" : "classification", classes ? "categorical" : "numeric");
        }
        return classes ? TargetType.CLASSES : TargetType.NUMBERS;
    }

    /** Whether the targets are numbers that are written as dates. */
    boolean isDates() {
        return classes == null && column.isDates();
    }

    /** Rejects dates if the model predicts other numbers, and the reverse. */
    void requireDates(boolean dates) {
        if (classes == null) {
            column.requireNumeric(dates);
        }
    }

    /** Rejects names of other classes. */
    void requireLabels(List<String> labels) {
        Set<String> known = new HashSet<>(labels);
        List<String> names = classes == null ? List.of() : classes.toList();
        for (int code = 0; code < names.size(); code++) {
            if (!known.contains(names.get(code))) {
                throw new CellReference("row " + firstRowWith(code), column.name(), names.get(code)).notAClass(labels);
            }
        }
    }

    private int firstRowWith(int code) {
        return IntStream.range(0, table.rows())
                .filter(row -> table.cell(row, index) == code)
                .findFirst()
                .orElseThrow();
    }

    /** The rows that have a target. */
    int[] rows() {
        return IntStream.range(0, table.rows())
                .filter(row -> !Float.isNaN(table.cell(row, index)))
                .toArray();
    }

    /** The targets of rows that have one. */
    Targets select(int[] rows) {
        if (classes != null) {
            List<String> names = classes.toList(); // one String per class, however many rows
            String[] labels = new String[rows.length];
            Arrays.setAll(labels, i -> names.get((int) table.cell(rows[i], index)));
            return new Targets.Labels(Arrays.asList(labels));
        }
        float[] numbers = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            numbers[i] = column.number(table.cell(rows[i], index));
        }
        return new Targets.Numbers(Matrix.wrap(rows.length, 1, numbers));
    }
}
