package io.backprop.spark;

import io.backprop.driver.DriverDocuments;
import io.backprop.tabular.FitOptions;
import io.backprop.tabular.FittedTable;
import io.backprop.tabular.RowSink;
import io.backprop.tabular.TableColumns;
import io.backprop.tabular.TableException;
import io.backprop.tabular.TableFit;
import io.backprop.tabular.TableQuantiles;
import io.backprop.tabular.TableScan;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Fits preprocessing to a table in two or three jobs, as {@link TableScan} describes. What tasks find is merged in the order in
 * which they complete, which makes no difference to the result.
 */
final class TableFitting {

    private static final int MERGE_DEPTH = 2; // so that the driver does not merge all parts

    private TableFitting() {}

    /**
     * Fits preprocessing to all rows for training.
     *
     * @throws TableException if a file is malformed, or if the table does not fit the options
     */
    static FittedTable fit(JavaSparkContext context, TableSource table, FitOptions options) {
        byte[] json = DriverDocuments.write(options);
        TableScan scan = scan(table, json, options);
        TableColumns columns = scan.resolve(options);
        Broadcast<byte[]> resolved = context.broadcast(toBytes(columns::writeTo));
        try {
            TableFit fit = fit(table, json, resolved, columns);
            TableQuantiles quantiles = fit.quantiles();
            return fit.result(
                    quantiles.isNeeded() ? quantiles(context, table, json, resolved, quantiles, columns) : quantiles);
        } finally {
            resolved.destroy();
        }
    }

    private static TableQuantiles quantiles(
            JavaSparkContext context,
            TableSource table,
            byte[] json,
            Broadcast<byte[]> resolved,
            TableQuantiles needed,
            TableColumns columns) {
        Broadcast<byte[]> empty = context.broadcast(toBytes(needed::writeTo));
        try {
            return quantiles(table, json, resolved, empty, columns);
        } finally {
            empty.destroy();
        }
    }

    private static TableScan scan(TableSource table, byte[] json, FitOptions options) {
        Finding scan = merge(
                table.flatMap(part -> {
                    FitOptions read = options(json);
                    TableScan sink = new TableScan(read.cells(), read.division(), part.source());
                    return Finding.of(part, sink, sink::writeTo);
                }),
                (left, right) -> {
                    FitOptions read = options(json);
                    TableScan merged = from(left, in -> TableScan.readFrom(in, read.cells(), read.division()));
                    merged.merge(from(right, in -> TableScan.readFrom(in, read.cells(), read.division())));
                    return toBytes(merged::writeTo);
                });
        return from(scan.bytes, in -> TableScan.readFrom(in, options.cells(), options.division()));
    }

    private static TableFit fit(TableSource table, byte[] json, Broadcast<byte[]> resolved, TableColumns columns) {
        Finding fit = merge(
                table.flatMap(part -> {
                    TableFit sink = new TableFit(columns(json, resolved), part.source());
                    return Finding.of(part, sink, sink::writeTo);
                }),
                (left, right) -> {
                    TableColumns read = columns(json, resolved);
                    TableFit merged = from(left, in -> TableFit.readFrom(in, read));
                    merged.merge(from(right, in -> TableFit.readFrom(in, read)));
                    return toBytes(merged::writeTo);
                });
        return from(fit.bytes, in -> TableFit.readFrom(in, columns));
    }

    private static TableQuantiles quantiles(
            TableSource table, byte[] json, Broadcast<byte[]> resolved, Broadcast<byte[]> empty, TableColumns columns) {
        Finding quantiles = merge(
                table.flatMap(part -> {
                    TableColumns read = columns(json, resolved);
                    TableQuantiles sink = from(empty.value(), in -> TableQuantiles.readFrom(in, read, part.source()));
                    return Finding.of(part, sink, sink::writeTo);
                }),
                (left, right) -> {
                    TableColumns read = columns(json, resolved);
                    TableQuantiles merged = from(left, in -> TableQuantiles.readFrom(in, read, ""));
                    merged.merge(from(right, in -> TableQuantiles.readFrom(in, read, "")));
                    return toBytes(merged::writeTo);
                });
        return from(quantiles.bytes, in -> TableQuantiles.readFrom(in, columns, ""));
    }

    private static FitOptions options(byte[] json) {
        return DriverDocuments.read(json, FitOptions.class);
    }

    private static TableColumns columns(byte[] json, Broadcast<byte[]> resolved) {
        return from(resolved.value(), in -> TableColumns.readFrom(in, options(json)));
    }

    /** Merges what was found in two parts. */
    @FunctionalInterface
    private interface Merge extends Serializable {
        byte[] merge(byte[] left, byte[] right);
    }

    private static Finding merge(JavaRDD<Finding> findings, Merge merge) {
        if (findings.getNumPartitions() == 0) {
            throw new IllegalStateException("a table has at least one file");
        }
        Finding all = findings.treeReduce((left, right) -> left.merged(right, merge), MERGE_DEPTH);
        if (!all.failure.isEmpty()) {
            throw TableException.invalid("%s", all.failure);
        }
        return all;
    }

    /**
     * What a task found in a part of the table, or in several. A failure is a value, because Spark would repeat a task that
     * throws, and because the same one is reported however tasks are scheduled: the first in the order of messages, which begin
     * with the names of files.
     */
    private static final class Finding implements Serializable {

        private static final long serialVersionUID = 1;

        private final byte[] bytes; // written by the sink; empty after a failure
        private final String failure; // empty if there is none

        private Finding(byte[] bytes, String failure) {
            this.bytes = bytes;
            this.failure = failure;
        }

        static Iterator<Finding> of(TablePart part, RowSink sink, Writer writer) {
            return List.of(of(() -> {
                        part.read(sink);
                        return toBytes(writer);
                    }))
                    .iterator();
        }

        private static Finding of(Supplier<byte[]> bytes) {
            try {
                return new Finding(bytes.get(), "");
            } catch (TableException e) {
                return new Finding(new byte[0], e.getMessage());
            }
        }

        Finding merged(Finding other, Merge merge) {
            if (failure.isEmpty() && other.failure.isEmpty()) {
                return of(() -> merge.merge(bytes, other.bytes));
            }
            boolean first = other.failure.isEmpty() || (!failure.isEmpty() && failure.compareTo(other.failure) <= 0);
            return first ? this : other;
        }
    }

    /** Writes a value of {@code tabular}. */
    @FunctionalInterface
    private interface Writer {
        void writeTo(DataOutput out) throws IOException;
    }

    /**
     * Reads a value of {@code tabular}.
     *
     * @param <T> its type
     */
    @FunctionalInterface
    private interface Reader<T> {
        T readFrom(DataInput in) throws IOException;
    }

    private static byte[] toBytes(Writer writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            writer.writeTo(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static <T> T from(byte[] bytes, Reader<T> reader) {
        try {
            return reader.readFrom(new DataInputStream(new ByteArrayInputStream(bytes)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
