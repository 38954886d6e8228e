package io.backprop.training.web;

import static io.backprop.training.web.DriverClient.bytes;
import static io.backprop.training.web.DriverClient.text;
import static io.backprop.training.web.DriverClient.withLease;
import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import io.backprop.driver.CheckpointPacket;
import io.backprop.driver.DriverDocuments;
import io.backprop.driver.FailureReport;
import io.backprop.driver.FitReport;
import io.backprop.driver.Packet;
import io.backprop.driver.Preparation;
import io.backprop.driver.ProgressAnswer;
import io.backprop.driver.ProgressAnswer.Cancellation;
import io.backprop.driver.ProgressReport;
import io.backprop.driver.ReleaseReport;
import io.backprop.driver.ResultPacket;
import io.backprop.driver.TrainingClaim;
import io.backprop.driver.TrainingResultReport;
import io.backprop.engine.EpochReport;
import io.backprop.engine.LearningRateSchedule.Plateau;
import io.backprop.engine.Metric;
import io.backprop.engine.Network;
import io.backprop.engine.StopReason;
import io.backprop.engine.TrainingState;
import io.backprop.engine.Vector;
import io.backprop.tabular.ColumnScaling;
import io.backprop.tabular.Feature;
import io.backprop.tabular.FittedTable;
import io.backprop.tabular.FittedTarget;
import io.backprop.tabular.FittedTarget.ClassCount;
import io.backprop.tabular.NumberRange;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Trainings of tables as drivers see them, good ones and hostile ones. The fit of the table is made up. */
class ExternalTrainingTests extends ServiceTestBase {

    private static final int EPOCHS = 3;

    private static final FittedTable FIT = new FittedTable(
            List.of(
                    new Feature.Numeric("age", new ColumnScaling(40, 10), new NumberRange(1, 40, 99), false),
                    new Feature.Categorical("color", List.of("red", "blue"), true)),
            new FittedTarget.Classes(List.of(new ClassCount("no", 900, 0), new ClassCount("yes", 100, 0))),
            null,
            1_000,
            0,
            List.of("a warning of the fit"));

    private DriverClient driver;

    @BeforeEach
    void connect() {
        driver = new DriverClient(port);
    }

    /** The next test must not claim what this one has left. */
    @AfterEach
    void deleteModels() {
        json(get("/models?limit=1000"), 200)
                .path("models")
                .forEach(model -> delete("/models/" + model.path("id").asString()));
    }

    private String queue() {
        String id = create("\"hidden\": [4]");
        json(begin(id, "\"table\": \"clicks\", \"target\": \"bought\", \"epochs\": " + EPOCHS), 202);
        return id;
    }

    private JsonNode training(TrainingClaim claim) {
        return json(get("/models/%s/trainings/%d".formatted(claim.model(), claim.training())), 200);
    }

    private static EpochReport epoch(int number) {
        return new EpochReport(number, EPOCHS, 1.0 / number, null, List.of());
    }

    private static List<EpochReport> history(int epochs) {
        return IntStream.rangeClosed(1, epochs)
                .mapToObj(ExternalTrainingTests::epoch)
                .toList();
    }

    private static CheckpointPacket checkpoint(Vector parameters, int epochs) {
        TrainingState.Progress progress =
                new TrainingState.Progress(epochs, 1, 0.5, 0, Double.NaN, new Plateau(Double.NaN, 0, 0, 1));
        return new CheckpointPacket(
                new TrainingState(progress, parameters, Vector.of(1, 2, 3), Vector.of()), history(epochs));
    }

    private static byte[] result(float... parameters) {
        TrainingResultReport report = new TrainingResultReport(StopReason.EPOCHS, EPOCHS, 1.5, 1, List.of(), null);
        return bytes(new ResultPacket(report, history(EPOCHS), Vector.of(parameters)), EPOCHS);
    }

    private static float[] parameters(Network network) {
        float[] parameters = network.parameters();
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = i / 100f;
        }
        return parameters;
    }

    @Test
    void answers204WithoutATraining() {
        HttpResponse<byte[]> response = driver.claim("wait=0");

        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(response.body()).isEmpty();
        assertThat(header(response, "Preference-Applied")).isEqualTo("respond-async");
    }

    @Test
    void givesATrainingToADriverThatPublishesIt() {
        String id = queue();
        JsonNode queued = json(get("/models/%s/trainings/1".formatted(id)), 200);
        assertThat(queued.path("state").asString()).isEqualTo("queued");
        TrainingClaim claim = driver.claim();

        assertThat(claim.model()).isEqualTo(id);
        assertThat(claim.training()).isEqualTo(1);
        assertThat(claim.table()).isEqualTo("clicks");
        assertThat(claim.shards()).isEqualTo(64);
        assertThat(claim.preparation()).isNull();
        assertThat(claim.checkpoint()).isFalse();
        assertThat(claim.timeLeftSeconds()).isEqualTo(3_600);
        assertThat(claim.options().target()).isEqualTo("bought");
        assertThat(driver.claim("wait=0").statusCode()).isEqualTo(204);

        Preparation preparation = driver.prepare(claim, FIT);
        assertThat(preparation.plan().epochs()).isEqualTo(EPOCHS);
        assertThat(preparation.plan().shards()).isEqualTo(64);
        assertThat(preparation.rows().classes()).containsExactly("no", "yes");

        Network network = driver.network(claim);
        assertThat(network.spec().inputs()).isEqualTo(4);
        assertThat(network.toBytes()).hasSize((int) preparation.networkBytes());

        assertThat(driver.progress(claim, new ProgressReport(claim.lease(), epoch(1), 0.5)))
                .isEqualTo(new ProgressAnswer(null));
        JsonNode running = training(claim);
        assertThat(running.path("state").asString()).isEqualTo("running");
        assertThat(running.path("epochsCompleted").asInt()).isEqualTo(1);
        assertThat(running.path("loss").asDouble()).isEqualTo(1);
        assertThat(running.path("settings").path("table").asString()).isEqualTo("clicks");
        assertThat(running.path("settings").path("shards").asInt()).isEqualTo(64);

        float[] parameters = parameters(network);
        HttpResponse<byte[]> published = driver.post(withLease(claim, "result"), result(parameters));
        assertThat(published.statusCode()).as(text(published)).isEqualTo(200);
        JsonNode training = training(claim);
        assertThat(mapper.readTree(text(published))).isEqualTo(training);
        assertThat(training.path("state").asString()).isEqualTo("succeeded");
        assertThat(training.path("version").asInt()).isEqualTo(1);
        assertThat(training.path("examples").asInt()).isEqualTo(1_000);
        assertThat(training.path("warnings").toString()).contains("a warning of the fit");
        HttpResponse<byte[]> repeated = driver.post(withLease(claim, "result"), result(parameters));
        assertThat(repeated.statusCode()).as(text(repeated)).isEqualTo(200);
        assertThat(mapper.readTree(text(repeated))).isEqualTo(training);
        JsonNode losses =
                json(get("/models/%s/trainings/1/history".formatted(id)), 200).path("loss");
        assertThat(losses.size()).isEqualTo(EPOCHS);
        assertThat(losses.get(1).asDouble()).isEqualTo(0.5);

        JsonNode model = model(id);
        assertThat(model.path("state").asString()).isEqualTo("trained");
        assertThat(model.path("epochs").asInt()).isEqualTo(EPOCHS);
        assertThat(json(get("/models/%s/parameters".formatted(id)), 200)
                        .at("/layers/0/weights/1/0")
                        .floatValue())
                .isEqualTo(parameters[1]);
        JsonNode prediction =
                json(post("/models/%s/predict".formatted(id), "{\"rows\": [{\"age\": 3, \"color\": \"red\"}]}"), 200);
        assertThat(prediction.path("labels").size()).isEqualTo(1);
    }

    @Test
    void waitsForTheNextTraining() throws Exception {
        CompletableFuture<TrainingClaim> claim = CompletableFuture.supplyAsync(() -> driver.claim());
        String id = queue();

        assertThat(claim.get().model()).isEqualTo(id);
    }

    @Test
    void givesCheckpointAndPreparationToTheNextDriver() {
        queue();
        TrainingClaim first = driver.claim();
        Preparation preparation = driver.prepare(first, FIT);
        Network network = driver.network(first);
        CheckpointPacket checkpoint = checkpoint(network.parameterVector(), 2);
        HttpResponse<byte[]> stored = driver.put(withLease(first, "checkpoint"), bytes(checkpoint, EPOCHS));
        assertThat(stored.statusCode()).as(text(stored)).isEqualTo(204);
        assertThat(driver.post(first.path("release"), new ReleaseReport(first.lease()))
                        .statusCode())
                .isEqualTo(204);

        TrainingClaim second = driver.claim();
        assertThat(second.lease()).isGreaterThan(first.lease());
        assertThat(second.preparation()).isEqualTo(preparation);
        assertThat(second.checkpoint()).isTrue();
        assertThat(driver.checkpoint(second, network, EPOCHS)).isEqualTo(checkpoint);
        assertLost(driver.put(first.path("progress"), new ProgressReport(first.lease(), epoch(1), 1)));
        assertLost(driver.put(first.path("preparation"), new FitReport(first.lease(), FIT)));
        assertLost(driver.get(withLease(first, "network")));
        assertLost(driver.get(withLease(first, "checkpoint")));
        assertLost(driver.put(withLease(first, "checkpoint"), bytes(checkpoint, EPOCHS)));
        assertLost(driver.post(withLease(first, "result"), result(network.parameters())));
        assertLost(driver.post(first.path("failure"), new FailureReport(first.lease(), false, "late")));
        assertLost(driver.post(first.path("release"), new ReleaseReport(first.lease())));
        assertThat(training(second).path("state").asString()).isEqualTo("running");
    }

    private void assertLost(HttpResponse<byte[]> response) {
        assertProblem(response, 409, "claim-lost", "is not claimed under lease");
    }

    private void assertProblem(HttpResponse<byte[]> response, int status, String type, String detail) {
        String body = text(response);
        assertThat(response.statusCode()).as(body).isEqualTo(status);
        JsonNode problem = mapper.readTree(body);
        assertThat(problem.path("type").asString()).as(body).isEqualTo("/problems/" + type);
        assertThat(problem.path("detail").asString()).contains(detail);
        assertThat(body).doesNotContain("java.", "jackson", "Exception", "io.backprop");
    }

    @ParameterizedTest
    @CsvSource({"false, DISCARD", "true, KEEP"})
    void tellsTheDriverOfACancellation(boolean keep, Cancellation cancellation) {
        String id = queue();
        TrainingClaim claim = driver.claim();
        driver.prepare(claim, FIT);
        Network network = driver.network(claim);
        String path = "/models/%s/trainings/1".formatted(id);
        json(
                send(request(path + "/cancel?keep=" + keep)
                        .header("Prefer", "respond-async")
                        .POST(BodyPublishers.noBody())),
                202);

        assertThat(driver.progress(claim, new ProgressReport(claim.lease(), epoch(1), 1)))
                .isEqualTo(new ProgressAnswer(cancellation));
        if (keep) {
            driver.post(withLease(claim, "result"), result(parameters(network)));
            assertThat(training(claim).path("version").asInt()).isEqualTo(1);
        } else {
            driver.post(claim.path("release"), new ReleaseReport(claim.lease()));
            assertThat(training(claim).path("state").asString()).isEqualTo("cancelled");
            assertThat(model(id).path("version").asInt()).isZero();
        }
    }

    @Test
    void endsACancelledTrainingThatNoDriverHasClaimed() {
        String id = queue();
        JsonNode training = json(post("/models/%s/trainings/1/cancel".formatted(id), ""), 200);

        assertThat(training.path("state").asString()).isEqualTo("cancelled");
        assertThat(driver.claim("wait=0").statusCode()).isEqualTo(204);
    }

    @Test
    void failsWithTheMessageOfTheDriver() {
        queue();
        TrainingClaim claim = driver.claim();
        HttpResponse<byte[]> response = driver.post(
                claim.path("failure"), new FailureReport(claim.lease(), false, "there is no table \"clicks\""));

        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        JsonNode training = training(claim);
        assertThat(training.path("state").asString()).isEqualTo("failed");
        assertThat(training.path("stopReason").asString()).isEqualTo("error");
        assertThat(training.path("error").asString()).isEqualTo("there is no table \"clicks\"");
        assertLost(driver.post(claim.path("failure"), new FailureReport(claim.lease(), false, "again")));
    }

    @Test
    void tellsWhoWaitsThatATableWasNotTrained() throws Exception {
        String id = create("\"hidden\": [4]");
        CompletableFuture<HttpResponse<String>> waiting =
                CompletableFuture.supplyAsync(() -> send(request("/models/" + id + "/train")
                        .header("Content-Type", "application/json")
                        .header("Prefer", "wait=60")
                        .POST(BodyPublishers.ofString("{\"table\": \"clicks\", \"target\": \"bought\"}"))));
        TrainingClaim claim = driver.claim();
        driver.post(claim.path("failure"), new FailureReport(claim.lease(), true, "the loss is NaN"));

        problem(waiting.get(), 422, "training-diverged");
    }

    @Test
    void rejectsWhatNeedsThePreparationBeforeIt() {
        queue();
        TrainingClaim claim = driver.claim();

        String detail = "send the fit of its table";
        assertProblem(driver.get(withLease(claim, "network")), 422, "invalid-field", detail);
        assertProblem(
                driver.put(withLease(claim, "checkpoint"), bytes(checkpoint(Vector.of(1), 1), EPOCHS)),
                422,
                "invalid-field",
                detail);
        assertProblem(driver.post(withLease(claim, "result"), result(1)), 422, "invalid-field", detail);
    }

    @Test
    void rejectsAHostileResult() {
        String id = queue();
        TrainingClaim claim = driver.claim();
        driver.prepare(claim, FIT);
        Network network = driver.network(claim);
        String path = withLease(claim, "result");
        byte[] good = result(parameters(network));

        assertProblem(driver.post(path, new byte[0]), 400, "unreadable-body", "");
        assertProblem(driver.post(path, Arrays.copyOf(good, good.length - 1)), 400, "unreadable-body", "truncated");
        assertProblem(driver.post(path, Arrays.copyOf(good, good.length + 1)), 400, "unreadable-body", "its end");
        byte[] longHeader = good.clone();
        ByteBuffer.wrap(longHeader).putInt(Integer.MAX_VALUE);
        assertProblem(
                driver.post(path, longHeader),
                400,
                "unreadable-body",
                "its header must have 2 to %d bytes, but 2147483647 were announced".formatted(Packet.MAX_HEADER));
        byte[] altered = good.clone();
        altered[good.length - 20] ^= 1;
        assertProblem(driver.post(path, altered), 400, "unreadable-body", "its checksum does not match");
        int count = network.parameters().length;
        assertProblem(
                driver.post(path, result(new float[count - 1])),
                422,
                "invalid-field",
                "parameters must be %d, but are %d".formatted(count, count - 1));
        float[] infinite = network.parameters();
        infinite[3] = Float.NaN;
        assertProblem(
                driver.post(path, result(infinite)), 422, "invalid-field", "parameters must be finite, but 3 is NaN");
        TrainingResultReport report = new TrainingResultReport(
                StopReason.EPOCHS, 3, 1, 1, List.of(new Metric.Score(Metric.ACCURACY, 1.0)), null);
        byte[] otherPlan = bytes(new ResultPacket(report, history(3), network.parameterVector()), 300);
        assertProblem(driver.post(path, otherPlan), 422, "invalid-field", "planned must be 3, but was 300");
        assertProblem(driver.post(claim.path("result"), good), 422, "invalid-field", "lease");
        assertThat(model(id).path("version").asInt()).isZero();
        assertThat(training(claim).path("state").asString()).isEqualTo("running");
    }

    @Test
    void rejectsAHostileCheckpoint() {
        queue();
        TrainingClaim claim = driver.claim();
        driver.prepare(claim, FIT);
        Network network = driver.network(claim);
        String path = withLease(claim, "checkpoint");
        byte[] good = bytes(checkpoint(network.parameterVector(), 1), EPOCHS);

        assertProblem(driver.put(path, Arrays.copyOf(good, 50)), 400, "unreadable-body", "truncated");
        assertProblem(
                driver.put(path, bytes(checkpoint(Vector.of(1), 1), EPOCHS)),
                422,
                "invalid-field",
                "parameters must be");
        TrainingState huge = new TrainingState(
                checkpoint(network.parameterVector(), 1).state().progress(),
                network.parameterVector(),
                Vector.wrap(new float[5_000]),
                Vector.of());
        assertProblem(
                driver.put(path, bytes(new CheckpointPacket(huge, history(1)), EPOCHS)),
                422,
                "invalid-field",
                "optimizerState must be at least 0 and at most");
        assertThat(driver.get(path).statusCode()).isEqualTo(204);
        assertThat(driver.put(path, good).statusCode()).isEqualTo(204);
    }

    @Test
    void rejectsOtherTrainingsAndLeases() {
        String id = queue();
        TrainingClaim claim = driver.claim();
        String other = create("\"hidden\": [4]");
        ProgressReport report = new ProgressReport(claim.lease(), null, 0);

        assertProblem(driver.put("/models/nothing/trainings/1/progress", report), 404, "model-not-found", "");
        assertProblem(
                driver.put("/models/%s/trainings/1/progress".formatted(other), report), 404, "training-not-found", "");
        assertLost(driver.put(claim.path("progress"), new ProgressReport(claim.lease() + 1, null, 0)));
        assertLost(driver.put(claim.path("progress"), new ProgressReport(-1, null, 0)));
        train(other, XOR + ", \"epochs\": 1");
        assertLost(driver.put("/models/%s/trainings/1/progress".formatted(other), report));
        delete("/models/" + id);
        assertProblem(driver.put(claim.path("progress"), report), 404, "model-not-found", "");
    }

    @Test
    void rejectsAFitThatTheModelCannotLearnFrom() {
        queue();
        TrainingClaim claim = driver.claim();
        FittedTable oneClass = new FittedTable(
                FIT.features(),
                new FittedTarget.Classes(List.of(new ClassCount("no", 1_000, 0))),
                null,
                1_000,
                0,
                List.of());

        HttpResponse<byte[]> response = driver.put(claim.path("preparation"), new FitReport(claim.lease(), oneClass));

        assertProblem(response, 422, "invalid-field", "classes");
        assertThat(driver.prepare(claim, FIT).rows().classes()).containsExactly("no", "yes");
    }

    @Test
    void namesTheKindsOfFeatures() {
        queue();
        TrainingClaim claim = driver.claim();
        String fit = new String(DriverDocuments.write(new FitReport(claim.lease(), FIT)), StandardCharsets.UTF_8);

        HttpResponse<byte[]> response =
                driver.put(claim.path("preparation"), mapper.readTree(fit.replace("\"Numeric\"", "\"Number\"")));

        assertProblem(response, 400, "unreadable-field", "must be one of Categorical, Numeric, but was \"Number\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"driver\": \"\"}",
                "{\"driver\": 1}",
                "{\"driver\": \"a\", \"driver\": \"b\"}",
                "{\"driver\": \"a\", \"more\": 1}"
            })
    void rejectsAnyOtherClaim(String body) {
        HttpResponse<String> response = post("/trainings/claims", body);

        assertThat(response.statusCode()).as(response.body()).isIn(400, 422);
        assertThat(response.body()).doesNotContain("java.", "jackson", "Exception", "io.backprop");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        "table": "t" | /target | target is required with rows of a table
        "table": "../t", "target": "a" | /table | table must be the name of a folder
        "table": "a/b", "target": "a" | /table | table must be the name of a folder
        "table": ".t", "target": "a" | /table | table must be the name of a folder
        "table": "", "target": "a" | /table | table must be the name of a folder
        "table": "hdfs://host/t", "target": "a" | /table | table must be the name of a folder
        "table": "t", "target": "a", "rows": [{"a": 1}] | /table | table and rows exclude each other
        "table": "t", "target": "a", "inputs": [[1]] | /inputs | inputs and table exclude each other
        "table": "t", "target": "a", "targets": [1] | /targets | targets go with inputs
        "table": "t", "target": "a", "sampleWeights": [1] | /sampleWeights | sampleWeights go with inputs
        "table": "t", "target": "a", "validationRows": [{"a": 1}] | /validationRows | with table, take validationSplit or splitColumn
        "table": "t", "target": "a", "validationInputs": [[1]], "validationTargets": [1] | /validationInputs | validationInputs go with inputs
        "table": "t", "target": "a", "shards": 0 | /shards | must be at least 1, but was 0
        "table": "t", "target": "a", "shards": 3 | /shards | shards must be a power of two, but was 3
        "table": "t", "target": "a", "shards": 8192 | /shards | must be at most 4096, but was 8192
        "table": "t", "target": "a", "splitColumn": "a" | /splitColumn | splitColumn must be another column than target
        """)
    void rejectsWhatDoesNotGoWithATable(String fields, String pointer, String detail) {
        JsonNode problem = problem(begin(create("\"hidden\": [4]"), fields), 422, "invalid-field");

        assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo(pointer);
        assertThat(problem.at("/errors/0/detail").asString()).contains(detail);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"layerCount\": 2", "\"hidden\": [4], \"ensemble\": 3"})
    void rejectsModelsThatDriversCannotTrain(String model) {
        JsonNode problem = problem(begin(create(model), "\"table\": \"t\", \"target\": \"a\""), 422, "invalid-field");

        assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo("/table");
    }

    @Test
    void rejectsATableBesideRowsInCsv() {
        HttpResponse<String> response =
                send(request("/models/%s/train?target=a&table=t".formatted(create("\"hidden\": [4]")))
                        .header("Content-Type", "text/csv")
                        .POST(BodyPublishers.ofString("a,b\n1,2\n")));

        assertThat(problem(response, 422, "invalid-field")
                        .at("/errors/0/detail")
                        .asString())
                .contains("table and rows exclude each other");
    }
}
