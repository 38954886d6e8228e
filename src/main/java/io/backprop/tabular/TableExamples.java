package io.backprop.tabular;

import static io.backprop.tabular.TableException.quote;

import io.backprop.engine.Matrix;
import io.backprop.engine.Split;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The examples of a training in a table: its rows that have a target, numbered from 0. */
public final class TableExamples {

    private final Table table;
    private final ColumnChoice choice;
    private final int[] rows; // of the table
    private final Warnings warnings = new Warnings();

    private TableExamples(
            Table table, String target, Map<String, ColumnType> overrides, @Nullable ColumnType targetType) {
        this.table = table;
        this.choice = new ColumnChoice(table.header(), table.allColumns(), target, overrides, targetType, warnings);
        this.rows = IntStream.range(0, table.rows())
                .filter(row -> !Float.isNaN(targetOf(row)))
                .toArray();
        warnings.addRowsWithoutTarget(table.rows() - rows.length, target);
    }

    /** The number, the date or the code of a row's class; NaN if it is missing. */
    private float targetOf(int row) {
        float cell = table.cell(row, choice.targetIndex());
        return choice.classes() == null ? choice.target().number(cell) : cell;
    }

    /**
     * The rows of a table that have a target.
     *
     * @param target the name of the column to predict
     * @param overrides types of columns by name, which are not inferred from the cells
     * @param targetType NUMERIC for a regression, CATEGORICAL for a classification; null to infer it from the cells: a
     *     regression if all values are numbers or all are dates
     */
    public static TableExamples of(
            Table table, String target, Map<String, ColumnType> overrides, @Nullable ColumnType targetType) {
        return new TableExamples(table, target, overrides, targetType);
    }

    /**
     * Rejects a target of another type than the one that a model was trained with. Warns of columns that the model was not
     * trained with.
     */
    public void requireCompatible(Preprocessing.Columns known) {
        choice.requireCompatible(known);
    }

    /** Warns of missing words that no cell is, and of a date format that fits no cell. */
    public void warnOfUnusedFormat() {
        choice.warnOfUnusedFormat(table.rules().format());
    }

    /** Rejects targets of other classes than these. */
    public void requireClasses(List<String> known) {
        Set<String> distinct = new HashSet<>(known);
        List<String> classes = choice.classes();
        List<String> names = classes == null ? List.of() : classes;
        for (int code = 0; code < names.size(); code++) {
            if (!distinct.contains(names.get(code))) {
                throw new CellReference(new RowPlace("", 0, firstRowWith(code)), choice.targetName(), names.get(code))
                        .notAClass(known);
            }
        }
    }

    private int firstRowWith(int code) {
        return IntStream.of(rows)
                .filter(row -> table.cell(row, choice.targetIndex()) == code)
                .findFirst()
                .orElseThrow();
    }

    public int rows() {
        return rows.length;
    }

    /** The unit of numeric targets. Dates have times if any of them has. */
    public TargetUnit targetUnit() {
        if (choice.classes() != null || choice.target().type() != InferredColumn.Type.DATES) {
            return TargetUnit.NUMBER;
        }
        boolean hasTimes = IntStream.of(rows).anyMatch(row -> targetOf(row) != Math.rint(targetOf(row)));
        return hasTimes ? TargetUnit.DATE_TIME : TargetUnit.DATE;
    }

    /** The group of each row, numbered from 0. The column must divide the rows of the table into groups. */
    public int[] groups(String column) {
        int index = table.header().require(column, "the rows are grouped by");
        int[] groups = new int[rows.length];
        Arrays.setAll(groups, i -> (int) table.cell(rows[i], index));
        return groups;
    }

    /** The division of the rows by a column that must divide the table into training and validation rows. */
    public Split split(String column) {
        int index = table.header().require(column, "the rows are divided by");
        float validation = ((DividingColumn) table.allColumns()[index]).validationCell();
        Split split = Split.of(rows.length, i -> table.cell(rows[i], index) == validation);
        if (split.training().length == 0 || split.validation().length == 0) {
            throw undivided(column, split.training().length == 0 ? RowDivision.VALIDATION : RowDivision.TRAINING);
        }
        return split;
    }

    /** @param part that all rows have */
    static TableException undivided(String column, String part) {
        return TableException.invalid(
                "column %s must have rows with %s and rows with %s, but all that have a target are %s",
                quote(column), quote(RowDivision.TRAINING), quote(RowDivision.VALIDATION), quote(part));
    }

    /**
     * The division of the rows by their content, as it is described by a {@link RowSplit}.
     *
     * @param division the column of groups whose rows stay together; null for none
     * @param learned what the model has learned before; null if features are fitted
     */
    public Split splitByContent(
            ValidationShare validation,
            @Nullable RowDivision division,
            long seed,
            Preprocessing.@Nullable Columns learned) {
        if (!(choice.split(division, validation, seed, rows.length, learned) instanceof RowSplit.ByContent byContent)) {
            throw new IllegalArgumentException("division must be by groups, but was " + division);
        }
        validation.warning(rows.length).ifPresent(warnings::add);
        List<HashedCells> columns =
                byContent.columns().stream().map(this::hashed).toList();
        RowContent content = new RowContent();
        return Split.of(rows.length, row -> {
            columns.forEach(column -> column.addTo(content, rows[row]));
            return content.isForValidation(byContent.share(), byContent.seed());
        });
    }

    private HashedCells hashed(RowSplit.HashedColumn hashed) {
        int index = table.header().require(hashed.name(), "the rows are divided by");
        Column column = table.allColumns()[index];
        StringDictionary dictionary = column.dictionary();
        if (hashed.content() == RowSplit.Content.TEXT) {
            byte[][] texts = Objects.requireNonNull(dictionary).toList().stream()
                    .map(text -> text.getBytes(StandardCharsets.UTF_8))
                    .toArray(byte[][]::new);
            return (content, row) -> {
                float code = table.cell(row, index);
                if (Float.isNaN(code)) {
                    content.addMissingText();
                } else {
                    content.addText(texts[(int) code]);
                }
            };
        }
        return (content, row) -> content.addNumber(((InferredColumn) column).number(table.cell(row, index)));
    }

    /** Adds the cell of a row in a hashed column. */
    private interface HashedCells {
        void addTo(RowContent content, int row);
    }

    /** Names of classes, or unscaled numbers. */
    public Targets targets() {
        List<String> classes = choice.classes();
        if (classes != null) {
            String[] labels = new String[rows.length];
            Arrays.setAll(labels, i -> classes.get((int) table.cell(rows[i], choice.targetIndex())));
            return new Targets.Labels(Arrays.asList(labels));
        }
        float[] numbers = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            numbers[i] = targetOf(rows[i]);
        }
        return new Targets.Numbers(Matrix.wrap(rows.length, 1, numbers));
    }

    /**
     * The features of a model, fitted to the given rows alone.
     *
     * @param scaling of inputs; null to leave numbers as they are
     */
    public List<Feature> fit(int[] trainingRows, @Nullable ScalingMethod scaling) {
        return new FeatureFitter(table, tableRows(trainingRows)).fit(choice, scaling, warnings);
    }

    /** The inputs of the given rows. */
    public Matrix encode(List<Feature> features, int[] rows) {
        return encoder(features, true).encode(table.cells(), tableRows(rows));
    }

    /** As {@link #encode}, but may overwrite the table, which cannot be used afterwards. */
    public Matrix encodeAndRelease(List<Feature> features, int[] rows) {
        return encoder(features, true).encodeInPlace(table.release(), tableRows(rows));
    }

    /** As {@link #encodeAndRelease}, with unscaled numbers and NaN for missing ones, for a {@link FoldPreprocessor}. */
    public Matrix encodeUnscaledAndRelease(List<Feature> features, int[] rows) {
        return encoder(features, false).encodeInPlace(table.release(), tableRows(rows));
    }

    private TableEncoder encoder(List<Feature> features, boolean scaled) {
        return new TableEncoder(table.header(), table.allColumns(), features, warnings, scaled);
    }

    /** The warnings so far. */
    public Warnings warnings() {
        return warnings;
    }

    private int[] tableRows(int[] selected) {
        return IntStream.of(selected).map(row -> rows[row]).toArray();
    }
}
