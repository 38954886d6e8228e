package io.backprop.tabular;

import io.backprop.engine.Matrix;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A table on its way to become the examples of a training. Its rows are those of the table that have a target, numbered
 * from 0.
 */
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
    }

    /**
     * The rows of a table that have a target.
     *
     * @param target the name of the column to predict
     * @param overrides what columns are taken for, by name, instead of what they look like
     */
    public static TableExamples of(Table table, String target, Map<String, ColumnType> overrides, TargetType kind) {
        overrides.keySet().forEach(name -> table.layout().require(name, "a type is given for"));
        TargetColumn column = TargetColumn.of(table, target, TargetColumn.kind(target, overrides.get(target), kind));
        TableExamples examples = new TableExamples(table, column, target, overrides);
        examples.warnings.addRowsWithoutTarget(table.rows() - examples.rows.length, target);
        return examples;
    }

    /**
     * Refuses a table that has something else to predict than the one that a model has learned from; warns of columns that
     * are meant to be learned from, but were not.
     */
    public void requireCompatible(Preprocessing.Columns known) {
        target.requireDates(known.dates());
        Set<String> learned = new HashSet<>(List.of(targetName));
        known.features().forEach(feature -> learned.add(feature.name()));
        for (String name : table.columns()) {
            ColumnType meant = overrides.getOrDefault(name, ColumnType.IGNORE);
            if (meant != ColumnType.IGNORE && !learned.contains(name)) {
                warnings.add("column %s is left out, as the model has not learned from it; with reset it begins anew"
                        .formatted(CellReference.quote(name)));
            }
        }
    }

    /** Refuses targets that name other classes than these. */
    public void requireLabels(List<String> labels) {
        target.requireLabels(labels);
    }

    public int rows() {
        return rows.length;
    }

    /** Whether the targets are written as dates; as numbers they are days since 1970. */
    public boolean targetsAreDates() {
        return target.isDates();
    }

    /** Names of classes, or numbers as they are. */
    public Targets targets() {
        return target.select(rows);
    }

    /**
     * Finds the features of a model.
     *
     * @param trainingRows from which alone the features are found
     */
    public List<Feature> fit(int[] trainingRows) {
        return new FeatureFitter(table, targetName, overrides, warnings).find(ofTable(trainingRows));
    }

    /** The given rows as inputs. */
    public Matrix encode(List<Feature> features, int[] rows) {
        return new TableEncoder(table.layout(), features, warnings).encode(table.cells(), ofTable(rows));
    }

    /** As {@link #encode}, but may write over the table's memory, so that it is the last use of the table. */
    public Matrix encodeAndRelease(List<Feature> features, int[] rows) {
        return new TableEncoder(table.layout(), features, warnings).encodeInPlace(table.release(), ofTable(rows));
    }

    /** As {@link #encodeAndRelease}, with numbers as they are and their gaps as NaN, for a {@link FoldPreprocessor}. */
    public Matrix encodeUnscaledAndRelease(List<Feature> features, int[] rows) {
        List<Feature> unscaled = features.stream().map(Feature::unscaled).toList();
        return new TableEncoder(table.layout(), unscaled, warnings, Float.NaN)
                .encodeInPlace(table.release(), ofTable(rows));
    }

    /** What was found so far. */
    public Warnings warnings() {
        return warnings;
    }

    private int[] ofTable(int[] selected) {
        int[] ofTable = new int[selected.length];
        for (int i = 0; i < selected.length; i++) {
            ofTable[i] = rows[selected[i]];
        }
        return ofTable;
    }
}
