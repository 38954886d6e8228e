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
    private static final int COLUMNS_AT_A_TIME = 16; // because each keeps some of its numbers
    private static final int COLUMNS_OF_QUARTILES = COLUMNS_AT_A_TIME / 3; // at a time
    private static final int MAX_LISTED_REASONS = 10;
    private static final int MIN_NUMBERED_ROWS = 20; // fewer may be a series
    private static final Pattern UNNAMED = Pattern.compile("Unnamed: \\d+");

    private final Table table;
    private final String target;
    private final Map<String, ColumnType> overrides;
    private final @Nullable ScalingMethod scaling;
    private final Warnings warnings;
    private final List<String> hints = new ArrayList<>(); // why columns are categorical

    /** @param scaling of inputs; null to leave numbers as they are */
    FeatureFitter(
            Table table,
            String target,
            Map<String, ColumnType> overrides,
            @Nullable ScalingMethod scaling,
            Warnings warnings) {
        this.table = table;
        this.target = target;
        this.overrides = overrides;
        this.scaling = scaling;
        this.warnings = warnings;
    }

    /**
     * The features, in the order of the table's columns. Adds a warning for each column that is dropped.
     *
     * @param rows to fit to. The type of a column depends on all rows of the table.
     */
    List<Feature> fit(int[] rows) {
        List<ColumnFitter> fitters = fitters();
        int columns = scaling == ScalingMethod.ROBUST ? COLUMNS_OF_QUARTILES : COLUMNS_AT_A_TIME;
        for (int from = 0; from < fitters.size(); from += columns) {
            fit(rows, fitters.subList(from, Math.min(from + columns, fitters.size())));
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
        fitters.forEach(fitter -> fitter.begin(table, rows));
        for (int from = 0; from < rows.length; from += ROWS_PER_BLOCK) {
            int to = Math.min(from + ROWS_PER_BLOCK, rows.length);
            for (ColumnFitter fitter : fitters) {
                fitter.add(table, rows, from, to);
            }
        }
        fitters.forEach(fitter -> fitter.end(table, rows));
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
                fitters.add(
                        isNumeric(column, type)
                                ? new NumericFitter(column, i, scaling)
                                : new CategoricalFitter(column, i, scaling));
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
        final @Nullable ScalingMethod scaling;

        ColumnFitter(InferredColumn column, int index, @Nullable ScalingMethod scaling) {
            this.column = column;
            this.index = index;
            this.scaling = scaling;
        }

        boolean isRobust() {
            return scaling == ScalingMethod.ROBUST;
        }

        void begin(Table table, int[] rows) {}

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
        private @Nullable Quartiles quartiles; // if they are needed
        private long missing;

        NumericFitter(InferredColumn column, int index, @Nullable ScalingMethod scaling) {
            super(column, index, scaling);
        }

        @Override
        void begin(Table table, int[] rows) {
            finder = new RangeFinder(
                    isRobust(), RangeFinder.sample(rows.length, i -> column.number(table.cell(rows[i], index))));
        }

        @Override
        void add(Table table, int[] rows, int from, int to) {
            RangeFinder numbers = Objects.requireNonNull(finder);
            for (int i = from; i < to; i++) {
                float number = column.number(table.cell(rows[i], index));
                if (Float.isNaN(number)) {
                    missing++;
                } else {
                    variance.add(number);
                    numbers.add(number);
                }
            }
        }

        @Override
        void end(Table table, int[] rows) {
            if (variance.count() > 0) {
                RangeFinder numbers = Objects.requireNonNull(finder);
                if (!numbers.isKnown()) {
                    numbers = new RangeFinder(isRobust());
                    numbers.addAll(rows.length, i -> column.number(table.cell(rows[i], index)));
                }
                range = numbers.range();
                quartiles = isRobust() ? numbers.quartiles() : null;
            }
            finder = null;
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
            ColumnScaling standard = ColumnScaling.standard(variance);
            return new Feature.Numeric(
                    column.name(),
                    standard.offset(),
                    standard.factor(),
                    Objects.requireNonNull(range),
                    isDates(),
                    scale(standard),
                    isRobust() && missing > 0
                            ? ColumnScaling.robust(Quartiles.ofRepeated(new double[] {0, 1}, variance.count(), missing))
                            : null);
        }

        private ColumnScaling scale(ColumnScaling standard) {
            if (isRobust()) {
                return ColumnScaling.robust(Objects.requireNonNull(quartiles));
            }
            return scaling == null ? ColumnScaling.NONE : standard;
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
        private long missing;

        CategoricalFitter(InferredColumn column, int index, @Nullable ScalingMethod scaling) {
            super(column, index, scaling);
            this.dictionary = column.dictionary();
            this.counts = new int[dictionary == null ? 0 : dictionary.size()];
        }

        @Override
        void add(Table table, int[] rows, int from, int to) {
            for (int i = from; i < to; i++) {
                float cell = table.cell(rows[i], index);
                if (Float.isNaN(cell)) {
                    missing++;
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
            return codes.size() == 1 && missing == 0 ? "has the same value in every row" : "";
        }

        @Override
        Feature feature() {
            int[] sorted = codes.stream()
                    .sorted(Comparator.comparingInt(code -> -counts[code]))
                    .mapToInt(Integer::intValue)
                    .toArray();
            List<String> categories =
                    IntStream.of(sorted).mapToObj(column::value).toList();
            return isRobust()
                    ? new Feature.Categorical(column.name(), categories, false, scales(sorted))
                    : new Feature.Categorical(column.name(), categories, missing > 0);
        }

        private List<ColumnScaling> scales(int[] categories) {
            return categories.length == 2
                    ? List.of(ColumnScaling.robust(Quartiles.ofRepeated(
                            new double[] {-1, 0, 1}, counts[categories[0]], missing, counts[categories[1]])))
                    : IntStream.of(categories)
                            .mapToObj(code -> ColumnScaling.robust(Quartiles.ofRepeated(
                                    new double[] {0, 1}, count + missing - counts[code], counts[code])))
                            .toList();
        }
    }
}
