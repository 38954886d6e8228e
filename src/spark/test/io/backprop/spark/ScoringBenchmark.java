package io.backprop.spark;

import io.backprop.driver.OutputFormat;
import io.backprop.engine.Activation;
import io.backprop.engine.Ensemble;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.Loss;
import io.backprop.engine.Matrix;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.tabular.CellFormat;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.ClassEncoding;
import io.backprop.tabular.ColumnScaling;
import io.backprop.tabular.Feature;
import io.backprop.tabular.NumberRange;
import io.backprop.tabular.Preprocessing.Columns;
import io.backprop.tabular.Scaling;
import io.backprop.tabular.TableScorer;
import io.backprop.tabular.TargetUnit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * How many rows of 30 numbers one core scores per second, from Parquet to Parquet and to CSV, and how many the engine alone does
 * of rows in memory. Arguments: the number of rows, then the number of units of two hidden layers, one argument for each network.
 */
final class ScoringBenchmark {

    private static final int COLUMNS = 30;
    private static final int BATCH = 1 << 10;

    private ScoringBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        int rows = Integer.parseInt(arguments[0]);
        SparkSession spark = SparkCluster.local(1);
        Path tables = Files.createTempDirectory("scoring-benchmark");
        Column[] columns = IntStream.range(0, COLUMNS)
                .mapToObj(i -> functions.randn(i).as("x" + i))
                .toArray(Column[]::new);
        String table = tables.resolve("table").toUri().toString();
        spark.range(0, rows, 1, 1).select(columns).write().parquet(table);
        for (String units : List.of(arguments).subList(1, arguments.length)) {
            TableScorer scorer = scorer(Integer.parseInt(units));
            for (int repetition = 0; repetition < 2; repetition++) { // the first one also compiles
                double engine = engineRowsPerSecond(scorer);
                double parquet = score(spark, tables, scorer, OutputFormat.PARQUET, rows);
                double csv = score(spark, tables, scorer, OutputFormat.CSV, rows);
                System.out.printf(
                        "# %s units, %,d parameters: engine %,.0f rows/s, Parquet %,.0f (%.2f), CSV %,.0f (%.2f)%n",
                        units,
                        scorer.ensemble().parameterCount(),
                        engine,
                        parquet,
                        parquet / engine,
                        csv,
                        csv / engine);
            }
        }
    }

    private static TableScorer scorer(int units) {
        List<Feature> features = IntStream.range(0, COLUMNS)
                .<Feature>mapToObj(
                        i -> new Feature.Numeric("x" + i, new ColumnScaling(0, 1), new NumberRange(-4, 0, 4), false))
                .toList();
        NetworkSpec spec = new NetworkSpec(
                COLUMNS,
                List.of(
                        new LayerSpec(units, Activation.RELU),
                        new LayerSpec(units, Activation.RELU),
                        new LayerSpec(1, Activation.SIGMOID)),
                new Loss.BinaryCrossentropy(0));
        return new TableScorer(
                new Columns(features, "y", TargetUnit.NUMBER, Scaling.NONE, CellFormat.DEFAULT),
                new ClassEncoding(List.of("no", "yes")),
                Ensemble.of(Network.initialize(spec, 1)),
                null);
    }

    private static double engineRowsPerSecond(TableScorer scorer) {
        Random random = new Random(1);
        float[] values = new float[BATCH * COLUMNS];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        Matrix inputs = Matrix.wrap(BATCH, COLUMNS, values);
        long end = System.nanoTime() + 2_000_000_000L;
        long first = System.nanoTime();
        long count = 0;
        while (System.nanoTime() < end) {
            scorer.predict(inputs);
            count += BATCH;
        }
        return count / ((System.nanoTime() - first) / 1e9);
    }

    private static double score(SparkSession spark, Path tables, TableScorer scorer, OutputFormat format, int rows)
            throws IOException {
        TableReader table = TableReader.of(spark, new TableFolder(tables.toUri().toString(), "table"));
        Path output = tables.resolve(UUID.randomUUID().toString());
        long start = System.nanoTime();
        new TableScoring(spark, table, new PortableScorer(scorer), CellRules.DEFAULT)
                .write(format, new org.apache.hadoop.fs.Path(output.toUri()));
        return rows / ((System.nanoTime() - start) / 1e9);
    }
}
