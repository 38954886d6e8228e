package io.backprop.web.table;

import io.backprop.tabular.Table;

/** The rows of a request as a table in memory. Can be read once. */
@FunctionalInterface
public interface RequestTable {

    Table read();
}
