package io.backprop.spark;

import io.backprop.tabular.RowSink;
import io.backprop.tabular.TableException;

/** A part of a table that a task reads once, in its order: a CSV file, or consecutive rows of a Parquet file. */
public interface TablePart {

    /** The name of the file, for messages. */
    String source();

    /**
     * Begins to read.
     *
     * @param sink receives each row during {@link Rows#next}
     */
    Rows open(RowSink sink);

    /** Rows that are read at the caller's pace. */
    @FunctionalInterface
    interface Rows {
        /**
         * Passes the next row to the sink, after the header if it is the first one.
         *
         * @return false if there is none
         * @throws TableException if the file is malformed, or if the sink rejects it; the message begins with the name of the
         *     file
         */
        boolean next();
    }

    /** Reads all rows. */
    default void read(RowSink sink) {
        Rows rows = open(sink);
        while (rows.next()) {
            // the sink has received the row
        }
    }

    /** These rows, whose failures name the file. */
    static Rows naming(String source, Rows rows) {
        return () -> {
            try {
                return rows.next();
            } catch (TableException e) {
                throw named(source, e);
            }
        };
    }

    /** This failure, with the name of the file before its message unless it has it. */
    static TableException named(String source, TableException failure) {
        String message = failure.getMessage();
        if (message.startsWith(source)) {
            return failure;
        }
        boolean hasPlace = message.startsWith("line ") || message.startsWith("row ");
        return TableException.invalid("%s%s %s", source, hasPlace ? "," : ":", message);
    }
}
