package io.backprop.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.TestFolders;
import io.backprop.driver.Preparation;
import io.backprop.engine.Activation;
import io.backprop.engine.Examples;
import io.backprop.engine.GradientSource;
import io.backprop.engine.Initializer;
import io.backprop.engine.LayerSpec;
import io.backprop.engine.Loss;
import io.backprop.engine.Matrix;
import io.backprop.engine.Network;
import io.backprop.engine.NetworkSpec;
import io.backprop.engine.StopReason;
import io.backprop.engine.TargetKind;
import io.backprop.engine.Trainer;
import io.backprop.engine.TrainingData;
import io.backprop.engine.TrainingListener;
import io.backprop.engine.TrainingPlan;
import io.backprop.engine.TrainingResult;
import io.backprop.engine.TrainingState;
import io.backprop.tabular.CellFormat;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.FitOptions;
import io.backprop.tabular.FittedTable;
import io.backprop.tabular.InvalidCells;
import io.backprop.tabular.Preprocessing;
import io.backprop.tabular.RowEncoding;
import io.backprop.tabular.Scaling;
import io.backprop.tabular.ScalingMethod;
import io.backprop.tabular.TargetUnit;
import io.backprop.tabular.ValidationShare;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Compares trainings on Spark with those of the engine alone. */
class ClusterGradientsTests {

    private static final TrainingPlan PLAN = TrainingPlan.adam(0.01f)
            .withEpochs(3)
            .withBatches(64, true)
            .withShards(16)
            .withSeed(9);
    private static final CellRules CELLS = new CellRules(CellFormat.DEFAULT, InvalidCells.ERROR);
    private static final FitOptions OPTIONS = new FitOptions(
            "y", null, Map.of(), CELLS, null, ScalingMethod.STANDARD, null, List.of(), new ValidationShare(0.2f), 7);

    private final SparkSession spark = SparkCluster.local(2);
    private final Path tables = TestFolders.create();

    private PreparedTable prepare(int partitions) throws IOException {
        TestTable.random(500, 3).writeCsv(tables.resolve("t"));
        TableFolder table = new TableFolder(tables.toString(), "t");
        return PreparedTable.fit(spark, table, "m-1", OPTIONS, partitions, ClusterGradientsTests::preparation);
    }

    private static Preparation preparation(FittedTable fitted) {
        Preprocessing.Columns columns = new Preprocessing.Columns(
                fitted.features(), OPTIONS.target(), TargetUnit.NUMBER, Scaling.NONE, CELLS.format());
        RowEncoding rows = new RowEncoding(columns, List.of(), 1, List.of(), CELLS, fitted.split());
        return new Preparation(PLAN, rows, TargetKind.NUMBERS, false, 0);
    }

    private static Network network(PreparedTable table) {
        NetworkSpec spec = NetworkSpec.of(
                table.preparation().rows().columns().width(),
                new Loss.MeanSquaredError(),
                new LayerSpec(12, Activation.TANH, 0.2f),
                new LayerSpec(1, Activation.LINEAR));
        return Network.initialize(spec, Initializer.GLOROT_UNIFORM, 4);
    }

    private GradientSource gradients(PreparedTable table) {
        return new ClusterGradients(spark, table, network(table).spec());
    }

    private float[] train(PreparedTable table) throws IOException {
        Trainer trainer = Trainer.start(network(table), PLAN, gradients(table), table.validation());
        return trainer.train(TrainingListener.NONE).network().parameters();
    }

    /** Trains with the rows of all shards, in their order reversed, on this machine. */
    private static float[] trainLocally(PreparedTable table) throws IOException {
        List<float[]> inputs = new ArrayList<>();
        List<float[]> targets = new ArrayList<>();
        for (StoredShard shard : table.shards().collect()) {
            Examples examples = shard.examples();
            for (int row = 0; row < shard.rows(); row++) {
                inputs.add(0, Objects.requireNonNull(examples).inputs().row(row));
                targets.add(0, examples.targets().row(row));
            }
        }
        Examples all =
                Examples.of(Matrix.of(inputs.toArray(float[][]::new)), Matrix.of(targets.toArray(float[][]::new)));
        Trainer trainer = Trainer.start(network(table), PLAN, new TrainingData(all, table.validation()));
        return trainer.train(TrainingListener.NONE).network().parameters();
    }

    @Test
    void trainsTheSameBitsAsTheEngine() throws IOException {
        try (PreparedTable table = prepare(4)) {
            float[] expected = trainLocally(table);
            assertThat(train(table)).isEqualTo(expected);
            for (int partitions : new int[] {1, 16, 64}) {
                table.distribute(partitions);
                assertThat(train(table)).as("%d partitions", partitions).isEqualTo(expected);
            }
        }
    }

    @Test
    void resumesBetweenAnyTwoSteps() throws IOException {
        try (PreparedTable table = prepare(2)) {
            Examples validation = table.validation();
            float[] expected = train(table);
            TrainingState state = null;
            TrainingResult result;
            int parts = 0;
            do {
                Trainer trainer = state == null
                        ? Trainer.start(network(table), PLAN, gradients(table), validation)
                        : Trainer.resume(network(table).spec(), state, PLAN, gradients(table), validation);
                result = trainer.train(new StopsAfter(3));
                state = trainer.state();
                parts++;
            } while (result.stopReason() == StopReason.CANCELLED);
            assertThat(parts).isGreaterThan(3);
            assertThat(result.network().parameters()).isEqualTo(expected);
        }
    }

    /** Stops a training after a number of polls. */
    private static final class StopsAfter implements TrainingListener {

        private int polls;

        StopsAfter(int polls) {
            this.polls = polls;
        }

        @Override
        public @Nullable StopReason stopRequested(Supplier<TrainingState> checkpoint) {
            return polls-- == 0 ? StopReason.CANCELLED : null;
        }
    }

    @Test
    void writesDamagedShardsAgain() throws IOException {
        try (PreparedTable table = prepare(2)) {
            float[] expected = train(table);
            for (Path file : shardFiles()) {
                byte[] bytes = Files.readAllBytes(file);
                bytes[bytes.length / 2] ^= 1;
                Files.write(file, bytes);
            }
            table.distribute(4);
            assertThat(train(table)).isEqualTo(expected);
            Files.delete(shardFiles().get(3));
            table.distribute(2);
            assertThat(train(table)).isEqualTo(expected);
        }
    }

    private List<Path> shardFiles() throws IOException {
        try (Stream<Path> files = Files.list(tables.resolve("t/.backprop/m-1"))) {
            return files.filter(file -> file.getFileName().toString().matches("shard-[0-9]+"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void abandonsAStepIfItsJobIsCancelled() throws IOException {
        try (PreparedTable table = prepare(2)) {
            float[] parameters = network(table).parameters();
            GradientSource gradients = gradients(table);
            AtomicBoolean stopped = new AtomicBoolean();
            spark.sparkContext().setJobGroup("abandoned", "", false);
            try {
                spark.sparkContext().cancelJobGroupAndFutureJobs("abandoned", "test");
                assertThat(gradients.gradient(0, 0, parameters, () -> stopped.getAndSet(true)))
                        .isNull();
            } finally {
                spark.sparkContext().clearJobGroup();
            }
            assertThat(gradients.gradient(0, 0, parameters, () -> false)).isNotNull();
        }
    }
}
