package io.backprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.Await;
import io.backprop.TestFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Trains tables that the service hands out, and compares the results with those of trainings in the service. */
class TableTrainingTests {

    private static final String NETWORK =
            "\"hidden\": [{\"units\": 16}, {\"units\": 8}], \"dropout\": 0.1, \"seed\": 5, \"batchSize\": 128,"
                    + " \"learningRate\": 0.01";
    private static final TestTable TABLE = TestTable.random(600, 7);
    private static final Path TABLES = TestFolders.create();
    private static final Duration NO_WAIT = Duration.ofSeconds(1);

    /** On any JDK, with any number of threads or executors, with SIMD or without. */
    private static final String PARAMETERS = "d9de62d025ac10ffdb82947760c4a48236f5bb458c1e81b06862604cbac50e40";

    private static ServiceProcess service;

    @BeforeAll
    static void start() {
        service = ServiceProcess.start();
        TABLE.writeCsv(TABLES.resolve("csv"));
        TABLE.writeShuffledCsv(TABLES.resolve("csvs"), 7, 3);
        TABLE.writeParquet(SparkCluster.local(1), TABLES.resolve("parquet"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /** What the driver does after it has started. */
    private static TrainingWork work(SparkSession session) {
        ServiceClient client = new ServiceClient(service.url(), null);
        return new TrainingWork("test", client, session, TABLES.toString(), new Shutdown());
    }

    private static JsonNode trainOn(SparkSession session, TestModel model, String options) throws Exception {
        int number = model.start(options);
        assertThat(work(session).doNext(NO_WAIT)).isTrue();
        return model.awaitSuccess(number);
    }

    @Test
    void trainsTheSameBitsOnAnyClusterAndInTheService() throws Exception {
        TestModel local = TestModel.create(service, "local", NETWORK);
        JsonNode expected = local.trainLocally(TABLE, "target=y&epochs=3&validationSplit=0.2&shards=8");
        assertThat(local.parameters()).isEqualTo(PARAMETERS);
        String options = "\"target\": \"y\", \"epochs\": 3, \"validationSplit\": 0.2, \"shards\": 8, \"table\": ";
        TestModel one = TestModel.create(service, "one", NETWORK);
        JsonNode training = trainOn(SparkCluster.local(1), one, options + "\"csv\"");
        assertThat(one.parameters()).isEqualTo(local.parameters());
        assertThat(training.path("loss")).isEqualTo(expected.path("loss"));
        assertThat(training.path("validationLoss")).isEqualTo(expected.path("validationLoss"));
        assertThat(training.path("validationMetrics").path("r2").asDouble())
                .isCloseTo(
                        expected.path("validationMetrics").path("r2").asDouble(),
                        org.assertj.core.data.Offset.offset(1e-9));
        assertThat(one.history(1)).isEqualTo(local.history(1));
        assertThat(hiddenFiles(TABLES.resolve("csv"))).isEmpty();
        for (int executors = 1; executors <= 3; executors++) {
            SparkSession session = SparkCluster.executors(executors);
            String table = executors == 2 ? "csvs" : "parquet";
            TestModel model = TestModel.create(service, "executors" + executors, NETWORK);
            trainOn(session, model, options + "\"%s\"".formatted(table));
            assertThat(model.parameters())
                    .as("%d executors, %s", executors, table)
                    .isEqualTo(local.parameters());
        }
    }

    @Test
    void trainsAClassificationAsTheServiceDoes() throws Exception {
        String network = NETWORK + ", \"calibrate\": true, \"shuffle\": true";
        TestModel local = TestModel.create(service, "kind-local", network);
        JsonNode expected = local.trainLocally(
                TABLE, "target=kind&epochs=4&validationSplit=0.25&shards=2&earlyStopping.patience=2");
        TestModel model = TestModel.create(service, "kind", network);
        JsonNode training = trainOn(
                SparkCluster.local(2),
                model,
                "\"table\": \"csvs\", \"target\": \"kind\", \"epochs\": 4, \"validationSplit\": 0.25, \"shards\": 2,"
                        + " \"earlyStopping\": {\"patience\": 2}");
        assertThat(model.parameters()).isEqualTo(local.parameters());
        assertThat(training.path("validationMetrics")).isEqualTo(expected.path("validationMetrics"));
        assertThat(model.get().path("classes")).isEqualTo(local.get().path("classes"));
        assertThat(model.get().path("temperature")).isEqualTo(local.get().path("temperature"));
    }

    @Test
    void trainsThePresetAsTheServiceDoes() throws Exception {
        String preset = "\"preset\": \"tabular\", \"folds\": 1, \"hidden\": [{\"units\": 16}], \"seed\": 3";
        TestModel local = TestModel.create(service, "preset-local", preset);
        local.trainLocally(TABLE, "target=kind&epochs=3&shards=4");
        TestModel model = TestModel.create(service, "preset", preset);
        trainOn(
                SparkCluster.local(2),
                model,
                "\"table\": \"parquet\", \"target\": \"kind\", \"epochs\": 3, \"shards\": 4");
        assertThat(model.parameters()).isEqualTo(local.parameters());
    }

    @Test
    void continuesATrainedModel() throws Exception {
        TestModel local = TestModel.create(service, "twice-local", NETWORK);
        TestModel model = TestModel.create(service, "twice", NETWORK);
        for (int epochs = 2; epochs <= 3; epochs++) {
            local.trainLocally(TABLE, "target=y&shards=4&epochs=" + epochs);
            trainOn(
                    SparkCluster.local(2),
                    model,
                    "\"table\": \"csv\", \"target\": \"y\", \"shards\": 4, \"epochs\": " + epochs);
        }
        assertThat(model.parameters()).isEqualTo(local.parameters());
        assertThat(model.get().path("version").asInt()).isEqualTo(2);
    }

    @Test
    void trainsSeveralOneAfterAnother() throws Exception {
        List<TestModel> models = IntStream.range(0, 3)
                .mapToObj(i -> TestModel.create(service, "several" + i, NETWORK))
                .toList();
        models.forEach(model -> model.start("\"table\": \"csv\", \"target\": \"y\", \"epochs\": 1, \"shards\": 2"));
        TrainingWork work = work(SparkCluster.local(2));
        for (int i = 0; i < 3; i++) {
            assertThat(work.doNext(NO_WAIT)).isTrue();
        }
        assertThat(work.doNext(NO_WAIT)).isFalse();
        models.forEach(model -> model.awaitSuccess(1));
        assertThat(models.stream().map(TestModel::parameters).distinct()).hasSize(1);
    }

    @Test
    void namesFileAndLineOfAWrongRow() throws Exception {
        Path folder = TABLES.resolve("wrong");
        TABLE.writeCsv(folder);
        String line = Files.readAllLines(folder.resolve("table.csv")).get(0);
        Files.writeString(folder.resolve("more.csv"), line + "\n1,2\n");
        String error = error("wrong-row", "\"table\": \"wrong\", \"target\": \"y\"");
        assertThat(error).contains("more.csv", "line 2");
    }

    @Test
    void saysWhichTableOrColumnIsMissing() throws Exception {
        assertThat(error("no-table", "\"table\": \"clicks\", \"target\": \"y\""))
                .contains("clicks");
        assertThat(error("no-column", "\"table\": \"csv\", \"target\": \"z\"")).contains("\"z\"");
    }

    private static String error(String id, String options) throws Exception {
        TestModel model = TestModel.create(service, id, NETWORK);
        int number = model.start(options);
        assertThat(work(SparkCluster.local(2)).doNext(NO_WAIT)).isTrue();
        JsonNode training = model.awaitEnd(number);
        assertThat(training.path("state").asString()).isEqualTo("failed");
        return training.path("error").asString();
    }

    @Test
    void failsIfTheTrainingDiverges() throws Exception {
        TestModel model =
                TestModel.create(service, "diverges", NETWORK + ", \"optimizer\": \"sgd\", \"activation\": \"relu\"");
        int number = model.start(
                "\"table\": \"csv\", \"target\": \"y\", \"epochs\": 50, \"shards\": 2, \"learningRate\": 1e30");
        work(SparkCluster.local(2)).doNext(NO_WAIT);
        JsonNode training = model.awaitEnd(number);
        assertThat(training.path("stopReason").asString()).isEqualTo("diverged");
        assertThat(training.path("error").asString()).contains("learningRate");
    }

    @Test
    void cancelsWithoutAResult() throws Exception {
        TestModel model = TestModel.create(service, "discarded", NETWORK);
        JsonNode training = cancelled(model, false);
        assertThat(training.path("state").asString()).isEqualTo("cancelled");
        assertThat(training.path("version").isNull()).isTrue();
        assertThat(model.get().path("version").asInt()).isZero();
    }

    @Test
    void cancelsAndKeepsWhatWasReached() throws Exception {
        TestModel model = TestModel.create(service, "kept", NETWORK);
        JsonNode training = cancelled(model, true);
        assertThat(training.path("state").asString()).isEqualTo("cancelled");
        assertThat(training.path("version").asInt()).isEqualTo(1);
        assertThat(training.path("epochsCompleted").asInt()).isGreaterThanOrEqualTo(1);
        assertThat(model.get().path("version").asInt()).isEqualTo(1);
    }

    private static JsonNode cancelled(TestModel model, boolean keep) throws Exception {
        int number = model.start("\"table\": \"csv\", \"target\": \"y\", \"epochs\": 100000, \"shards\": 2");
        TrainingWork work = work(SparkCluster.local(2));
        CompletableFuture<Boolean> done = CompletableFuture.supplyAsync(() -> {
            try {
                return work.doNext(NO_WAIT);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        model.awaitEpoch(number, 1);
        model.cancel(number, keep);
        JsonNode training = model.awaitEnd(number);
        assertThat(Await.result(done)).isTrue();
        assertThat(hiddenFiles(TABLES.resolve("csv"))).isEmpty();
        return training;
    }

    @Test
    void publishesWhatTheTimeLimitHasPermitted() throws Exception {
        TestModel model = TestModel.create(service, "limited", NETWORK);
        int number = model.start(
                "\"table\": \"csv\", \"target\": \"y\", \"epochs\": 100000, \"shards\": 2, \"timeLimitSeconds\": 3");
        work(SparkCluster.local(2)).doNext(NO_WAIT);
        JsonNode training = model.awaitSuccess(number);
        assertThat(training.path("stopReason").asString()).isEqualTo("time_limit");
        assertThat(training.path("version").asInt()).isEqualTo(1);
    }

    @Test
    void reportsWhatTheServiceDoesNotKnow() {
        ServiceClient client = new ServiceClient(service.url().resolve("/nothing"), null);
        assertThatThrownBy(() -> client.getBytes("/here")).isInstanceOf(ServiceException.class);
    }

    /** What trainings have left behind in the folder of a table. */
    private static List<Path> hiddenFiles(Path table) throws IOException {
        Path folder = table.resolve(".backprop");
        try (Stream<Path> files = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
            return files.toList();
        }
    }
}
