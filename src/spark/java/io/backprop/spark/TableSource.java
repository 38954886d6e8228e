package io.backprop.spark;

import java.io.Serializable;
import java.util.Iterator;
import org.apache.spark.api.java.JavaRDD;

/** The rows of a table, which tasks read part by part. They can be read several times. */
interface TableSource {

    /**
     * What a task does with the parts that it reads, one after another.
     *
     * @param <T> type of the results
     */
    @FunctionalInterface
    interface PartFunction<T> extends Serializable {
        /** Reads the whole part, at the latest when the iterator has been consumed. */
        Iterator<T> apply(TablePart part);
    }

    /** Applies a function to each part of the table. */
    <T> JavaRDD<T> flatMap(PartFunction<T> function);
}
