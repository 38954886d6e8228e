package io.backprop.spark;

import io.backprop.tabular.CsvTables;
import io.backprop.tabular.RowSink;
import io.backprop.tabular.TableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Reads a table in tasks. Each CSV file is read by one task, because quotes may contain line breaks; Parquet files are divided
 * as Spark does. Cells mean the same in both.
 */
final class TableReader implements TableSource {

    private static final int BUFFER = 1 << 16; // bytes

    private final SparkSession spark;
    private final TableFolder.Files files;

    private TableReader(SparkSession spark, TableFolder.Files files) {
        this.spark = spark;
        this.files = files;
    }

    /**
     * Lists the files of a table.
     *
     * @throws TableException if it has none, or others than CSV files or Parquet files
     */
    static TableReader of(SparkSession spark, TableFolder table) throws IOException {
        TableFolder.Files files = table.files(spark.sparkContext().hadoopConfiguration());
        if (files.format() == TableFolder.Format.PARQUET) {
            DatasetParts.requireSameColumns(spark, files.addresses());
        }
        return new TableReader(spark, files);
    }

    /** Whether the files are CSV, else they are Parquet. */
    public boolean isCsv() {
        return files.format() == TableFolder.Format.CSV;
    }

    /** The addresses of the files, sorted. */
    List<String> files() {
        return files.addresses();
    }

    @Override
    public <T> JavaRDD<T> flatMap(PartFunction<T> function) {
        return isCsv() ? csv(function) : DatasetParts.ofParquet(spark, files.addresses(), function);
    }

    private <T> JavaRDD<T> csv(PartFunction<T> function) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<SerializableConfiguration> hadoop =
                context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
        List<String> addresses = files.addresses();
        return context.parallelize(addresses, addresses.size())
                .flatMap(address -> function.apply(
                        new CsvPart(new Path(address), hadoop.value().value())));
    }

    /** A CSV file. */
    private record CsvPart(Path path, Configuration hadoop) implements TablePart {

        @Override
        public String source() {
            return path.getName();
        }

        @Override
        public Rows open(RowSink sink) {
            try {
                InputStream file = path.getFileSystem(hadoop).open(path);
                TaskContext context = TaskContext.get();
                context.addTaskCompletionListener((TaskCompletionListener) task -> close(file));
                boolean compressed = source().toLowerCase(Locale.ROOT).endsWith(".gz");
                CsvTables.Rows rows = CsvTables.open(compressed ? new GZIPInputStream(file, BUFFER) : file, sink);
                return TablePart.naming(source(), () -> {
                    if (context.isInterrupted()) { // its job was cancelled
                        throw new TaskKilledException();
                    }
                    try {
                        return rows.next();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (TableException e) {
                throw TablePart.named(source(), e);
            }
        }

        private static void close(InputStream file) {
            try {
                file.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
