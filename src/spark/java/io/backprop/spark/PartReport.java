package io.backprop.spark;

import io.backprop.tabular.TableException;
import java.io.Serializable;
import java.util.List;

/**
 * What happened to a part of a table. A failure is a value, because Spark would repeat a task that throws.
 *
 * @param partition that the part belongs to
 * @param rows number of rows that were predicted
 * @param warnings about the rows
 * @param failure why the table can't be predicted; empty if there is none
 */
record PartReport(int partition, long rows, List<String> warnings, String failure) implements Serializable {

    PartReport {
        warnings = List.copyOf(warnings);
    }

    /** @throws TableException if there is a failure */
    void requireSuccess() {
        if (!failure.isEmpty()) {
            throw TableException.invalid("%s", failure);
        }
    }
}
