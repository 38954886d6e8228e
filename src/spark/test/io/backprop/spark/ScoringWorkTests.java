package io.backprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.TestFolders;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tables that the service hands out, with the service itself. */
class ScoringWorkTests {

    private static final TestTable TABLE = TestTable.random(400, 3);
    private static final JsonMapper MAPPER = new JsonMapper();

    private static SparkSession spark;
    private static ServiceProcess service;

    private final Path tables = TestFolders.create();
    private ScoringWork work;

    @BeforeAll
    static void start() {
        spark = SparkCluster.local(1);
        service = ServiceProcess.start();
        TestModel.create(service, "regression", "\"hidden\": [{\"units\": 8}]")
                .trainLocally(TABLE, "target=y&epochs=3");
        TestModel.create(
                        service,
                        "binary",
                        "\"hidden\": [{\"units\": 8}], \"ensemble\": {\"size\": 3}, \"calibrate\": true")
                .trainLocally(TABLE, "target=kind&epochs=3&validationSplit=0.2");
        TestModel.create(service, "classes", "\"hidden\": [{\"units\": 8}]")
                .trainLocally(TABLE, "target=city&epochs=3");
        TestModel.create(service, "dates", "\"hidden\": [{\"units\": 8}]").trainLocally(TABLE, "target=date&epochs=3");
    }

    @BeforeEach
    void connect() {
        ServiceClient client = new ServiceClient(service.url(), null);
        work = new ScoringWork("test", client, spark, tables.toUri(), new Shutdown());
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /** Starts a scoring, and returns its number. */
    private static int start(String model, String output, String format) {
        HttpRequest request = HttpRequest.newBuilder(service.url().resolve("/models/%s/predictions".formatted(model)))
                .header("Content-Type", "application/json")
                .header("Prefer", "respond-async")
                .POST(BodyPublishers.ofString(
                        "{\"table\": \"clicks\", \"output\": \"%s\", \"format\": \"%s\"}".formatted(output, format)))
                .build();
        return MAPPER.readTree(service.send(request).body()).path("number").asInt();
    }

    private static JsonNode scoring(String model, int number) {
        return service.get("/models/%s/predictions/%d".formatted(model, number));
    }

    private boolean doNext() throws InterruptedException {
        return work.doNext(Duration.ofSeconds(1));
    }

    /** The rows with predictions as the service answers them. */
    private static String predict(String model, String csv) {
        HttpRequest request = HttpRequest.newBuilder(service.url().resolve("/models/%s/predict".formatted(model)))
                .header("Content-Type", "text/csv")
                .header("Accept", "text/csv")
                .POST(BodyPublishers.ofString(csv))
                .build();
        return new String(service.send(request).body(), StandardCharsets.UTF_8);
    }

    private List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private List<String> names(Path folder) throws IOException {
        return files(folder).stream().map(file -> file.getFileName().toString()).toList();
    }

    @ParameterizedTest
    @CsvSource({"regression", "binary", "classes", "dates"})
    void predictsAsTheServiceAnswers(String model) throws Exception {
        TABLE.writeCsv(tables.resolve("clicks"));
        int csv = start(model, "scores-csv", "csv");
        int parquet = start(model, "scores-parquet", "parquet");
        assertThat(doNext()).isTrue();
        assertThat(doNext()).isTrue();
        assertThat(doNext()).isFalse();

        String expected = predict(model, TABLE.csv());
        assertThat(scoring(model, csv).path("state").asString())
                .as("%s", scoring(model, csv))
                .isEqualTo("succeeded");
        assertThat(scoring(model, parquet).path("rows").asLong()).isEqualTo(400);
        assertThat(tables.resolve("scores-csv/part-00000.csv")).hasContent(expected);
        assertSamePredictions(tables.resolve("scores-parquet"), expected);
        assertThat(names(tables)).containsExactly("clicks", "scores-csv", "scores-parquet");
    }

    private static void assertSamePredictions(Path folder, String csv) {
        List<Row> rows = spark.read().parquet(folder.toUri().toString()).collectAsList();
        List<String[]> expected = csv.lines().map(line -> line.split(",", -1)).toList();
        assertThat(rows).hasSize(expected.size() - 1);
        assertThat(rows.get(0).schema().fieldNames()).isEqualTo(expected.get(0));
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < expected.get(0).length; column++) {
                Object value = rows.get(row).get(column);
                String text = expected.get(row + 1)[column];
                assertThat(value).isEqualTo(value == null ? null : value instanceof Float ? Float.valueOf(text) : text);
                assertThat(value == null).isEqualTo(text.isEmpty());
            }
        }
    }

    @Test
    void namesFileAndLineOfWrongRowAndLeavesNothing() throws Exception {
        TABLE.writeShuffledCsv(tables.resolve("clicks"), 2, 1);
        Files.writeString(
                tables.resolve("clicks/wrong.csv"),
                "a,b,city,date,count,y,kind\n1,2,Rom,2024-01-01,3,4,low\n1,many,Rom,2024-01-01,3,4,low\n");
        int number = start("regression", "scores", "parquet");
        assertThat(doNext()).isTrue();

        assertThat(scoring("regression", number).path("state").asString()).isEqualTo("failed");
        assertThat(scoring("regression", number).path("error").asString())
                .startsWith("wrong.csv, line 3: column \"b\" must be a number, but is \"many\"");
        assertThat(names(tables)).containsExactly("clicks");
    }

    @Test
    void neverOverwritesATable() throws Exception {
        TABLE.writeCsv(tables.resolve("clicks"));
        TABLE.writeCsv(tables.resolve("scores"));
        int number = start("regression", "scores", "csv");
        assertThat(doNext()).isTrue();

        assertThat(scoring("regression", number).path("error").asString())
                .isEqualTo("output \"scores\" exists already; delete it or name another one");
        assertThat(names(tables.resolve("scores"))).containsExactly("table.csv");
    }

    @Test
    void saysThatTableIsMissing() throws Exception {
        int number = start("regression", "scores", "csv");
        assertThat(doNext()).isTrue();

        assertThat(scoring("regression", number).path("error").asString())
                .startsWith("table \"clicks\": there is no such folder in ");
    }

    @Test
    void deletesWhatKilledDriversLeft() throws Exception {
        TABLE.writeCsv(tables.resolve("clicks"));
        int earlier = start("regression", "earlier", "csv");
        assertThat(doNext()).isTrue();
        int number = start("regression", "scores", "csv");
        int waiting = start("regression", "later", "csv");
        String id = "0123456789abcdef0123456789abcdef";
        List<String> left = Stream.of(
                        "regression-%d".formatted(earlier),
                        "regression-%d".formatted(number),
                        "regression-%d".formatted(waiting),
                        "deleted-1")
                .map(scoring -> ".scoring-%s-%s".formatted(scoring, id))
                .toList();
        for (String folder : left) {
            Files.createDirectories(tables.resolve(folder).resolve("scores"));
        }
        assertThat(doNext()).isTrue();

        assertThat(names(tables)).containsExactly(left.get(2), "clicks", "earlier", "scores");
        assertThat(doNext()).isTrue();
        assertThat(scoring("regression", waiting).path("state").asString()).isEqualTo("succeeded");
    }

    @Test
    void stopsWhenItIsCancelled() throws Exception {
        spark.range(2_000_000)
                .select(
                        functions.col("id").as("a"),
                        functions.lit(1).as("b"),
                        functions.lit("Rom").as("city"),
                        functions.lit("2024-01-01").as("date"),
                        functions.lit(1).as("count"),
                        functions.lit("low").as("kind"))
                .write()
                .parquet(tables.resolve("clicks").toUri().toString());
        int number = start("regression", "scores", "csv");
        Thread driver = new Thread(() -> {
            try {
                doNext();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        driver.start();
        while (scoring("regression", number).path("state").asString().equals("queued")) {
            Thread.sleep(20);
        }
        service.post("/models/regression/predictions/%d/cancel".formatted(number), "");
        driver.join();

        assertThat(scoring("regression", number).path("state").asString()).isEqualTo("cancelled");
        assertThat(names(tables)).containsExactly("clicks");
    }

    @Test
    void leavesItsWorkToAnotherDriverAtShutdown() throws Exception {
        TABLE.writeCsv(tables.resolve("clicks"));
        int number = start("regression", "scores", "csv");
        Shutdown shutdown = new Shutdown();
        shutdown.run(); // before the first job
        ScoringWork ending =
                new ScoringWork("ending", new ServiceClient(service.url(), null), spark, tables.toUri(), shutdown);
        assertThatThrownBy(() -> ending.doNext(Duration.ofSeconds(1))).isInstanceOf(InterruptedException.class);

        assertThat(scoring("regression", number).path("state").asString()).isEqualTo("queued");
        assertThat(names(tables)).containsExactly("clicks");
        assertThat(doNext()).isTrue();
        assertThat(scoring("regression", number).path("state").asString()).isEqualTo("succeeded");
    }

    @Test
    void transformerLoadsVersionsFromTheService() {
        List<Row> rows = BackpropModel.load(service.url() + "/", "regression", null)
                .transform(spark.createDataFrame(
                        TABLE.rows().stream()
                                .map(org.apache.spark.sql.RowFactory::create)
                                .toList(),
                        schema()))
                .select("prediction")
                .collectAsList();
        List<String> expected = predict("regression", TABLE.csv())
                .lines()
                .skip(1)
                .map(line -> line.substring(line.lastIndexOf(',') + 1))
                .toList();
        assertThat(rows.stream().map(row -> row.getFloat(0)).toList())
                .isEqualTo(expected.stream().map(Float::valueOf).toList());
        assertThatThrownBy(() -> BackpropModel.load(service.url().toString(), "none", null))
                .hasMessageContaining("none");
    }

    private static org.apache.spark.sql.types.StructType schema() {
        var schema = new org.apache.spark.sql.types.StructType();
        for (int i = 0; i < TABLE.columns().size(); i++) {
            schema = schema.add(TABLE.columns().get(i), TABLE.types().get(i));
        }
        return schema;
    }
}
