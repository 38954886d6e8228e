package io.backprop.web.table;

import io.backprop.tabular.RowSink;

/** The rows of a request. Can be read once. */
@FunctionalInterface
public interface RowSource {

    void readInto(RowSink sink);
}
