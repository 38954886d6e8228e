package io.backprop.training;

import io.backprop.engine.Matrix;
import io.backprop.engine.Vector;
import io.backprop.tabular.ColumnType;
import io.backprop.tabular.Table;
import io.backprop.tabular.Targets;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What examples are made from. */
public sealed interface TrainingSource {

    /** Rows of numbers, each with its target. */
    record Matrices(
            Matrix inputs, Targets targets, @Nullable Vector sampleWeights) implements TrainingSource {}

    /**
     * A table.
     *
     * @param table asked for when nothing else can be wrong with the order, once, and used up by the training
     * @param target the column to predict
     * @param columns what columns are to be taken for, where that is not to be found from their cells
     */
    record Rows(Supplier<Table> table, String target, Map<String, ColumnType> columns) implements TrainingSource {

        public Rows {
            columns = Map.copyOf(columns);
        }
    }
}
