package io.backprop.tabular;

import static io.backprop.tabular.TableException.quote;

import io.backprop.engine.RunningVariance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Fits the features of a model to rows of a table. */
final class FeatureFitter {

    private static final int ROWS_PER_BLOCK = 512; // stay in the cache from one column to the next
    private static final int MEDIANS_AT_A_TIME = 64; // columns
    private static final int MAX_LISTED_REASONS = 10;
    private static final int MIN_NUMBERED_ROWS = 20; // fewer may be a series
    private static final Pattern UNNAMED = Pattern.compile("Unnamed: \\d+");

    private final Table table;
    private final String target;
    private final Map<String, ColumnType> overrides;
    private final Warnings warnings;
    private final List<String> hints = new ArrayList<>(); // why columns are categorical

    FeatureFitter(Table table, String target, Map<String, ColumnType> overrides, Warnings warnings) {
        this.table = table;
        this.target = target;
        this.overrides = overrides;
        this.warnings = warnings;
    }

    /**
     * The features, in the order of the table's columns. Adds a warning for each column that is dropped.
     *
     * @param rows to fit to. The type of a column depends on all rows of the table.
     */
    List<Feature> fit(int[] rows) {
        List<ColumnFitter> fitters = fitters();
        readAll(rows, fitters, ColumnFitter::add);
        findMedians(rows, fitters);
        List<Feature> features = new ArrayList<>();
        List<String> dropped = new ArrayList<>(hints);
        for (ColumnFitter fitter : fitters) {
            String reason = fitter.dropReason();
            if (reason.isEmpty()) {
                features.add(fitter.feature());
            } else {
                dropped.add("column %s is ignored because it %s".formatted(quote(fitter.column.name()), reason));
            }
        }
        if (features.isEmpty()) {
            String reasons = String.join("; ", dropped.subList(0, Math.min(MAX_LISTED_REASONS, dropped.size())));
            throw TableException.invalid(
                    "a table must have a usable column besides the target, but has none%s",
                    reasons.isEmpty() ? "" : ": " + reasons);
        }
        dropped.forEach(warnings::add);
        return features;
    }

    private <F extends ColumnFitter> void readAll(int[] rows, List<F> fitters, CellConsumer<F> consumer) {
        for (int from = 0; from < rows.length; from += ROWS_PER_BLOCK) {
            int to = Math.min(from + ROWS_PER_BLOCK, rows.length);
            for (F fitter : fitters) {
                for (int i = from; i < to; i++) {
                    consumer.accept(fitter, table.cell(rows[i], fitter.index));
                }
            }
        }
    }

    /** Works on some columns at a time, because each has counts in memory. */
    private void findMedians(int[] rows, List<ColumnFitter> fitters) {
        List<NumericFitter> numeric = fitters.stream()
                .filter(fitter ->
                        fitter instanceof NumericFitter && fitter.dropReason().isEmpty())
                .map(NumericFitter.class::cast)
                .toList();
        for (int from = 0; from < numeric.size(); from += MEDIANS_AT_A_TIME) {
            List<NumericFitter> some = numeric.subList(from, Math.min(from + MEDIANS_AT_A_TIME, numeric.size()));
            some.forEach(NumericFitter::beginMedian);
            for (int pass = 0; pass < Median.PASSES; pass++) {
                if (pass > 0) {
                    some.forEach(NumericFitter::endMedianPass);
                }
                readAll(rows, some, NumericFitter::addToMedian);
            }
            some.forEach(NumericFitter::endMedian);
        }
    }

    @FunctionalInterface
    private interface CellConsumer<F> {
        void accept(F fitter, float cell);
    }

    private List<ColumnFitter> fitters() {
        List<ColumnFitter> fitters = new ArrayList<>();
        Column[] columns = table.allColumns();
        for (int i = 0; i < columns.length; i++) {
            ColumnType type = overrides.get(columns[i].name());
            if (columns[i] instanceof InferredColumn column
                    && !column.name().isEmpty()
                    && !column.name().equals(target)
                    && type != ColumnType.IGNORE) {
                if (type == null && UNNAMED.matcher(column.name()).matches()) {
                    hints.add(
                            "column %s is ignored because pandas gives this name to a column without one, such as an index; columns.%s=numeric includes it"
                                    .formatted(quote(column.name()), column.name()));
                    continue;
                }
                fitters.add(isNumeric(column, type) ? new NumericFitter(column, i) : new CategoricalFitter(column, i));
            }
        }
        fitters.stream()
                .filter(this::numbersTheRows)
                .forEach(fitter -> warnings.add(
                        "column %s counts the rows; columns.%s=ignore leaves it out if it says nothing else"
                                .formatted(quote(fitter.column.name()), fitter.column.name())));
        return fitters;
    }

    /** Whether the type of a column is inferred, and each of its numbers is the one before plus 1. */
    private boolean numbersTheRows(ColumnFitter fitter) {
        InferredColumn column = fitter.column;
        if (table.rows() < MIN_NUMBERED_ROWS
                || column.type() != InferredColumn.Type.NUMBERS
                || overrides.containsKey(column.name())) {
            return false;
        }
        float begin = column.number(table.cell(0, fitter.index));
        return IntStream.range(1, table.rows())
                .allMatch(row -> column.number(table.cell(row, fitter.index)) == begin + row);
    }

    private boolean isNumeric(InferredColumn column, @Nullable ColumnType type) {
        if (type == ColumnType.NUMERIC) {
            column.requireNumeric(warnings);
        }
        if (type != null) {
            return type == ColumnType.NUMERIC;
        }
        if (column.type() == InferredColumn.Type.CATEGORIES) {
            String hint = column.categoricalReason();
            if (!hint.isEmpty()) {
                hints.add(hint);
            }
            return false;
        }
        column.require(column.type(), warnings);
        return true;
    }

    private abstract static class ColumnFitter {

        final InferredColumn column;
        final int index;

        ColumnFitter(InferredColumn column, int index) {
            this.column = column;
            this.index = index;
        }

        abstract void add(float cell);

        /** Why the column cannot be a feature, to follow "because it"; empty if it can. */
        abstract String dropReason();

        abstract Feature feature();
    }

    /** Finds the mean, the deviation and the range of numbers or dates. */
    private static final class NumericFitter extends ColumnFitter {

        private final RunningVariance variance = new RunningVariance();
        private float minimum = Float.POSITIVE_INFINITY;
        private float maximum = Float.NEGATIVE_INFINITY;
        private float median;
        private @Nullable Median selection;

        NumericFitter(InferredColumn column, int index) {
            super(column, index);
        }

        @Override
        void add(float cell) {
            float number = column.number(cell);
            if (!Float.isNaN(number)) {
                variance.add(number);
                minimum = Math.min(minimum, number);
                maximum = Math.max(maximum, number);
            }
        }

        void beginMedian() {
            selection = new Median(variance.count());
        }

        void addToMedian(float cell) {
            float number = column.number(cell);
            if (!Float.isNaN(number)) {
                Objects.requireNonNull(selection).add(number);
            }
        }

        void endMedianPass() {
            Objects.requireNonNull(selection).endPass();
        }

        void endMedian() {
            median = Objects.requireNonNull(selection).value();
            selection = null; // which is large
        }

        @Override
        String dropReason() {
            if (variance.count() == 0) {
                return "has no values";
            }
            if (variance.sumOfSquares() > 0) {
                return "";
            }
            return isDates()
                    ? "has the same time in every row, to within a few minutes"
                    : "has the same value in every row";
        }

        @Override
        Feature feature() {
            return new Feature.Numeric(
                    column.name(),
                    ColumnScaling.standard(variance),
                    new NumberRange(minimum, median, maximum),
                    isDates());
        }

        private boolean isDates() {
            return column.type() == InferredColumn.Type.DATES;
        }
    }

    /** Finds the distinct values and counts them. */
    private static final class CategoricalFitter extends ColumnFitter {

        private final @Nullable StringDictionary dictionary;
        private final int[] counts; // by code
        private final List<Integer> codes = new ArrayList<>(); // in the order of first appearance
        private long count;
        private boolean missing;

        CategoricalFitter(InferredColumn column, int index) {
            super(column, index);
            this.dictionary = column.dictionary();
            this.counts = new int[dictionary == null ? 0 : dictionary.size()];
        }

        @Override
        void add(float cell) {
            if (Float.isNaN(cell)) {
                missing = true;
            } else if (dictionary != null) {
                count++;
                int code = (int) cell;
                if (counts[code]++ == 0) {
                    codes.add(code);
                }
            }
        }

        @Override
        String dropReason() {
            if (!column.dictionaryRefusal().isEmpty()) {
                return column.dictionaryRefusal();
            }
            if (codes.size() > InferredColumn.MAX_CATEGORIES) {
                return "has more than %,d different values".formatted(InferredColumn.MAX_CATEGORIES);
            }
            if (count == 0) {
                return "has no values";
            }
            if (count > 1 && count == codes.size()) {
                return "has a different value in every row";
            }
            return codes.size() == 1 && !missing ? "has the same value in every row" : "";
        }

        @Override
        Feature feature() {
            List<String> categories = codes.stream()
                    .sorted(Comparator.comparingInt(code -> -counts[code]))
                    .map(column::value)
                    .toList();
            return new Feature.Categorical(column.name(), categories, missing);
        }
    }
}
