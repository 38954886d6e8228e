package io.backprop.tabular;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How rows of a table become examples.
 *
 * @param columns features, target and their scales
 * @param classes names of all classes in the order of the outputs; empty if the target is numeric
 * @param outputs number of outputs of the network: 1, or one for each class
 * @param classWeights weight of the examples for training of each class; empty if all are 1
 * @param cells how they are read
 * @param split which rows are for validation; null for none
 */
public record RowEncoding(
        Preprocessing.Columns columns,
        List<String> classes,
        int outputs,
        List<Float> classWeights,
        CellRules cells,
        @Nullable RowSplit split) {

    public RowEncoding {
        classes = List.copyOf(classes);
        classWeights = List.copyOf(classWeights);
    }
}
