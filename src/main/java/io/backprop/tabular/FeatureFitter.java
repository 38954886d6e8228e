package io.backprop.tabular;

import static io.backprop.tabular.TableException.quote;

import io.backprop.engine.RunningVariance;
import java.util.ArrayList;
import java.util.Arrays;
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
    private static final int COLUMNS_AT_A_TIME = 16; // because each keeps some of its numbers
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
        for (int from = 0; from < fitters.size(); from += COLUMNS_AT_A_TIME) {
            fit(rows, fitters.subList(from, Math.min(from + COLUMNS_AT_A_TIME, fitters.size())));
        }
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

    private void fit(int[] rows, List<ColumnFitter> fitters) {
        int[] sample = sample(rows);
        fitters.forEach(fitter -> fitter.begin(table, sample));
        for (int from = 0; from < rows.length; from += ROWS_PER_BLOCK) {
            int to = Math.min(from + ROWS_PER_BLOCK, rows.length);
            for (ColumnFitter fitter : fitters) {
                fitter.add(table, rows, from, to);
            }
        }
        fitters.forEach(fitter -> fitter.end(table, rows));
    }

    /** Some of the rows, evenly spaced; none if there are few. */
    private static int[] sample(int[] rows) {
        return rows.length < 2 * RangeFinder.SAMPLE
                ? new int[0]
                : IntStream.range(0, RangeFinder.SAMPLE)
                        .map(i -> rows[(int) ((long) i * rows.length / RangeFinder.SAMPLE)])
                        .toArray();
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
                .filter(fitter -> fitters.size() > 1 && numbersTheRows(fitter))
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

        /** @param sample some of the rows; none if there are few */
        void begin(Table table, int[] sample) {}

        /** Adds the cells of some of the rows. */
        abstract void add(Table table, int[] rows, int from, int to);

        void end(Table table, int[] rows) {}

        /** Why the column cannot be a feature, to follow "because it"; empty if it can. */
        abstract String dropReason();

        abstract Feature feature();
    }

    /** Finds the mean, the deviation and the range of numbers or dates. */
    private static final class NumericFitter extends ColumnFitter {

        private final RunningVariance variance = new RunningVariance();
        private @Nullable RangeFinder finder; // null before the first and after the last row, because it is large
        private @Nullable NumberRange range;

        NumericFitter(InferredColumn column, int index) {
            super(column, index);
        }

        @Override
        void begin(Table table, int[] sample) {
            float[] numbers = new float[sample.length];
            int count = 0;
            for (int row : sample) {
                float number = column.number(table.cell(row, index));
                if (!Float.isNaN(number)) {
                    numbers[count++] = number;
                }
            }
            finder = count == 0 ? new RangeFinder() : new RangeFinder(Arrays.copyOf(numbers, count));
        }

        @Override
        void add(Table table, int[] rows, int from, int to) {
            RangeFinder numbers = Objects.requireNonNull(finder);
            for (int i = from; i < to; i++) {
                float number = column.number(table.cell(rows[i], index));
                if (!Float.isNaN(number)) {
                    variance.add(number);
                    numbers.add(number);
                }
            }
        }

        @Override
        void end(Table table, int[] rows) {
            if (variance.count() > 0) {
                NumberRange found = Objects.requireNonNull(finder).range();
                range = Float.isNaN(found.median()) ? rangeOfAll(table, rows) : found;
            }
            finder = null;
        }

        private NumberRange rangeOfAll(Table table, int[] rows) {
            RangeFinder all = new RangeFinder();
            for (int row : rows) {
                float number = column.number(table.cell(row, index));
                if (!Float.isNaN(number)) {
                    all.add(number);
                }
            }
            return all.range();
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
                    column.name(), ColumnScaling.standard(variance), Objects.requireNonNull(range), isDates());
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
        void add(Table table, int[] rows, int from, int to) {
            for (int i = from; i < to; i++) {
                float cell = table.cell(rows[i], index);
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
