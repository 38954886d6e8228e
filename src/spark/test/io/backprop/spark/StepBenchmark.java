package io.backprop.spark;

import io.backprop.driver.Preparation;
import io.backprop.engine.Activation;
import io.backprop.engine.EpochReport;
import io.backprop.engine.Examples;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.Loss;
import io.backprop.engine.Matrix;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.TargetKind;
import io.backprop.engine.Threads;
import io.backprop.engine.Trainer;
import io.backprop.engine.TrainingData;
import io.backprop.engine.TrainingListener;
import io.backprop.engine.TrainingPlan;
import io.backprop.engine.TrainingResult;
import io.backprop.tabular.CellFormat;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.FitOptions;
import io.backprop.tabular.FittedTable;
import io.backprop.tabular.FittedTarget;
import io.backprop.tabular.Preprocessing.Columns;
import io.backprop.tabular.RowEncoding;
import io.backprop.tabular.Scaling;
import io.backprop.tabular.TargetUnit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Compares steps of a sharded training on two executors of one core each with those of the engine in this process on two
 * threads, with the same table, shards and plan. Fails if they do not give the same parameters.
 */
final class StepBenchmark {

    private static final int EXECUTORS = 2;
    private static final int CLASSES = 10;
    private static final String TARGET = "y";

    private StepBenchmark() {}

    /**
     * Runs the benchmark.
     *
     * @param args maximum number of parameters; all networks by default
     */
    public static void main(String[] args) throws IOException {
        int mostParameters = args.length == 0 ? Integer.MAX_VALUE : Integer.parseInt(args[0]);
        SparkSession spark = SparkCluster.executors(EXECUTORS);
        System.out.printf(
                "%-22s %10s %8s %12s %12s %6s%n", "network", "parameters", "batch", "cluster ms", "local ms", "ratio");
        for (int units : new int[] {30, 300, 1_000, 2_000}) { // what a step costs that computes next to nothing
            NetworkSpec spec = network(20, units);
            if (spec.parameterCount() <= mostParameters) {
                run(spark, spec, 256, 256, 10);
            }
        }
        NetworkSpec deep = network(784, 512); // of workloads.json
        if (deep.parameterCount() <= mostParameters) {
            for (int batch : new int[] {2_048, 8_192, 32_768}) {
                run(spark, deep, 65_536, batch, 4);
            }
        }
        spark.stop();
    }

    private static NetworkSpec network(int inputs, int units) {
        LayerSpec hidden = new LayerSpec(units, Activation.RELU);
        LayerSpec output = new LayerSpec(CLASSES, Activation.SOFTMAX);
        return new NetworkSpec(inputs, List.of(hidden, hidden, output), new Loss.CategoricalCrossentropy(0));
    }

    private static void run(SparkSession spark, NetworkSpec spec, int rows, int batch, int epochs) throws IOException {
        Path tables = Files.createTempDirectory("tables");
        Path folder = tables.resolve("t");
        write(spark, folder, rows, spec.inputs());
        TrainingPlan plan = TrainingPlan.adam(0.001f)
                .withBatches(batch, true)
                .withEpochs(epochs)
                .withShards(64);
        FitOptions options = new FitOptions(
                TARGET, null, Map.of(), CellRules.DEFAULT, null, null, null, List.of(), null, plan.seed());
        try (PreparedTable table = PreparedTable.fit(
                spark,
                new TableFolder(tables.toString(), "t"),
                "benchmark",
                options,
                PreparedTable.partitions(spark),
                fitted -> preparation(fitted, plan))) {
            Network network = Network.initialize(spec, 1);
            Times cluster = new Times();
            TrainingResult onCluster = Trainer.start(network, plan, new ClusterGradients(spark, table, spec), null)
                    .train(cluster);
            Examples examples = collect(table);
            Times local = new Times();
            TrainingResult inProcess = Trainer.start(network, plan, TrainingData.of(examples))
                    .using(Threads.of(EXECUTORS))
                    .train(local);
            if (!Arrays.equals(
                    onCluster.network().parameters(), inProcess.network().parameters())) {
                throw new IllegalStateException("the cluster has computed other parameters");
            }
            int steps = (rows + batch - 1) / batch;
            double clusterStep = cluster.fastestEpochMillis() / steps;
            double localStep = local.fastestEpochMillis() / steps;
            System.out.printf(
                    "%-22s %,10d %,8d %12.1f %12.1f %6.2f%n",
                    "%d-%d-%d"
                            .formatted(
                                    spec.inputs(),
                                    spec.layers().get(0).units(),
                                    spec.layers().get(1).units()),
                    spec.parameterCount(),
                    batch,
                    clusterStep,
                    localStep,
                    localStep / clusterStep);
            table.delete();
        }
    }

    private static void write(SparkSession spark, Path folder, int rows, int features) {
        StructField[] fields = new StructField[features + 1];
        Arrays.setAll(
                fields,
                i -> i < features
                        ? DataTypes.createStructField("x" + i, DataTypes.FloatType, false)
                        : DataTypes.createStructField(TARGET, DataTypes.StringType, false));
        spark.createDataFrame(
                        spark.range(0, rows, 1, 2 * EXECUTORS).toJavaRDD().map(row -> random(row, features)),
                        new StructType(fields))
                .write()
                .parquet(folder.toUri().toString());
    }

    private static Row random(long seed, int features) {
        SplittableRandom random = new SplittableRandom(seed);
        Object[] row = new Object[features + 1];
        for (int i = 0; i < features; i++) {
            row[i] = (float) random.nextDouble();
        }
        row[features] = "class " + random.nextInt(CLASSES);
        return RowFactory.create(row);
    }

    private static Preparation preparation(FittedTable fitted, TrainingPlan plan) {
        Columns columns = new Columns(fitted.features(), TARGET, TargetUnit.NUMBER, Scaling.NONE, CellFormat.DEFAULT);
        List<String> classes = ((FittedTarget.Classes) fitted.target()).names();
        RowEncoding encoding =
                new RowEncoding(columns, classes, classes.size(), List.of(), CellRules.DEFAULT, fitted.split());
        return new Preparation(plan, encoding, TargetKind.CLASSES, false, 0);
    }

    private static Examples collect(PreparedTable table) {
        List<Examples> shards = table.shards().collect().stream()
                .map(StoredShard::examples)
                .filter(Objects::nonNull)
                .toList();
        return Examples.of(
                Matrix.concatenate(shards.stream().map(Examples::inputs).toList()),
                Matrix.concatenate(shards.stream().map(Examples::targets).toList()));
    }

    /** Measures the epochs of a training. */
    private static final class Times implements TrainingListener {

        private long last;
        private long fastest = Long.MAX_VALUE; // of all but the first one

        @Override
        public void epochEnded(EpochReport report, Supplier<Network> network) {
            long now = System.nanoTime();
            fastest = report.epoch() == 1 ? fastest : Math.min(fastest, now - last);
            last = now;
        }

        double fastestEpochMillis() {
            return fastest / 1e6;
        }
    }
}
