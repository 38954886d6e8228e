package io.backprop.spark;

import java.io.Serializable;
import java.util.List;

/**
 * What happened in a part of a table.
 *
 * @param part its index
 * @param rows number of its rows
 */
record PartReport(int part, long rows, List<String> warnings) implements Serializable {

    PartReport {
        warnings = List.copyOf(warnings);
    }
}
