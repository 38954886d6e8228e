package io.backprop.tabular;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** A table whose rows are in several parts, as executors of a cluster see it. */
record DividedTable(List<String> columns, List<List<List<String>>> parts, Random random) {

    /** Shuffles the rows and divides them into up to 5 parts, of which some may be empty. */
    static DividedTable of(List<String> columns, List<List<String>> rows, int seed) {
        Random random = new Random(seed);
        List<List<String>> shuffled = new ArrayList<>(rows);
        Collections.shuffle(shuffled, random);
        List<List<List<String>>> parts = new ArrayList<>();
        IntStream.rangeClosed(0, random.nextInt(5)).forEach(part -> parts.add(new ArrayList<>()));
        shuffled.forEach(row -> parts.get(random.nextInt(parts.size())).add(row));
        return new DividedTable(columns, parts, random);
    }

    /** Passes all parts, in random order, to sinks that are exchanged as bytes and merged. */
    FittedTable fit(FitOptions options) {
        TableScan scan = new TableScan(options.cells(), options.division(), "");
        for (int part : order()) {
            TableScan scanned = new TableScan(options.cells(), options.division(), "part-" + part);
            pass(part, scanned);
            scan.merge(copy(scanned::writeTo, in -> TableScan.readFrom(in, options.cells(), options.division())));
        }
        TableColumns resolved = scan.resolve(options);
        TableColumns columnsOfParts = copy(resolved::writeTo, in -> TableColumns.readFrom(in, options));
        TableFit fit = new TableFit(resolved, "");
        for (int part : order()) {
            TableFit fitted = new TableFit(columnsOfParts, "part-" + part);
            pass(part, fitted);
            fit.merge(copy(fitted::writeTo, in -> TableFit.readFrom(in, resolved)));
        }
        TableQuantiles quantiles = fit.quantiles();
        for (int part : quantiles.isNeeded() ? order() : new int[0]) {
            TableQuantiles found =
                    copy(fit.quantiles()::writeTo, in -> TableQuantiles.readFrom(in, columnsOfParts, "part-" + part));
            pass(part, found);
            quantiles.merge(copy(found::writeTo, in -> TableQuantiles.readFrom(in, resolved, "")));
        }
        return fit.result(quantiles);
    }

    private int[] order() {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, parts.size()).boxed().toList());
        Collections.shuffle(order, random);
        return order.stream().mapToInt(Integer::intValue).toArray();
    }

    void pass(int part, RowSink sink) {
        sink.begin(columns);
        for (List<String> row : parts.get(part)) {
            for (int i = 0; i < row.size(); i++) {
                char[] text = row.get(i).toCharArray();
                sink.cell(i, RowSink.CellKind.UNTYPED, text, 0, text.length);
            }
            sink.endRow();
        }
    }

    private interface Writer {
        void write(DataOutput out) throws IOException;
    }

    private interface Reader<T> {
        T read(DataInput in) throws IOException;
    }

    private static <T> T copy(Writer writer, Reader<T> reader) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            writer.write(new DataOutputStream(bytes));
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
            T copy = reader.read(in);
            if (in.available() > 0) {
                throw new IllegalStateException("%d bytes were not read".formatted(in.available()));
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
