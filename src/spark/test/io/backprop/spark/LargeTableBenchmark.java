package io.backprop.spark;

import io.backprop.TestFolders;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Trains and scores a table of 10⁷ rows, whose numbers take more than four times the memory of the only executor, and reports
 * how much of its heap the service uses meanwhile. Fails unless 10,000 sampled scores are those of {@code /predict} to the bit.
 */
final class LargeTableBenchmark {

    private static final int FEATURES = 54;
    private static final int SAMPLES = 10_000;
    private static final int SAMPLES_PER_REQUEST = 1_000;
    private static final long POLL_MILLIS = 500;

    private LargeTableBenchmark() {}

    /**
     * Runs the benchmark.
     *
     * @param args number of rows; 10⁷ by default
     */
    public static void main(String[] args) throws InterruptedException {
        long rows = args.length == 0 ? 10_000_000 : Long.parseLong(args[0]);
        Path tables = TestFolders.create();
        SparkSession spark = SparkCluster.local(2);
        write(spark, tables.resolve("large"), rows);
        try (ServiceProcess service = ServiceProcess.start();
                DriverProcess driver = DriverProcess.start(
                        Map.of("spark.master", "local-cluster[1,1,512]", "spark.executor.memory", "512m"),
                        service,
                        tables)) {
            service.post("/models", """
                {"id": "large", "task": "classification", "hidden": [{"units": 32}], "seed": 1}""");
            report("training", rows, service, driver, "/models/large/train", """
                {"table": "large", "target": "y", "epochs": 2, "batchSize": 5000000, "validationSplit": 0.01}""");
            report("scoring", rows, service, driver, "/models/large/predictions", """
                {"table": "large", "output": "scored", "format": "parquet"}""");
            compareSamples(spark, tables.resolve("scored"), rows, service);
        }
        spark.stop();
    }

    private static void write(SparkSession spark, Path folder, long rows) {
        StructField[] fields = new StructField[FEATURES + 1];
        Arrays.setAll(
                fields,
                i -> i < FEATURES
                        ? DataTypes.createStructField("x" + i, DataTypes.FloatType, false)
                        : DataTypes.createStructField("y", DataTypes.StringType, false));
        spark.createDataFrame(
                        spark.range(0, rows, 1, 8).toJavaRDD().map(LargeTableBenchmark::row), new StructType(fields))
                .write()
                .parquet(folder.toUri().toString());
    }

    private static Row row(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Object[] row = new Object[FEATURES + 1];
        float sum = 0;
        for (int i = 0; i < FEATURES; i++) {
            float value = (float) random.nextDouble();
            row[i] = value;
            sum += i < 3 ? value : 0;
        }
        row[FEATURES] = sum < 1.5 ? "low" : "high";
        return RowFactory.create(row);
    }

    private static void report(
            String what, long rows, ServiceProcess service, DriverProcess driver, String path, String request)
            throws InterruptedException {
        long start = System.nanoTime();
        JsonNode started = service.post(path, request);
        String work = "/models/large/%s/%d"
                .formatted(
                        path.endsWith("train") ? "trainings" : "predictions",
                        started.path("number").asInt());
        JsonNode state = started;
        double heap = 0;
        while (state.path("finishedAt").isNull()) {
            Thread.sleep(POLL_MILLIS);
            state = service.get(work);
            heap = Math.max(heap, usedHeap(service));
        }
        if (!state.path("state").asString().equals("succeeded")) {
            throw new IllegalStateException(state + "\n" + driver);
        }
        System.out.printf(
                "%s of %,d rows × %d (%.1f GB of numbers, executor of 512 MB): %.0f s, service's heap at most %.0f MB%n",
                what, rows, FEATURES, rows * FEATURES * 4 / 1e9, (System.nanoTime() - start) / 1e9, heap / 1e6);
    }

    /** Bytes of the heap in use, garbage included. */
    private static double usedHeap(ServiceProcess service) {
        return service.get("/actuator/metrics/jvm.memory.used?tag=area:heap")
                .path("measurements")
                .path(0)
                .path("value")
                .asDouble();
    }

    private static void compareSamples(SparkSession spark, Path scored, long rows, ServiceProcess service) {
        List<Row> samples = spark.read()
                .parquet(scored.toUri().toString())
                .sample(Math.min(1, 1.5 * SAMPLES / rows), 1)
                .limit(SAMPLES)
                .collectAsList();
        for (int from = 0; from < samples.size(); from += SAMPLES_PER_REQUEST) {
            List<Row> batch = samples.subList(from, Math.min(from + SAMPLES_PER_REQUEST, samples.size()));
            List<Map<String, Object>> inputs = batch.stream()
                    .map(row -> IntStream.range(0, FEATURES)
                            .boxed()
                            .collect(Collectors.<Integer, String, Object>toMap(i -> "x" + i, i -> row.getAs("x" + i))))
                    .toList();
            JsonNode predicted =
                    service.post("/models/large/predict", new JsonMapper().writeValueAsString(Map.of("rows", inputs)));
            for (int i = 0; i < batch.size(); i++) {
                requireSame(batch.get(i), predicted, i);
            }
        }
        System.out.printf("%,d sampled scores are those of /predict to the bit%n", samples.size());
    }

    private static void requireSame(Row row, JsonNode predicted, int index) {
        List<String> classes =
                predicted.path("classes").valueStream().map(JsonNode::asString).toList();
        for (int k = 0; k < classes.size(); k++) {
            float ofTable = ((Number) row.getAs("probability_" + classes.get(k))).floatValue();
            float ofService = predicted.path("predictions").path(index).path(k).floatValue();
            if (Float.floatToRawIntBits(ofTable) != Float.floatToRawIntBits(ofService)) {
                throw new IllegalStateException(
                        "%s of the table, but %s of /predict for %s".formatted(ofTable, ofService, row));
            }
        }
        if (!row.getAs("prediction").equals(predicted.path("labels").path(index).asString())) {
            throw new IllegalStateException("another label: " + row);
        }
    }
}
