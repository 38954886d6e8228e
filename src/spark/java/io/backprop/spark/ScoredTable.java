package io.backprop.spark;

import java.util.List;

/**
 * A complete table of predictions.
 *
 * @param rows number of rows
 * @param files number of files
 * @param warnings about the rows
 */
record ScoredTable(long rows, int files, List<String> warnings) {

    ScoredTable {
        warnings = List.copyOf(warnings);
    }
}
