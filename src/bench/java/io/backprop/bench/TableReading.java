package io.backprop.bench;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvReader;
import io.backprop.engine.Matrix;
import io.backprop.engine.SplitMix64;
import io.backprop.tabular.CsvTables;
import io.backprop.tabular.Table;
import io.backprop.tabular.TableBuilder;
import io.backprop.tabular.TableExamples;
import io.backprop.tabular.TargetKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How fast a CSV file of numbers becomes a table and the inputs of a training, and how fast FastCSV alone goes through
 * it, turn by turn: one line of JSON for each, in megabytes a second and as a share of FastCSV alone, the median of all
 * turns. Arguments: ROWS TURNS. Run with a small {@code -Xmx} it shows how little memory suffices.
 */
public final class TableReading {

    private static final int NUMBERS = 30;
    private static final long MOST_CELLS = 1L << 31;

    private final Path file;

    private TableReading(Path file) {
        this.file = file;
    }

    /** One way through the file. */
    private interface Task {
        void run() throws IOException;
    }

    public static void main(String[] args) throws IOException {
        Path file = Files.createTempFile("table", ".csv");
        try {
            write(file, Integer.parseInt(args[0]));
            new TableReading(file).measure(Integer.parseInt(args[1]));
        } finally {
            Files.delete(file);
        }
    }

    /** A table of random numbers and a word. */
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
        tasks.put("read", this::read);
        tasks.put("read_fit_take", this::inputs);
        Map<String, List<Double>> speeds = new LinkedHashMap<>();
        double megabytes = Files.size(file) / 1e6;
        for (int turn = 0; turn <= turns; turn++) {
            for (Map.Entry<String, Task> task : tasks.entrySet()) {
                long begun = System.nanoTime();
                task.getValue().run();
                double speed = megabytes / ((System.nanoTime() - begun) / 1e9);
                if (turn > 0) { // the first one warms up
                    speeds.computeIfAbsent(task.getKey(), name -> new ArrayList<>())
                            .add(speed);
                }
            }
        }
        double bare = median(speeds.get("fastcsv"));
        speeds.forEach((name, all) -> System.out.printf(
                "{\"task\": \"%s\", \"megabytes_per_second\": %.0f, \"ratio\": %.2f, \"max_heap_megabytes\": %d}%n",
                name, median(all), median(all) / bare, Runtime.getRuntime().maxMemory() >> 20));
    }

    private static double median(List<Double> speeds) {
        return speeds.stream().sorted().skip(speeds.size() / 2).findFirst().orElseThrow();
    }

    /** What FastCSV does if nobody looks at the fields. */
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

    private Table read() throws IOException {
        TableBuilder builder = new TableBuilder(MOST_CELLS, Files.size(file));
        try (InputStream in = Files.newInputStream(file)) {
            CsvTables.read(in, builder);
        }
        return builder.build();
    }

    private Matrix inputs() throws IOException {
        TableExamples examples = TableExamples.of(read(), "y", Map.of(), TargetKind.AS_FOUND);
        examples.targets();
        int[] rows = IntStream.range(0, examples.rows()).toArray();
        return examples.take(examples.fit(rows), rows);
    }
}
