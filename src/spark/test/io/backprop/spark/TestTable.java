package io.backprop.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * A small table that can be written in several ways, all with the same rows.
 *
 * @param types of the columns; {@link DataTypes#DoubleType}, {@link DataTypes#FloatType}, {@link DataTypes#LongType} or
 *     {@link DataTypes#StringType}
 * @param rows of which each has a value or null for each column
 */
public record TestTable(List<String> columns, List<DataType> types, List<Object[]> rows) {

    /**
     * Rows with two columns of numbers, one of them with gaps, a category with gaps, a date, a target of numbers ({@code y}) and
     * one of classes ({@code kind}) that depend on the others.
     */
    public static TestTable random(int rows, long seed) {
        Random random = new Random(seed);
        List<Object[]> table = new ArrayList<>();
        List<String> cities = List.of("Köln", "Oslo", "Rom", "São Paulo");
        for (int i = 0; i < rows; i++) {
            double a = random.nextGaussian();
            Float b = random.nextInt(10) == 0 ? null : (float) (100 * random.nextDouble());
            String city = random.nextInt(20) == 0 ? null : cities.get(random.nextInt(4));
            String date = "2024-%02d-%02d".formatted(1 + random.nextInt(12), 1 + random.nextInt(28));
            double y = 3 * a
                    - (b == null ? 0 : b / 50)
                    + (city == null ? 0 : cities.indexOf(city))
                    + random.nextGaussian() / 10;
            table.add(new Object[] {a, b, city, date, (long) random.nextInt(1000), y, y > 1 ? "high" : "low"});
        }
        return new TestTable(
                List.of("a", "b", "city", "date", "count", "y", "kind"),
                List.of(
                        DataTypes.DoubleType,
                        DataTypes.FloatType,
                        DataTypes.StringType,
                        DataTypes.StringType,
                        DataTypes.LongType,
                        DataTypes.DoubleType,
                        DataTypes.StringType),
                table);
    }

    /** The table as a CSV document with a header. */
    public String csv() {
        return Stream.concat(Stream.of(String.join(",", columns)), rows.stream().map(TestTable::line))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String line(Object[] row) {
        return Arrays.stream(row)
                .map(cell -> cell == null ? "" : cell.toString())
                .collect(Collectors.joining(","));
    }

    /** Writes the table as one CSV file. */
    public void writeCsv(Path folder) {
        write(folder.resolve("table.csv"), csv());
    }

    /** Writes the rows in another order to several CSV files with random names. */
    public void writeShuffledCsv(Path folder, int files, long seed) {
        Random random = new Random(seed);
        List<Object[]> shuffled = new ArrayList<>(rows);
        Collections.shuffle(shuffled, random);
        for (int i = 0; i < files; i++) {
            int from = (int) ((long) i * rows.size() / files);
            int to = (int) ((long) (i + 1) * rows.size() / files);
            TestTable part = new TestTable(columns, types, shuffled.subList(from, to));
            write(folder.resolve("%08x.csv".formatted(random.nextInt())), part.csv());
        }
    }

    /** Writes the table as Parquet, as Spark does. */
    public void writeParquet(SparkSession spark, Path folder) {
        StructField[] fields = IntStream.range(0, columns.size())
                .mapToObj(i -> DataTypes.createStructField(columns.get(i), types.get(i), true))
                .toArray(StructField[]::new);
        List<Row> values = rows.stream().map(RowFactory::create).toList();
        spark.createDataFrame(values, DataTypes.createStructType(Arrays.asList(fields)))
                .write()
                .mode("overwrite")
                .parquet(folder.toUri().toString());
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
