package io.backprop.web.table;

import io.backprop.tabular.Table;

/** The table of a request, in whatever form it came; it may be read once. */
@FunctionalInterface
public interface RequestTable {

    Table read();
}
