package io.backprop.tabular;

import io.backprop.engine.Matrix;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** The examples of a training in a table: its rows that have a target, numbered from 0. */
public final class TableExamples {

    private final Table table;
    private final TargetColumn target;
    private final String targetName;
    private final Map<String, ColumnType> overrides;
    private final int[] rows; // of the table
    private final Warnings warnings = new Warnings();

    private TableExamples(Table table, TargetColumn target, String targetName, Map<String, ColumnType> overrides) {
        this.table = table;
        this.target = target;
        this.targetName = targetName;
        this.overrides = Map.copyOf(overrides);
        this.rows = target.rows();
        warnings.addRowsWithoutTarget(table.rows() - rows.length, targetName);
    }

    /**
     * The rows of a table that have a target.
     *
     * @param target the name of the column to predict
     * @param overrides types of columns by name, which are not inferred from the cells
     */
    public static TableExamples of(Table table, String target, Map<String, ColumnType> overrides, TargetType type) {
        overrides.keySet().forEach(name -> table.header().require(name, "a type is given for"));
        return new TableExamples(
                table, new TargetColumn(table, target, overrides.get(target), type), target, overrides);
    }

    /**
     * Rejects a target of another type than the one that a model was trained with. Warns of columns that are given a type
     * but that the model was not trained with.
     */
    public void requireCompatible(Preprocessing.Columns known) {
        target.requireDates(known.dates());
        Set<String> learned = new HashSet<>(List.of(targetName));
        known.features().forEach(feature -> learned.add(feature.name()));
        for (String name : table.columns()) {
            if (overrides.getOrDefault(name, ColumnType.IGNORE) != ColumnType.IGNORE && !learned.contains(name)) {
                warnings.add(
                        "column %s is ignored because the model was not trained with it; to include it, train from scratch"
                                .formatted(TableException.quote(name)));
            }
        }
    }

    /** Rejects targets of other classes than these. */
    public void requireLabels(List<String> labels) {
        target.requireLabels(labels);
    }

    public int rows() {
        return rows.length;
    }

    /** Whether the targets are written as dates; they count as days since 1970. */
    public boolean targetsAreDates() {
        return target.isDates();
    }

    /** Names of classes, or unscaled numbers. */
    public Targets targets() {
        return target.select(rows);
    }

    /** The features of a model, fitted to the given rows alone. */
    public List<Feature> fit(int[] trainingRows) {
        return new FeatureFitter(table, targetName, overrides, warnings).fit(tableRows(trainingRows));
    }

    /** The inputs of the given rows. */
    public Matrix encode(List<Feature> features, int[] rows) {
        return encoder(features, 0).encode(table.cells(), tableRows(rows));
    }

    /** As {@link #encode}, but may overwrite the table, which cannot be used afterwards. */
    public Matrix encodeAndRelease(List<Feature> features, int[] rows) {
        return encoder(features, 0).encodeInPlace(table.release(), tableRows(rows));
    }

    /** As {@link #encodeAndRelease}, with unscaled numbers and NaN for missing ones, for a {@link FoldPreprocessor}. */
    public Matrix encodeUnscaledAndRelease(List<Feature> features, int[] rows) {
        List<Feature> unscaled = features.stream().map(Feature::unscaled).toList();
        return encoder(unscaled, Float.NaN).encodeInPlace(table.release(), tableRows(rows));
    }

    private TableEncoder encoder(List<Feature> features, float missing) {
        return new TableEncoder(table.header(), table.inferredColumns(), features, warnings, missing);
    }

    /** The warnings so far. */
    public Warnings warnings() {
        return warnings;
    }

    private int[] tableRows(int[] selected) {
        return IntStream.of(selected).map(row -> rows[row]).toArray();
    }
}
