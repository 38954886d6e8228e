package io.backprop.web.table;

import io.backprop.tabular.RowDivision;
import io.backprop.tabular.Table;
import org.jspecify.annotations.Nullable;

/** The rows of a request as a table in memory. Can be read once. */
@FunctionalInterface
public interface RequestTable {

    /** @param division null for none */
    Table read(@Nullable RowDivision division);
}
