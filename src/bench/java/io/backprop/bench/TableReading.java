package io.backprop.bench;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.backprop.engine.Matrix;
import io.backprop.engine.SplitMix64;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.CsvTables;
import io.backprop.tabular.Feature;
import io.backprop.tabular.RowEncoder;
import io.backprop.tabular.RowEncoder.ExpectedColumns;
import io.backprop.tabular.ScalingMethod;
import io.backprop.tabular.Table;
import io.backprop.tabular.TableBuilder;
import io.backprop.tabular.TableExamples;
import io.backprop.tabular.Warnings;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Measures how fast a CSV file of numbers is read as a table, as the inputs of a training and as inputs in parts of a few
 * rows, compared to FastCSV alone, in alternating turns. Prints one line of JSON for each: median rows and megabytes per
 * second of the thread's CPU time, which does not depend on other load, and the ratio to FastCSV alone. Arguments: ROWS
 * TURNS. With a small {@code -Xmx} it also shows the required memory.
 */
public final class TableReading {

    private static final int NUMBERS = 30;
    private static final long MOST_CELLS = 1L << 31;
    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

    private final Path file;
    private final int rows;

    private TableReading(Path file, int rows) {
        this.file = file;
        this.rows = rows;
    }

    /** One way to read the file. */
    private interface Task {
        void run() throws IOException;
    }

    public static void main(String[] args) throws IOException {
        Path file = Files.createTempFile("table", ".csv");
        try {
            int rows = Integer.parseInt(args[0]);
            write(file, rows);
            new TableReading(file, rows).measure(Integer.parseInt(args[1]));
        } finally {
            Files.delete(file);
        }
    }

    /** A table of random numbers and one column of strings. */
    static void write(Path file, int rows) throws IOException {
        SplitMix64 random = new SplitMix64(1);
        try (Writer writer = Files.newBufferedWriter(file)) {
            for (int i = 0; i < NUMBERS; i++) {
                writer.append("x").append(Integer.toString(i)).append(',');
            }
            writer.append("y\n");
            for (int row = 0; row < rows; row++) {
                for (int i = 0; i < NUMBERS; i++) {
                    long rounded = Math.round(100_000 * random.nextGaussian());
                    writer.append(Double.toString(rounded / 1e5)).append(',');
                }
                writer.append(random.nextInt(2) == 0 ? "no\n" : "yes\n");
            }
        }
    }

    private void measure(int turns) throws IOException {
        Map<String, Task> tasks = new LinkedHashMap<>();
        tasks.put("fastcsv", () -> parse(file));
        tasks.put("fastcsv_records", () -> readRecords(file));
        tasks.put("read", this::read);
        tasks.put("read_fit_take", () -> inputs(ScalingMethod.STANDARD));
        tasks.put("read_fit_take_robust", () -> inputs(ScalingMethod.ROBUST));
        List<Feature> features = features();
        tasks.put("encode_rows", () -> encode(features));
        Map<String, List<Double>> speeds = new LinkedHashMap<>();
        double megabytes = Files.size(file) / 1e6;
        for (int turn = 0; turn <= turns; turn++) {
            for (Map.Entry<String, Task> task : tasks.entrySet()) {
                long begun = CPU.getCurrentThreadCpuTime();
                task.getValue().run();
                double speed = megabytes / ((CPU.getCurrentThreadCpuTime() - begun) / 1e9);
                if (turn > 0) { // the first turn warms up
                    speeds.computeIfAbsent(task.getKey(), name -> new ArrayList<>())
                            .add(speed);
                }
            }
        }
        double bare = median(speeds.get("fastcsv"));
        speeds.forEach((name, all) -> System.out.printf(
                Locale.ROOT,
                "{\"task\": \"%s\", \"megabytes_per_second\": %.0f, \"rows_per_second\": %.0f, \"ratio\": %.2f}%n",
                name,
                median(all),
                median(all) / megabytes * rows,
                median(all) / bare));
    }

    private static double median(List<Double> speeds) {
        return speeds.stream().sorted().skip(speeds.size() / 2).findFirst().orElseThrow();
    }

    /** FastCSV without access to the fields. */
    static void parse(Path file) throws IOException {
        try (CsvReader<Object> csv = CsvReader.builder().build(new Ignoring(), file)) {
            csv.iterator().hasNext();
        }
    }

    private static final class Ignoring extends AbstractBaseCsvCallbackHandler<Object> {
        @Override
        protected Object buildRecord() {
            return null;
        }
    }

    /** FastCSV with a String for each field. */
    static void readRecords(Path file) throws IOException {
        try (CsvReader<CsvRecord> csv = CsvReader.builder().ofCsvRecord(file)) {
            csv.forEach(record -> record.getField(0));
        }
    }

    private Table read() throws IOException {
        TableBuilder builder = new TableBuilder(MOST_CELLS, Files.size(file), CellRules.DEFAULT, bytes -> {}, null);
        try (InputStream in = Files.newInputStream(file)) {
            CsvTables.read(in, builder);
        }
        return builder.build();
    }

    private TableExamples examples() throws IOException {
        return TableExamples.of(read(), "y", Map.of(), null);
    }

    private Matrix inputs(ScalingMethod scaling) throws IOException {
        TableExamples examples = examples();
        examples.targets();
        int[] rows = allRows(examples);
        return examples.encodeAndRelease(examples.fit(rows, scaling), rows);
    }

    private List<Feature> features() throws IOException {
        TableExamples examples = examples();
        return examples.fit(allRows(examples), ScalingMethod.STANDARD);
    }

    private static int[] allRows(TableExamples examples) {
        return IntStream.range(0, examples.rows()).toArray();
    }

    /** Like predictions, a few rows at a time. */
    private void encode(List<Feature> features) throws IOException {
        RowEncoder encoder = new RowEncoder(
                new ExpectedColumns(features, null, false, List.of()), CellRules.DEFAULT, new Warnings(), batch -> {});
        try (InputStream in = Files.newInputStream(file)) {
            CsvTables.read(in, encoder);
        }
        encoder.finish();
    }
}
