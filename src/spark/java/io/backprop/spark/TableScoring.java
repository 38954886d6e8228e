package io.backprop.spark;

import io.backprop.driver.DriverDocuments;
import io.backprop.driver.OutputFormat;
import io.backprop.driver.ScoringResultReport;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.PredictionColumns;
import io.backprop.tabular.TableException;
import io.backprop.tabular.TableScorer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Predicts for the rows of a table and writes them with their predictions, in one job. Each part of the table becomes a file,
 * in the order of its rows.
 */
final class TableScoring {
    /*
     * A dataset is written to Parquet by Spark, whose committer discards the files of attempts that failed; CSV is written as
     * the service writes it, and the tasks return the names of their files. Reports come by an accumulator, which Spark
     * updates once for each task of a job, however often it was attempted.
     */

    /**
     * In bytes. The JVM interprets larger methods, among them those that Spark generates for rows of some 30 columns, which
     * takes twice as long (benchmark ScoringBenchmark).
     */
    private static final String MAX_COMPILED = "8000";

    private final SparkSession spark;
    private final TableReader table;
    private final PortableScorer scorer;
    private final CellRules rules;
    private final PredictionColumns added;
    private final CollectionAccumulator<PartReport> reports;

    TableScoring(SparkSession spark, TableReader table, PortableScorer scorer, CellRules rules) {
        this.spark = spark.newSession();
        this.spark.conf().set("spark.sql.caseSensitive", "true");
        this.spark.conf().set("spark.sql.codegen.hugeMethodLimit", MAX_COMPILED);
        this.table = table;
        this.scorer = scorer;
        this.rules = rules;
        this.added = scorer.scorer().addedColumns();
        this.reports = spark.sparkContext().collectionAccumulator();
    }

    /** Number of rows of the parts that are complete. */
    long rows() {
        return reports.value().stream().mapToLong(PartReport::rows).sum();
    }

    /**
     * Writes the files.
     *
     * @param folder an empty one
     * @throws TableException if the model can't predict for a row, or if a file is malformed
     */
    ScoredTable write(OutputFormat format, Path folder) throws IOException {
        List<String> warnings = format == OutputFormat.CSV ? writeCsv(folder) : writeParquet(folder);
        List<PartReport> parts = reports.value().stream()
                .sorted(Comparator.comparingInt(PartReport::partition))
                .toList();
        parts.stream()
                .filter(part -> !part.failure().isEmpty())
                .min(Comparator.comparing(PartReport::failure)) // the same one however tasks are scheduled
                .ifPresent(PartReport::requireSuccess);
        if (rows() == 0) {
            throw TableException.invalid("a table must have at least 1 row, but has none");
        }
        return new ScoredTable(
                rows(),
                countFiles(folder),
                limited(Stream.concat(warnings.stream(), parts.stream().flatMap(part -> part.warnings().stream()))));
    }

    /** The distinct warnings, as many as a result may have. */
    private static List<String> limited(Stream<String> warnings) {
        List<String> distinct = warnings.distinct().toList();
        int most = ScoringResultReport.MAX_WARNINGS;
        if (distinct.size() <= most) {
            return distinct;
        }
        List<String> first = new ArrayList<>(distinct.subList(0, most - 1));
        first.add("%d more warnings".formatted(distinct.size() - most + 1));
        return first;
    }

    private FileSystem fileSystem(Path path) throws IOException {
        return path.getFileSystem(spark.sparkContext().hadoopConfiguration());
    }

    private int countFiles(Path folder) throws IOException {
        int count = 0;
        for (FileStatus file : fileSystem(folder).listStatus(folder)) {
            count += TableFolder.isHidden(file.getPath().getName()) ? 0 : 1;
        }
        return count;
    }

    private List<String> writeCsv(Path folder) throws IOException {
        if (table.isCsv()) {
            columns(); // requires that all files have the same ones
        }
        Path attempts = new Path(folder, "_attempts");
        fileSystem(folder).mkdirs(attempts);
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        CsvTask task = new CsvTask(
                context.broadcast(scorer),
                context.broadcast(new SerializableConfiguration(context.hadoopConfiguration())),
                new String(DriverDocuments.write(rules), StandardCharsets.UTF_8),
                attempts.toString(),
                reports::add);
        List<String> files = (table.isCsv() ? table.flatMap(task) : writeDatasetAsCsv(task)).collect();
        FileSystem system = fileSystem(folder);
        for (int i = 0; i < files.size(); i++) {
            Path file = new Path(folder, "part-%05d.csv".formatted(i));
            if (!system.rename(new Path(attempts, files.get(i)), file)) {
                throw new IOException("%s can't be written".formatted(file));
            }
        }
        system.delete(attempts, true);
        return List.of(); // the parts have warned
    }

    /**
     * Writes parts of a table, and returns the names of their files.
     *
     * @param rules as a document
     */
    private record CsvTask(
            Broadcast<PortableScorer> scorer,
            Broadcast<SerializableConfiguration> hadoop,
            String rules,
            String folder,
            DatasetPredictions.Reports reports)
            implements TableSource.PartFunction<String> {

        @Override
        public Iterator<String> apply(TablePart part) {
            CellRules read = DriverDocuments.read(rules.getBytes(StandardCharsets.UTF_8), CellRules.class);
            return new ScoredCsv(scorer.value().scorer(), read)
                    .write(part, new Path(folder), hadoop.value().value(), reports::add).stream()
                            .iterator();
        }
    }

    private JavaRDD<String> writeDatasetAsCsv(CsvTask task) {
        Dataset<Row> rows = spark.read().parquet(table.files().toArray(String[]::new));
        StructType schema = rows.schema();
        return withPlaces(rows)
                .javaRDD()
                .mapPartitions(part -> task.apply(
                        RowCells.all(schema, task.scorer().value().scorer()).part(part)));
    }

    private List<String> writeParquet(Path folder) {
        return table.isCsv() ? writeTextAsParquet(folder) : writeParquetAsParquet(folder);
    }

    private List<String> writeParquetAsParquet(Path folder) {
        Dataset<Row> rows = spark.read().parquet(table.files().toArray(String[]::new));
        StructType schema = rows.schema();
        CollectionAccumulator<PartReport> results = reports;
        DatasetPredictions.of(withPlaces(rows), schema, scorer, rules, added, results::add)
                .write()
                .parquet(folder.toString());
        return added.warnings(List.of(schema.fieldNames()));
    }

    /** The rows of Parquet files, each followed by its file and its number. */
    private static Dataset<Row> withPlaces(Dataset<Row> rows) {
        return rows.select(Stream.concat(
                        Stream.of(rows.schema().fieldNames())
                                .map(name -> functions.col("`" + name.replace("`", "``") + "`")),
                        Stream.of(functions.col("_metadata.file_name"), functions.col("_metadata.row_index")))
                .toArray(Column[]::new));
    }

    /** Writes the cells of CSV as text, an empty one as null. */
    private List<String> writeTextAsParquet(Path folder) {
        List<String> columns = columns();
        List<String> kept = IntStream.of(added.kept(columns))
                .mapToObj(columns::get)
                .filter(name -> !name.isEmpty())
                .toList();
        StructType schema = DataTypes.createStructType(columns.stream()
                .map(name -> DataTypes.createStructField(name, DataTypes.StringType, true))
                .toArray(StructField[]::new));
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<PortableScorer> broadcast = context.broadcast(scorer);
        byte[] rulesDocument = DriverDocuments.write(rules);
        CollectionAccumulator<PartReport> results = reports;
        spark.createDataFrame(
                        table.flatMap(part -> {
                            TableScorer shared = broadcast.value().scorer();
                            return new PredictedRows(
                                    (sink, values) -> part.open(new TextRows(kept, sink, values)),
                                    shared,
                                    DriverDocuments.read(rulesDocument, CellRules.class),
                                    results::add);
                        }),
                        DatasetPredictions.schema(schema, scorer.scorer(), added))
                .write()
                .parquet(folder.toString());
        return added.warnings(columns);
    }

    /** The columns of CSV files, which must all have the same ones. */
    private List<String> columns() {
        List<FileHeader> headers =
                table.flatMap(part -> List.of(FileHeader.of(part)).iterator()).collect();
        FileHeader first = headers.get(0);
        headers.forEach(header -> header.requireSameColumns(first));
        return first.columns();
    }
}
