package io.backprop.prediction.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.Await;
import io.backprop.ServiceTestBase;
import io.backprop.driver.ClaimRequest;
import io.backprop.driver.CsvPredictionWriter;
import io.backprop.driver.DriverDocuments;
import io.backprop.driver.FailureReport;
import io.backprop.driver.OutputFormat;
import io.backprop.driver.ProgressAnswer;
import io.backprop.driver.ReleaseReport;
import io.backprop.driver.ScorerPacket;
import io.backprop.driver.ScoringClaim;
import io.backprop.driver.ScoringProgressReport;
import io.backprop.driver.ScoringResultReport;
import io.backprop.tabular.CellRules;
import io.backprop.tabular.CsvTables;
import io.backprop.tabular.InvalidCells;
import io.backprop.tabular.RowEncoder;
import io.backprop.tabular.TableScorer;
import io.backprop.tabular.Warnings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** Predictions for tables that drivers read and write, with a driver that the test plays. */
@TestPropertySource(properties = {"backprop.drivers.claim-timeout=PT1S", "backprop.drivers.scorings=3"})
class ScoringTests extends ServiceTestBase {

    private static final String TRAINING = """
        size,color,kind
        1.5,red,apple
        1.6,green,apple
        0.2,red,cherry
        0.3,red,cherry
        2.5,yellow,melon
        2.9,green,melon
        """;

    private String id = "";

    @BeforeEach
    void createModel() {
        id = create("\"hidden\": [{\"units\": 4}]");
        trainOn(TRAINING, "target=kind&epochs=20");
    }

    /** Drivers claim the tables of all models. */
    @AfterEach
    void deleteModel() {
        delete("/models/" + id);
    }

    private void trainOn(String csv, String query) {
        json(
                send(request("/models/" + id + "/train?" + query)
                        .header("Content-Type", "text/csv")
                        .POST(BodyPublishers.ofString(csv))),
                200);
    }

    private String path(String resource) {
        return "/models/" + id + "/predictions" + resource;
    }

    private HttpResponse<String> start(String fields) {
        return send(request(path(""))
                .header("Content-Type", "application/json")
                .header("Prefer", "respond-async")
                .POST(BodyPublishers.ofString("{" + fields + "}")));
    }

    private JsonNode started(String output) {
        return json(start("\"table\": \"fruits\", \"output\": \"%s\"".formatted(output)), 202);
    }

    private HttpResponse<String> claim(String wait) {
        return send(request("/predictions/claims")
                .header("Content-Type", "application/json")
                .header("Prefer", wait)
                .POST(BodyPublishers.ofByteArray(DriverDocuments.write(new ClaimRequest("driver of a test")))));
    }

    private ScoringClaim claimed() {
        return read(claim("wait=0"), ScoringClaim.class);
    }

    private static <T> T read(HttpResponse<String> response, Class<T> type) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return DriverDocuments.read(response.body().getBytes(StandardCharsets.UTF_8), type);
    }

    private HttpResponse<String> report(String method, String resource, Object document) {
        return send(request(path(resource))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofByteArray(DriverDocuments.write(document))));
    }

    private JsonNode get(int number) {
        return json(get(path("/" + number)), 200);
    }

    @Test
    void driverScoresTable() {
        HttpResponse<String> response = start("""
            "table": "fruits", "output": "fruits-kinds", "format": "csv", "decimal": ",", "invalidCells": "missing"\
            """);
        assertThat(header(response, "Location")).isEqualTo(path("/1"));
        JsonNode queued = json(response, 202);
        assertThat(queued.path("state").asString()).isEqualTo("queued");
        assertThat(queued.path("format").asString()).isEqualTo("csv");
        assertThat(queued.path("version").asInt()).isEqualTo(1);
        assertThat(json(get(path("")), 200).path("predictions")).containsExactly(queued);

        ScoringClaim claim = claimed();
        assertThat(claim.model()).isEqualTo(id);
        assertThat(claim.number()).isEqualTo(1);
        assertThat(claim.version()).isEqualTo(1);
        assertThat(claim.table()).isEqualTo("fruits");
        assertThat(claim.output()).isEqualTo("fruits-kinds");
        assertThat(claim.format()).isEqualTo(OutputFormat.CSV);
        assertThat(claim.cells().format().decimalComma()).isTrue();
        assertThat(claim.cells().invalidCells()).isEqualTo(InvalidCells.MISSING);
        ProgressAnswer answer =
                read(report("PUT", "/1/progress", new ScoringProgressReport(claim.lease(), 70)), ProgressAnswer.class);
        assertThat(answer.cancel()).isNull();
        assertThat(get(1).path("rows").asInt()).isEqualTo(70);
        assertThat(get(1).path("state").asString()).isEqualTo("running");
        assertThat(claim("wait=0").statusCode()).isEqualTo(204);

        ScoringResultReport result = new ScoringResultReport(claim.lease(), 100, 3, List.of("a warning"));
        JsonNode ended = json(report("POST", "/1/result", result), 200);

        assertThat(ended).isEqualTo(get(1)).isEqualTo(json(report("POST", "/1/result", result), 200));
        assertThat(ended.path("state").asString()).isEqualTo("succeeded");
        assertThat(ended.path("rows").asInt()).isEqualTo(100);
        assertThat(ended.path("files").asInt()).isEqualTo(3);
        assertThat(ended.path("warnings").path(0).asString()).isEqualTo("a warning");
        assertThat(ended.path("error").isNull()).isTrue();
    }

    @Test
    void clientWaitsForTheEndAndDriverForWork() throws Exception {
        CompletableFuture<HttpResponse<String>> driver = CompletableFuture.supplyAsync(() -> claim("wait=60"));
        CompletableFuture<HttpResponse<String>> client = CompletableFuture.supplyAsync(() -> send(request(path(""))
                .header("Content-Type", "application/json")
                .header("Prefer", "wait=60")
                .POST(BodyPublishers.ofString("{\"table\": \"fruits\", \"output\": \"waited\"}"))));
        ScoringClaim claim = read(Await.result(driver), ScoringClaim.class);
        assertThat(claim.output()).isEqualTo("waited");
        json(report("POST", "/1/failure", new FailureReport(claim.lease(), false, "line 7 of a.csv: too long")), 200);

        JsonNode ended = json(Await.result(client), 200);
        assertThat(ended.path("state").asString()).isEqualTo("failed");
        assertThat(ended.path("error").asString()).isEqualTo("line 7 of a.csv: too long");
    }

    @Test
    void silentDriverLosesItsClaimToTheNext() {
        started("taken-over");
        ScoringClaim silent = claimed();
        ScoringClaim next =
                read(Await.until(() -> claim("wait=5"), response -> response.statusCode() == 200), ScoringClaim.class);

        assertThat(next.number()).isEqualTo(silent.number());
        assertThat(next.lease()).isNotEqualTo(silent.lease());
        JsonNode lost =
                problem(report("PUT", "/1/progress", new ScoringProgressReport(silent.lease(), 1)), 409, "claim-lost");
        assertThat(lost.path("detail").asString())
                .startsWith("prediction 1 of the model \"%s\" for a table is not claimed under lease".formatted(id));
        for (Object report : List.of(
                new ScoringResultReport(silent.lease(), 1, 1, List.of()),
                new ScoringResultReport(0, 1, 1, List.of()))) {
            problem(report("POST", "/1/result", report), 409, "claim-lost");
        }
        problem(report("POST", "/1/failure", new FailureReport(silent.lease(), false, "x")), 409, "claim-lost");
        problem(report("POST", "/1/release", new ReleaseReport(silent.lease())), 409, "claim-lost");
        assertThat(get(1).path("state").asString()).isEqualTo("running");
    }

    @Test
    void releasedTableGoesToTheNextDriverAtOnce() {
        started("released");
        assertThat(report("POST", "/1/release", new ReleaseReport(claimed().lease()))
                        .statusCode())
                .isEqualTo(204);

        assertThat(get(1).path("state").asString()).isEqualTo("queued");
        assertThat(claimed().number()).isEqualTo(1);
    }

    @Test
    void cancelsTableThatWaits() {
        started("cancelled");

        assertThat(json(post(path("/1/cancel"), ""), 200).path("state").asString())
                .isEqualTo("cancelled");
        assertThat(json(post(path("/1/cancel"), ""), 200)).isEqualTo(get(1));
        assertThat(claim("wait=0").statusCode()).isEqualTo(204);
    }

    @Test
    void driverOfCancelledTableIsTold() {
        started("cancelled");
        ScoringClaim claim = claimed();
        CompletableFuture<HttpResponse<String>> client = CompletableFuture.supplyAsync(() ->
                send(request(path("/1/cancel")).header("Prefer", "wait=60").POST(BodyPublishers.noBody())));
        ScoringProgressReport progress = new ScoringProgressReport(claim.lease(), 5);
        Await.until(() -> read(report("PUT", "/1/progress", progress), ProgressAnswer.class)
                        .cancel()
                == ProgressAnswer.Cancellation.DISCARD);
        report("POST", "/1/release", new ReleaseReport(claim.lease()));

        JsonNode ended = json(Await.result(client), 200);
        assertThat(ended.path("state").asString()).isEqualTo("cancelled");
        assertThat(ended.path("rows").asInt()).isZero();
    }

    @Test
    void cancelledTableOfSilentDriverEndsByItself() {
        started("cancelled");
        claimed();

        JsonNode ended =
                json(send(request(path("/1/cancel")).header("Prefer", "wait=60").POST(BodyPublishers.noBody())), 200);
        assertThat(ended.path("state").asString()).isEqualTo("cancelled");
    }

    @Test
    void deletedModelEndsItsTables() {
        started("deleted");
        ScoringClaim claim = claimed();
        delete("/models/" + id);

        problem(get(path("/1")), 404, "model-not-found");
        problem(report("PUT", "/1/progress", new ScoringProgressReport(claim.lease(), 1)), 409, "claim-lost");
        problem(
                report("POST", "/1/result", new ScoringResultReport(claim.lease(), 1, 1, List.of())),
                409,
                "claim-lost");
    }

    @Test
    void versionOfTheRequestIsScored() {
        started("first");
        for (int i = 0; i < 11; i++) { // more than are kept
            trainOn(TRAINING, "target=kind&epochs=1");
        }
        assertThat(json(start("\"table\": \"fruits\", \"output\": \"current\""), 202)
                        .path("version")
                        .asInt())
                .isEqualTo(12);
        problem(start("\"table\": \"fruits\", \"output\": \"old\", \"version\": 2"), 404, "version-not-found");

        assertThat(claimed().version()).isEqualTo(1);
        assertThat(get("/models/" + id + "/versions/1/scorer").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "../clicks",
                "a/b",
                "a\\\\b",
                "/etc",
                ".backprop",
                "_temporary",
                "a b",
                "s3:clicks",
                "cli\\u0000cks",
                "clicks\\n",
                "ünïcode"
            })
    void rejectsNamesThatAreNone(String name) {
        for (String field : List.of("table", "output")) {
            String other = field.equals("table") ? "output" : "table";
            JsonNode problem = problem(
                    start("\"%s\": \"%s\", \"%s\": \"fruits\"".formatted(field, name, other)), 422, "invalid-field");
            assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo("/" + field);
            assertThat(problem.path("detail").asString()).startsWith(field + " must be the name of a folder");
        }
        assertThat(json(get(path("")), 200).path("predictions")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        "table": "fruits"                                              | invalid-field    | /output
        "output": "fruits"                                             | invalid-field    | /table
        "table": "fruits", "output": "fruits"                          | invalid-field    | /output
        "table": "fruits", "output": "Fruits"                          | invalid-field    | /output
        "table": "fruits", "output": "x", "format": "xlsx"             | unreadable-field | /format
        "table": "fruits", "output": "x", "dateFormat": "nonsense"     | invalid-field    | /dateFormat
        "table": "fruits", "output": "x", "outptu": "y"                | unreadable-field | /outptu
        "table": 7, "output": "x"                                      | unreadable-field | /table\
        """)
    void rejectsInvalidRequests(String fields, String type, String pointer) {
        JsonNode problem = problem(start(fields), type.equals("invalid-field") ? 422 : 400, type);

        assertThat(problem.at("/errors/0/pointer").asString()).isEqualTo(pointer);
    }

    @Test
    void rejectsModelThatHasNotLearnedFromATable() {
        String untrained = create("");
        HttpResponse<String> response =
                post("/models/" + untrained + "/predictions", "{\"table\": \"fruits\", \"output\": \"x\"}");
        problem(response, 409, "model-not-trained");
        problem(get("/models/" + untrained + "/versions/1/scorer"), 404, "version-not-found");
        train(untrained, XOR);

        for (HttpResponse<String> rejected : List.of(
                post("/models/" + untrained + "/predictions", "{\"table\": \"fruits\", \"output\": \"x\"}"),
                get("/models/" + untrained + "/versions/1/scorer"))) {
            assertThat(problem(rejected, 422, "invalid-field").path("detail").asString())
                    .isEqualTo("the model learned from rows of numbers, not from a table; predict with inputs");
        }
    }

    @Test
    void rejectsOutputThatIsBeingWritten() {
        started("scores");

        assertThat(problem(start("\"table\": \"fruits\", \"output\": \"SCORES\""), 409, "output-taken")
                        .path("detail")
                        .asString())
                .startsWith("the output \"SCORES\" is that of a prediction that is queued or running");
    }

    @Test
    void rejectsMoreTablesThanMayWait() {
        for (int i = 0; i < 3; i++) {
            started("scores-" + i);
        }

        HttpResponse<String> rejected = start("\"table\": \"fruits\", \"output\": \"one-more\"");
        assertThat(problem(rejected, 429, "too-many-requests").path("detail").asString())
                .contains("backprop.drivers.scorings");
        assertThat(header(rejected, "Retry-After")).isEqualTo("5");
    }

    @Test
    void reportsUnknownPrediction() {
        problem(get(path("/1")), 404, "prediction-not-found");
        problem(post(path("/1/cancel"), ""), 404, "prediction-not-found");
        problem(get("/models/none/predictions"), 404, "model-not-found");
        problem(get("/models/none/predictions/1"), 404, "model-not-found");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"lease\": 1, \"rows\": -1}",
                "{\"lease\": 1}",
                "{\"lease\": 1, \"rows\": 1, \"more\": 1}",
                "{\"lease\": 1, \"rows\": 1.5}",
                "{\"lease\": \"1\", \"rows\": 1}",
                "null",
                "[]",
                ""
            })
    void rejectsMalformedReports(String report) {
        started("scores");
        HttpResponse<String> response = put(path("/1/progress"), report);

        assertThat(response.statusCode()).as(response.body()).isIn(400, 422);
        assertThat(response.body()).doesNotContain("io.backprop", "jackson");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        three classes | "hidden": [{"units": 4}]                                                    | apple  | cherry | melon
        two classes   | "hidden": [{"units": 4}], "ensemble": {"size": 3, "by": "seed"}             | yes    | no     | yes
        numbers       | "hidden": [{"units": 4}]                                                    | 1.5    | 2.25   | -3
        dates         | "hidden": [{"units": 4}]                                                    | 2024-01-01 | 2024-02-01 | 2024-03-01\
        """)
    void scorerPredictsAsTheService(String kind, String fields, String first, String second, String third)
            throws Exception {
        delete("/models/" + id);
        id = create(fields);
        List<String> targets = List.of(first, second, third);
        Random random = new Random(5);
        StringBuilder training = new StringBuilder("size,color,when,target\n");
        StringBuilder rows = new StringBuilder("color,when,note,size,prediction\n");
        for (int i = 0; i < 60; i++) {
            String size = i % 7 == 0 ? "" : String.valueOf(random.nextFloat() * 100);
            String color = List.of("red", "green", "blue", "").get(random.nextInt(4));
            training.append("%s,%s,2023-01-%02d,%s\n".formatted(size, color, 1 + i % 28, targets.get(i % 3)));
            rows.append("%s,2023-02-%02d,\"a, %d\",%s,x\n"
                    .formatted(i % 9 == 0 ? "violet" : color, 1 + i % 28, i, random.nextFloat() * 100));
        }
        trainOn(training.toString(), "target=target&epochs=30");
        HttpResponse<byte[]> packet = HttpClient.newHttpClient()
                .send(request("/models/" + id + "/versions/1/scorer").build(), BodyHandlers.ofByteArray());
        assertThat(header(packet, "Content-Length")).isEqualTo(String.valueOf(packet.body().length));

        TableScorer scorer = ScorerPacket.read(new ByteArrayInputStream(packet.body()));

        String expected = send(request("/models/" + id + "/predict")
                        .header("Content-Type", "text/csv")
                        .header("Accept", "text/csv")
                        .POST(BodyPublishers.ofString(rows.toString())))
                .body();
        assertThat(score(scorer, rows.toString())).as(kind).isEqualTo(expected).startsWith("color,when,note,size,pred");
    }

    private static String score(TableScorer scorer, String csv) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CsvPredictionWriter writer = new CsvPredictionWriter(scorer, false, out, bytes -> {});
        RowEncoder encoder = new RowEncoder(
                scorer.expectedColumns(false),
                new CellRules(scorer.columns().format(), InvalidCells.ERROR),
                new Warnings(),
                batch -> writer.endBatch().accept(scorer.predict(batch.inputs())));
        CsvTables.read(new ByteArrayInputStream(csv.getBytes(StandardCharsets.UTF_8)), writer.tap(encoder));
        encoder.finish();
        return out.toString(StandardCharsets.UTF_8);
    }
}
