package io.backprop.training;

import io.backprop.tabular.CellRules;
import io.backprop.tabular.ColumnType;
import java.util.Map;

/**
 * A table that drivers read, outside of this service.
 *
 * @param name of a folder with its files
 * @param target name of the column to predict
 * @param columnTypes types of columns, where they are not to be inferred from the cells
 * @param cells how the cells are read
 */
public record ExternalTable(String name, String target, Map<String, ColumnType> columnTypes, CellRules cells) {

    public ExternalTable {
        columnTypes = Map.copyOf(columnTypes);
    }
}
