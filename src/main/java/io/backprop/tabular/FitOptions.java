package io.backprop.tabular;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.tabular.Preprocessing.Columns;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a model is fitted to the columns of a table.
 *
 * @param target the name of the column to predict
 * @param targetType NUMERIC for a regression, CATEGORICAL for a classification; null to infer it from the cells
 * @param columnTypes types of columns by name, which are not inferred from the cells
 * @param cells how they are read
 * @param division the column that divides the rows; null for none
 * @param scaling of inputs; null to leave numbers as they are
 * @param learned what the model has learned before, which is kept; null to fit all features
 * @param classes all classes that the target may have; empty if they are those that it has
 * @param validation null for no rows, or for those that the division gives
 * @param seed of the division of rows
 */
public record FitOptions(
        String target,
        @Nullable ColumnType targetType,
        Map<String, ColumnType> columnTypes,
        CellRules cells,
        @Nullable RowDivision division,
        @Nullable ScalingMethod scaling,
        @Nullable Columns learned,
        List<String> classes,
        @Nullable ValidationShare validation,
        long seed) {

    public FitOptions {
        columnTypes = Map.copyOf(columnTypes);
        classes = List.copyOf(classes);
        requireArgument(
                learned == null || learned.target().equals(target),
                "target must be %s, as the model has learned it, but was %s",
                learned == null ? "" : TableException.quote(learned.target()),
                TableException.quote(target));
    }

    /** The column that tells which rows are for validation; null if there is none. */
    @Nullable
    String partColumn() {
        return division == null ? null : division.columnOf(RowDivision.Kind.PART);
    }

    /** The column of groups whose rows stay together; null if there is none. */
    @Nullable
    String groupColumn() {
        return division == null ? null : division.columnOf(RowDivision.Kind.GROUP);
    }
}
