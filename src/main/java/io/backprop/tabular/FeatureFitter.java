package io.backprop.tabular;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Finds the features of a table, from some of its rows. */
final class FeatureFitter {

    private static final int ROWS_OF_BLOCK = 512;

    private final Table table;
    private final String target;
    private final Map<String, ColumnType> overrides;
    private final Warnings warnings;

    FeatureFitter(Table table, String target, Map<String, ColumnType> overrides, Warnings warnings) {
        this.table = table;
        this.target = target;
        this.overrides = overrides;
        this.warnings = warnings;
    }

    /**
     * The features, in the order of the table's columns; what is dropped is said in the warnings.
     *
     * @param rows that alone are looked at, except for whether a column is one of numbers, dates or words
     */
    List<Feature> find(int[] rows) {
        List<ColumnFitter> fits = fits();
        overBlocks(rows, block -> fits.forEach(fit -> fit.firstPass(block)));
        overBlocks(rows, block -> fits.forEach(fit -> fit.secondPass(block)));
        List<Feature> features = new ArrayList<>();
        List<String> dropped = new ArrayList<>();
        for (ColumnFitter fit : fits) {
            String reason = fit.dropReason();
            if (reason.isEmpty()) {
                features.add(fit.feature());
            } else {
                dropped.add(
                        "column %s is left out, as it %s".formatted(CellReference.quote(fit.column.name()), reason));
            }
        }
        if (features.isEmpty()) {
            throw TableException.invalid(
                    "%s",
                    "there must be a column to learn from besides the target, but there is none"
                            + (dropped.isEmpty()
                                    ? ""
                                    : ": " + String.join("; ", dropped.subList(0, Math.min(10, dropped.size())))));
        }
        dropped.forEach(warnings::add);
        return features;
    }

    private List<ColumnFitter> fits() {
        List<ColumnFitter> fits = new ArrayList<>();
        for (int i = 0; i < table.width(); i++) {
            InferredColumn column = table.column(i);
            ColumnType type = overrides.get(column.name());
            if (!column.name().equals(target) && type != ColumnType.IGNORE) {
                warnOfWordsAmongNumbers(column, type);
                fits.add(isNumeric(column, type) ? new NumericFitter(table, i) : new CategoricalFitter(table, i));
            }
        }
        return fits;
    }

    private void warnOfWordsAmongNumbers(InferredColumn column, @Nullable ColumnType type) {
        CellReference other = column.firstAmongNumbers();
        if (type == null && other != null) {
            warnings.add("column %s is taken for words, not for numbers, as in %s it is %s"
                    .formatted(CellReference.quote(column.name()), other.place(), CellReference.quote(other.text())));
        }
    }

    private static boolean isNumeric(InferredColumn column, @Nullable ColumnType type) {
        if (type == ColumnType.NUMERIC) {
            column.requireNumbersOrDates();
        }
        CellReference unclear = column.firstAmbiguous();
        if (type == null && unclear != null) {
            throw unclear.notANumber();
        }
        return type == ColumnType.NUMERIC || (type == null && (column.isNumbers() || column.isDates()));
    }

    /** Some rows, so few that they are still in the cache when the next column is looked at. */
    static final class Block {

        private final int[] rows;
        private final int from;
        private final int to;

        private Block(int[] rows, int from, int to) {
            this.rows = rows;
            this.from = from;
            this.to = to;
        }

        int[] rows() {
            return rows;
        }

        int from() {
            return from;
        }

        int to() {
            return to;
        }
    }

    private static void overBlocks(int[] rows, Consumer<Block> task) {
        for (int from = 0; from < rows.length; from += ROWS_OF_BLOCK) {
            task.accept(new Block(rows, from, Math.min(from + ROWS_OF_BLOCK, rows.length)));
        }
    }
}
