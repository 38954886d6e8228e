package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * The largest requests to a service whose heap holds its own needs and three times the packed floats of the largest body.
 * One-digit numbers pack the most floats into a body.
 */
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("MemoryTests") // the tests share one service, so they run one after another
class MemoryTests {

    private static final int BODY = 64 << 20;
    private static final int COLUMNS = 1024;
    private static final int ROWS = (BODY - 200_000) / (2 * COLUMNS + 2);
    private static final int PACKED_MEGABYTES = (int) (((long) ROWS * COLUMNS * Float.BYTES) >> 20);
    private static final int OWN_MEGABYTES = 64;
    private static final int LARGE_AT_ONCE = 3;

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @SuppressWarnings("NullAway.Init")
    private static ChildService service;

    @BeforeAll
    static void start() throws Exception {
        List<String> options = new ArrayList<>(ServiceJar.PRODUCTION_OPTIONS);
        options.add("-Xmx" + (OWN_MEGABYTES + 3 * PACKED_MEGABYTES) + "m");
        service = ChildService.start(options.toArray(new String[0]));
        assertStatus(201, post("/models", bytes("""
                {"id": "wide", "hidden": [], "task": "regression"}""")));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void trainsAndPredictsOnLargestMatricesInThreeTimesTheirFloats() throws Exception {
        String targets = "\"targets\": [" + "1,".repeat(ROWS - 1) + "1], \"epochs\": 1";

        assertStatus(200, post("/models/wide/train", body(targets)));
        assertStatus(200, post("/models/wide/predict", body("")));

        assertThat(service.output()).doesNotContain("OutOfMemory");
    }

    @Test
    void rejectsLargestListsOfEmptyElementsInLittleMemory() throws Exception {
        assertStatus(422, post("/models", filled("{\"hidden\": [", "{},", "{}]}")));
        assertStatus(422, post("/models", filled("{\"hiddenUnits\": [", "0,", "0]}")));
        assertStatus(422, post("/models", filled("{\"classes\": [", "\"\",", "\"\"]}")));
        assertStatus(400, post("/models", filled("{\"hidden\": ", "[", "")));

        assertThat(service.output()).doesNotContain("OutOfMemory");
    }

    @Test
    void rejectsLargestListOfDistinctLabelsInLittleMemory() throws Exception {
        StringBuilder body = new StringBuilder(BODY).append("{\"targets\": [");
        for (int row = 0; body.length() < BODY - 20; row++) {
            body.append('"').append(row).append("\",");
        }

        assertStatus(422, post("/models/wide/train", bytes(body.append("\"\"]}").toString())));
        assertThat(service.output()).doesNotContain("OutOfMemory");
    }

    @Test
    void trainsAndPredictsOnLargeTablesInThreeTimesTheirFloats() throws Exception {
        assertStatus(201, post("/models", bytes("""
                {"id": "table", "hidden": [], "seed": 1}""")));

        assertStatus(200, post("/models/table/train?target=c0&epochs=1", "text/csv", table(ROWS)));
        assertStatus(200, post("/models/table/predict", "text/csv", table(ROWS)));

        assertThat(service.output()).doesNotContain("OutOfMemory");
    }

    @Test
    void answersSmallRequestsDuringConcurrentLargeOnes() throws Exception {
        assertStatus(201, post("/models", bytes("""
                {"id": "small", "hidden": []}""")));
        assertStatus(200, post("/models/small/train", bytes("""
                {"inputs": [[0]], "targets": [0], "epochs": 1}""")));
        byte[] large = body("");
        byte[] small = bytes("{\"inputs\": [[1]]}");
        List<CompletableFuture<HttpResponse<String>>> answers = Stream.generate(() ->
                        CLIENT.sendAsync(request("/models/small/predict", large).build(), BodyHandlers.ofString()))
                .limit(LARGE_AT_ONCE)
                .toList();
        CompletableFuture<Void> all = CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0]));
        do {
            assertStatus(200, HttpTestBase.send(request("/models/small/predict", small)));
        } while (!all.isDone());

        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            assertThat(answer.get().statusCode())
                    .as(answer.get().body())
                    .isIn(422, 503); // 422: the model has one input, not 1,024
            assertThat(answer.get().headers().firstValue("Retry-After").isPresent())
                    .isEqualTo(answer.get().statusCode() == 503);
        }
        assertThat(service.output()).doesNotContain("OutOfMemory", "ran out of memory");
    }

    @Test
    void rejectsTablesThatAreTooLarge() throws Exception {
        HttpResponse<String> response = post("/models/wide/train?target=c0&reset=true", "text/csv", table(2 * ROWS));

        assertStatus(422, response);
        assertThat(response.body()).contains("/problems/limit-exceeded", "a table may have at most");
        assertThat(service.output()).doesNotContain("OutOfMemory");
    }

    /** Returns a CSV table with as many columns as the matrices and two distinct rows in turn. */
    private static BodyPublisher table(int rows) {
        String header =
                IntStream.range(0, COLUMNS).mapToObj(column -> "c" + column).collect(Collectors.joining(","));
        byte[] two = bytes("1,".repeat(COLUMNS - 1) + "1\n" + "2,".repeat(COLUMNS - 1) + "2\n");
        BodyPublisher content = BodyPublishers.concat(
                BodyPublishers.ofString(header + "\n"),
                BodyPublishers.ofByteArrays(
                        () -> Stream.generate(() -> two).limit(rows / 2).iterator()));
        return BodyPublishers.fromPublisher(content, header.length() + 1 + (long) rows / 2 * two.length);
    }

    private static byte[] body(String fields) {
        String row = "[" + "1,".repeat(COLUMNS - 1) + "1],";
        String start = "{" + fields + (fields.isEmpty() ? "" : ", ") + "\"inputs\": [";
        StringBuilder body = new StringBuilder(start.length() + ROWS * row.length() + 2).append(start);
        body.append(row.repeat(ROWS)).setLength(body.length() - 1);
        byte[] bytes = bytes(body.append("]}").toString());
        assertThat(bytes).hasSizeBetween(BODY - (1 << 20), BODY);
        return bytes;
    }

    private static byte[] filled(String start, String element, String end) {
        return bytes(start + element.repeat((BODY - start.length() - end.length()) / element.length()) + end);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static HttpResponse<String> post(String path, byte[] body) throws IOException, InterruptedException {
        return post(request(path, body));
    }

    private static HttpResponse<String> post(String path, String type, BodyPublisher body)
            throws IOException, InterruptedException {
        return post(request(path, type, body));
    }

    /** Repeats a request while the memory of the one before is still in use. */
    private static HttpResponse<String> post(HttpRequest.Builder request) throws IOException, InterruptedException {
        return Await.until(() -> HttpTestBase.send(request), response -> response.statusCode() != 503);
    }

    private static HttpRequest.Builder request(String path, byte[] body) {
        return request(path, "application/json", BodyPublishers.ofByteArray(body));
    }

    private static HttpRequest.Builder request(String path, String type, BodyPublisher body) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + service.port() + path))
                .header("Content-Type", type)
                .header("Prefer", "wait=60")
                .POST(body);
    }

    private static void assertStatus(int status, HttpResponse<String> response) {
        String start =
                response.body().substring(0, Math.min(500, response.body().length()));
        assertThat(response.statusCode()).as(start + "\n" + service.output()).isEqualTo(status);
        assertThat(response.body()).as(start).hasSizeLessThan(1 << 20);
    }
}
