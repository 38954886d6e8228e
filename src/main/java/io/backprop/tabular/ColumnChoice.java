package io.backprop.tabular;

import static io.backprop.tabular.TableException.quote;

import io.backprop.tabular.RowSplit.HashedColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Decides which columns of a table may be features, and how the cells of each are used. */
final class ColumnChoice {

    private static final int MAX_LISTED_REASONS = 10;
    private static final Pattern UNNAMED = Pattern.compile("Unnamed: \\d+");

    private final Header header;
    private final Column[] columns;
    private final String targetName;
    private final int targetIndex;
    private final InferredColumn target;
    private final @Nullable List<String> classes; // by cell of the target; null for a regression
    private final Map<String, ColumnType> types;
    private final Warnings warnings;
    private final List<String> hints = new ArrayList<>(); // why columns are categorical, or ignored
    private @Nullable List<Candidate> candidates; // once they are known

    /**
     * A column that may be a feature.
     *
     * @param index of the column
     * @param numeric whether the cells are numbers or dates rather than categories
     */
    record Candidate(InferredColumn column, int index, boolean numeric) {

        String name() {
            return column.name();
        }

        boolean dates() {
            return column.type() == InferredColumn.Type.DATES;
        }

        /** The values by code; empty if cells are numbers. */
        List<String> values() {
            StringDictionary dictionary = column.dictionary();
            return numeric || dictionary == null ? List.of() : dictionary.toList();
        }

        /** Why the column can't be a feature; empty if it can. */
        String refusal() {
            return numeric ? "" : column.dictionaryRefusal();
        }

        ColumnFit fit(@Nullable ScalingMethod scaling) {
            return numeric
                    ? new ColumnFit.Numeric(name(), dates(), scaling)
                    : new ColumnFit.Categorical(name(), values(), refusal(), scaling);
        }
    }

    /**
     * @param columns after all cells
     * @param targetName the name of the column to predict
     * @param types of columns by name, which are not inferred from the cells
     * @param targetType NUMERIC for a regression, CATEGORICAL for a classification; null to infer it from the cells: a
     *     regression if all values are numbers or all are dates
     * @param warnings receives what the owner of the table may not expect
     */
    ColumnChoice(
            Header header,
            Column[] columns,
            String targetName,
            Map<String, ColumnType> types,
            @Nullable ColumnType targetType,
            Warnings warnings) {
        types.keySet().forEach(name -> header.require(name, "a type is given for"));
        ColumnType required = requireTargetType(targetName, types.get(targetName), targetType);
        this.header = header;
        this.columns = columns;
        this.targetName = targetName;
        this.targetIndex = header.require(targetName, "the target is");
        if (!(columns[targetIndex] instanceof InferredColumn inferred)) {
            throw TableException.invalid("column %s is the target and can't divide the rows", quote(targetName));
        }
        this.target = inferred;
        this.types = Map.copyOf(types);
        this.warnings = warnings;
        if (target.isEmpty()) {
            throw targetIsEmpty(targetName);
        }
        warnings.addUnnamed(header.unnamed());
        this.classes = isClassification(required)
                ? classNames(target.requireDictionary("is the target of a classification"))
                : null;
    }

    /** The given type of the target; null if it is to be inferred. */
    private static @Nullable ColumnType requireTargetType(
            String target, @Nullable ColumnType override, @Nullable ColumnType targetType) {
        if (override == ColumnType.IGNORE) {
            throw TableException.invalid("column %s is the target and can't be ignored", quote(target));
        }
        if (override != null && targetType != null && override != targetType) {
            boolean regression = targetType == ColumnType.NUMERIC;
            throw TableException.invalid(
                    "column %s is the target of a %s and can't be %s",
                    quote(target),
                    regression ? "regression" : "classification",
                    regression ? "categorical" : "numeric");
        }
        return override == null ? targetType : override;
    }

    static TableException targetIsEmpty(String name) {
        return TableException.invalid("column %s is the target, but has no values", quote(name));
    }

    private boolean isClassification(@Nullable ColumnType targetType) {
        boolean inferred = targetType == null;
        if (inferred ? target.type() == InferredColumn.Type.CATEGORIES : targetType == ColumnType.CATEGORICAL) {
            warnings.add(inferred && !target.hasNumbersAsText() ? target.categoricalReason() : "");
            return true;
        }
        if (inferred) {
            target.require(target.type(), warnings);
        } else {
            target.requireNumeric(warnings);
        }
        return false;
    }

    /** The classes of a dictionary; integers have one name however they are written. */
    private static List<String> classNames(StringDictionary dictionary) {
        List<String> cells = dictionary.toList();
        List<String> codes = cells.stream()
                .flatMap(cell -> ClassEncoding.codeOf(cell).stream())
                .toList();
        return codes.size() == cells.size() ? codes : cells;
    }

    String targetName() {
        return targetName;
    }

    int targetIndex() {
        return targetIndex;
    }

    InferredColumn target() {
        return target;
    }

    /** The names of classes by cell of the target, of which several may be equal; null for a regression. */
    @Nullable
    List<String> classes() {
        return classes;
    }

    /**
     * Rejects a target of another type than the one that a model was trained with. Warns of columns that the model was not
     * trained with.
     */
    void requireCompatible(Preprocessing.Columns known) {
        if (classes == null) {
            target.requireLearned(known.unit().isDate(), warnings);
        }
        Set<String> learned = new HashSet<>(List.of(targetName));
        known.features().forEach(feature -> learned.add(feature.name()));
        for (Column column : columns) {
            String name = column.name();
            if (column instanceof InferredColumn
                    && !name.isEmpty()
                    && types.get(name) != ColumnType.IGNORE
                    && !learned.contains(name)) {
                warnings.add(
                        "column %s is ignored because the model was not trained with it; to include it, train from scratch"
                                .formatted(quote(name)));
            }
        }
    }

    /** The column of a feature that a model has learned before, whose cells must have the type of the feature. */
    Column require(Feature feature) {
        Column column = columns[header.require(feature.name(), "the model needs")];
        column.requireCompatible(feature, warnings);
        return column;
    }

    /** Warns of missing words that no cell is, and of a date format that fits no cell. */
    void warnOfUnusedFormat(CellFormat format) {
        String dateFormat = format.dateFormat();
        boolean hasDates = Arrays.stream(columns)
                .anyMatch(column -> column instanceof InferredColumn inferred && inferred.hasDates());
        if (dateFormat != null && !hasDates) {
            warnings.add("dateFormat %s fits no cell".formatted(quote(dateFormat)));
        }
        List<String> unused = target.parser.unusedMissing();
        if (!unused.isEmpty()) {
            warnings.add(
                    "no cell has the missing %s %s".formatted(unused.size() == 1 ? "word" : "words", quote(unused)));
        }
    }

    /** The columns that may be features, in the order of the table. */
    List<Candidate> candidates() {
        if (candidates == null) {
            List<Candidate> found = new ArrayList<>();
            for (int index = 0; index < columns.length; index++) {
                if (columns[index] instanceof InferredColumn column && mayBeFeature(column)) {
                    found.add(new Candidate(column, index, isNumeric(column)));
                }
            }
            candidates = found;
        }
        return candidates;
    }

    private boolean mayBeFeature(InferredColumn column) {
        ColumnType type = types.get(column.name());
        if (column.name().isEmpty() || column == target || type == ColumnType.IGNORE) {
            return false;
        }
        boolean isIndex = type == null && UNNAMED.matcher(column.name()).matches();
        if (isIndex) {
            hints.add(
                    "column %s is ignored because pandas gives this name to a column without one, such as an index; columns.%s=numeric includes it"
                            .formatted(quote(column.name()), column.name()));
        }
        return !isIndex;
    }

    private boolean isNumeric(InferredColumn column) {
        ColumnType type = types.get(column.name());
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

    /** Whether the type of a column is inferred from its cells. */
    boolean isInferred(Candidate candidate) {
        return !types.containsKey(candidate.name());
    }

    /** The number of rows that have a target. */
    long rowsWithTarget() {
        return target.values(classes != null);
    }

    /** Rejects targets of other classes than these, unless there are none of these. */
    void requireClasses(List<String> known) {
        List<String> names = classes == null || known.isEmpty() ? List.of() : classes;
        for (String name : names) {
            if (!known.contains(name)) {
                throw TableException.invalid(
                        "column %s must be one of %s, but has %s", quote(targetName), quote(known), quote(name));
            }
        }
    }

    /** How many different integers a numeric target has, if they probably are classes; else 0. */
    int likelyClasses() {
        StringDictionary dictionary = target.dictionary();
        if (classes != null || dictionary == null || target.type() == InferredColumn.Type.DATES) {
            return 0;
        }
        int[] codes = IntStream.range(0, dictionary.size())
                .filter(code -> !Float.isNaN(dictionary.number(code)))
                .toArray();
        return Targets.Numbers.likelyClasses(codes.length, i -> dictionary.number(codes[i]), rowsWithTarget());
    }

    /**
     * Which rows are for validation; null for none.
     *
     * @param division the column that divides the rows; null for none
     * @param validation null for no share
     * @param rows number of rows that have a target
     * @param learned what the model has learned before; null if features are fitted
     */
    @Nullable
    RowSplit split(
            @Nullable RowDivision division,
            @Nullable ValidationShare validation,
            long seed,
            long rows,
            Preprocessing.@Nullable Columns learned) {
        if (division != null && division.kind() == RowDivision.Kind.PART) {
            return new RowSplit.ByPart(division.column());
        }
        if (validation == null) {
            return null;
        }
        List<HashedColumn> hashed = division == null
                ? hashedColumns(learned)
                : List.of(new HashedColumn(division.column(), RowSplit.Content.TEXT));
        return new RowSplit.ByContent(hashed, validation.of(rows), seed);
    }

    /** The target and all columns that may be features, which a model is fitted to or has learned before. */
    private List<HashedColumn> hashedColumns(Preprocessing.@Nullable Columns learned) {
        List<HashedColumn> hashed = new ArrayList<>();
        hashed.add(hashed(target, classes == null));
        if (learned == null) {
            candidates().stream()
                    .filter(candidate -> candidate.refusal().isEmpty())
                    .forEach(candidate -> hashed.add(hashed(candidate.column(), candidate.numeric())));
        } else {
            learned.features()
                    .forEach(feature -> hashed.add(hashed(require(feature), feature instanceof Feature.Numeric)));
        }
        hashed.sort(Comparator.comparing(HashedColumn::name));
        return hashed;
    }

    private static HashedColumn hashed(Column column, boolean numeric) {
        RowSplit.Content content = RowSplit.Content.TEXT;
        if (numeric && column instanceof InferredColumn inferred) {
            boolean dates = inferred.type() == InferredColumn.Type.DATES;
            content = dates ? RowSplit.Content.DATE : RowSplit.Content.NUMBER;
        }
        return new HashedColumn(column.name(), content);
    }

    /** The reasons why columns are not used as one could expect, so far. */
    List<String> hints() {
        return hints;
    }

    /**
     * The features of the fits that can be one. Adds a warning for each column that is dropped.
     *
     * @param fits after all cells
     * @param hints why columns are not used as one could expect
     */
    static List<Feature> features(List<ColumnFit> fits, List<String> hints, Warnings warnings) {
        List<Feature> features = new ArrayList<>();
        List<String> dropped = new ArrayList<>(hints);
        for (ColumnFit fit : fits) {
            String reason = fit.dropReason();
            if (reason.isEmpty()) {
                features.add(fit.feature());
            } else {
                dropped.add("column %s is ignored because it %s".formatted(quote(fit.name()), reason));
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
}
