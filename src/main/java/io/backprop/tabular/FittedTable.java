package io.backprop.tabular;

import static io.backprop.engine.InvalidArgumentException.requireArgument;
import static io.backprop.engine.InvalidArgumentException.requireAtLeast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is found in a table. It does not depend on the order of the rows, nor on how they are divided among files.
 *
 * @param features fitted to the rows for training, in the order of the table's columns, or those that the model has learned
 *     before
 * @param split which rows are for validation; null for none
 * @param trainingRows number of rows with a target that are for training
 * @param validationRows number of rows with a target that are for validation; may be 0
 * @param warnings what was done to the table that its owner may not expect
 */
public record FittedTable(
        List<Feature> features,
        FittedTarget target,
        @Nullable RowSplit split,
        long trainingRows,
        long validationRows,
        List<String> warnings) {

    public FittedTable {
        features = List.copyOf(features);
        warnings = List.copyOf(warnings);
        requireAtLeast(0, trainingRows, "trainingRows");
        requireArgument(
                validationRows >= 0 && validationRows <= Integer.MAX_VALUE,
                "validationRows must be at least 0 and fit into the memory of one machine, but were %d",
                validationRows);
    }

    /** This table with other warnings. */
    public FittedTable withWarnings(List<String> others) {
        return new FittedTable(features, target, split, trainingRows, validationRows, others);
    }
}
