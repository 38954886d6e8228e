package io.backprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.TestFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BackpropEstimatorTests {

    private static final TestTable TABLE = TestTable.random(1000, 5);

    private static final AtomicLong READS = new AtomicLong(); // of rows

    private static SparkSession spark;
    private static Dataset<Row> table;
    private final Path folder = TestFolders.create();

    @BeforeAll
    static void startSpark() {
        spark = SparkCluster.local(1);
        Path files = TestFolders.create();
        TABLE.writeParquet(spark, files);
        table = spark.read().parquet(files.toUri().toString()).drop("count");
    }

    private BackpropEstimator estimator(String label) {
        return new BackpropEstimator()
                .setLabelCol(label)
                .setHiddenUnits(new int[] {16})
                .setEpochs(12)
                .setBatchSize(200)
                .setLearningRate(0.02)
                .setShards(4)
                .setFolder(folder.toUri().toString());
    }

    @Test
    void learnsNumbers() throws IOException {
        Pipeline pipeline =
                new Pipeline().setStages(new PipelineStage[] {estimator("y").setValidationShare(0.2)});

        PipelineModel model = pipeline.fit(table.drop("kind"));

        double r2 = new RegressionEvaluator()
                .setLabelCol("y")
                .setMetricName("r2")
                .evaluate(model.transform(table.drop("kind")));
        assertThat(r2).isGreaterThan(0.8);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void learnsTheSameBitsFromOtherPartitions() {
        Dataset<Row> classes = table.drop("y");
        BackpropModel model = estimator("kind").setEpochs(3).fit(classes);
        BackpropModel same = estimator("kind").setEpochs(3).fit(classes.repartition(3, functions.col("b")));
        BackpropModel other = estimator("kind").setEpochs(3).setSeed(1).fit(classes);

        assertThat(model.classes()).containsExactly("high", "low");
        assertThat(same.fingerprint()).isEqualTo(model.fingerprint());
        assertThat(other.fingerprint()).isNotEqualTo(model.fingerprint());
    }

    @Test
    void deletesItsFilesIfTheDatasetChanges() throws IOException {
        READS.set(0);
        estimator("y").setEpochs(1).fit(table.filter((FilterFunction<Row>) row -> READS.incrementAndGet() > 0));
        long last = READS.getAndSet(0); // the encoding comes last
        Dataset<Row> changing = table.filter((FilterFunction<Row>) row -> READS.incrementAndGet() != last);

        assertThatThrownBy(() -> estimator("y").setEpochs(1).fit(changing))
                .hasMessage("the table has changed while it was used for a training");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void isSavedAndLoaded() throws IOException {
        String path = folder.resolve("estimator").toUri().toString();
        estimator("kind").setPredictionCol("guess").setSeed(42).save(path);

        BackpropEstimator loaded = BackpropEstimator.load(path);

        assertThat(loaded.getOrDefault(loaded.hiddenUnits())).containsExactly(16);
        assertThat(loaded.getOrDefault(loaded.labelCol())).isEqualTo("kind");
        assertThat(loaded.getOrDefault(loaded.seed())).isEqualTo(42L);
        assertThat(loaded.transformSchema(table.schema()).fieldNames()).endsWith("guess");
    }

    @Test
    void rejectsParametersOutOfRange() {
        assertThatThrownBy(() -> estimator("y").setShards(3).fit(table))
                .hasMessage("shards must be a power of two from 1 to 4096, but was 3");
        assertThatThrownBy(() -> estimator("z").fit(table)).hasMessageContaining("the target is column \"z\"");
        assertThatThrownBy(() -> new BackpropEstimator().setLabelCol("y").fit(table))
                .hasMessageContaining("folder must be set");
    }
}
