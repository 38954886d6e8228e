package io.backprop.web.table;

import io.backprop.tabular.CellRules;
import io.backprop.tabular.RowDivision;
import io.backprop.tabular.RowSink;
import io.backprop.tabular.Table;
import org.jspecify.annotations.Nullable;

/** The rows of a request. Can be read once. */
public interface RowSource {

    void readInto(RowSink sink);

    /**
     * Reads all rows into memory.
     *
     * @param division null for none
     */
    Table toTable(CellRules rules, @Nullable RowDivision division);
}
