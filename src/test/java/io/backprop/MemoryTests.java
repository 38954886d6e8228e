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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The service with no more heap than it needs by itself and three times the packed floats of the largest body: what
 * succeeds here needs no more. Numbers of one digit make the most floats of a body.
 */
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
        List<String> options = new ArrayList<>(ServiceJar.NOT_QUICK);
        options.add("-Xmx" + (OWN_MEGABYTES + 3 * PACKED_MEGABYTES) + "m");
        service = ChildService.start(options.toArray(new String[0]));
        assertStatus(201, post("/models", bytes("{\"id\": \"wide\", \"hidden\": [], \"task\": \"regression\"}")));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void largestBodiesAreTrainedOnAndPredictedFromInThreeTimesTheirFloats() throws Exception {
        String targets = "\"targets\": [" + "1,".repeat(ROWS - 1) + "1], \"epochs\": 1";

        assertStatus(200, post("/models/wide/train", body(targets)));
        assertStatus(200, post("/models/wide/predict", body("")));

        assertThat(service.output()).doesNotContain("OutOfMemory");
    }

    @Test
    void largestListsOfNothingAreRefusedInLittleMemory() throws Exception {
        assertStatus(422, post("/models", filled("{\"hidden\": [", "{},", "{}]}")));
        assertStatus(422, post("/models", filled("{\"hiddenUnits\": [", "0,", "0]}")));
        assertStatus(422, post("/models", filled("{\"labels\": [", "\"\",", "\"\"]}")));
        assertStatus(400, post("/models", filled("{\"hidden\": ", "[", "")));

        assertThat(service.output()).doesNotContain("OutOfMemory");
    }

    @Test
    void labelsThatAllDifferAreRefusedInLittleMemory() throws Exception {
        StringBuilder body = new StringBuilder(BODY).append("{\"targets\": [");
        for (int row = 0; body.length() < BODY - 20; row++) {
            body.append('"').append(row).append("\",");
        }

        assertStatus(422, post("/models/wide/train", bytes(body.append("\"\"]}").toString())));
        assertThat(service.output()).doesNotContain("OutOfMemory");
    }

    @Test
    void largeTablesAreTrainedOnAndPredictedFromInThreeTimesTheirFloats() throws Exception {
        assertStatus(201, post("/models", bytes("{\"id\": \"table\", \"hidden\": [], \"seed\": 1}")));

        assertStatus(200, post("/models/table/train?target=c0&epochs=1", "text/csv", table(ROWS)));
        assertStatus(200, post("/models/table/predict", "text/csv", table(ROWS)));

        assertThat(service.output()).doesNotContain("OutOfMemory");
    }

    /** Each would be answered if it came alone. */
    @Test
    void largeRequestsAtOnceLeaveEnoughForSmallOnes() throws Exception {
        assertStatus(201, post("/models", bytes("{\"id\": \"small\", \"hidden\": []}")));
        assertStatus(200, post("/models/small/train", bytes("{\"inputs\": [[0]], \"targets\": [0], \"epochs\": 1}")));
        byte[] large = body("");
        byte[] small = bytes("{\"inputs\": [[1]]}");
        List<CompletableFuture<HttpResponse<String>>> answers = Stream.generate(
                        () -> CLIENT.sendAsync(request("/models/small/predict", large), BodyHandlers.ofString()))
                .limit(LARGE_AT_ONCE)
                .toList();
        CompletableFuture<Void> all = CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0]));
        do {
            assertStatus(200, CLIENT.send(request("/models/small/predict", small), BodyHandlers.ofString()));
        } while (!all.isDone());

        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            assertThat(answer.get().statusCode()).as(answer.get().body()).isIn(422, 503); // 1,024 numbers, not 1
            assertThat(answer.get().headers().firstValue("Retry-After").isPresent())
                    .isEqualTo(answer.get().statusCode() == 503);
        }
        assertThat(service.output()).doesNotContain("OutOfMemory", "ran out of memory");
    }

    @Test
    void tablesThatAreTooLargeAreRefused() throws Exception {
        HttpResponse<String> response = post("/models/wide/train?target=c0&reset=true", "text/csv", table(2 * ROWS));

        assertStatus(422, response);
        assertThat(response.body()).contains("/problems/limit-exceeded", "a table may have at most");
        assertThat(service.output()).doesNotContain("OutOfMemory");
    }

    /** CSV of rows that differ, as wide as the matrices. */
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

    /** Once more if it is told to, as the memory of the request before may not be free yet. */
    private static HttpResponse<String> post(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = CLIENT.send(request, BodyHandlers.ofString());
        if (response.statusCode() != 503) {
            return response;
        }
        Thread.sleep(Duration.ofSeconds(
                        response.headers().firstValueAsLong("Retry-After").orElseThrow())
                .toMillis());
        return CLIENT.send(request, BodyHandlers.ofString());
    }

    private static HttpRequest request(String path, byte[] body) {
        return request(path, "application/json", BodyPublishers.ofByteArray(body));
    }

    private static HttpRequest request(String path, String type, BodyPublisher body) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + service.port() + path))
                .header("Content-Type", type)
                .header("Prefer", "wait=60")
                .header("Prefer", "wait=60")
                .POST(body)
                .build();
    }

    private static void assertStatus(int status, HttpResponse<String> response) {
        String start =
                response.body().substring(0, Math.min(500, response.body().length()));
        assertThat(response.statusCode()).as(start + "\n" + service.output()).isEqualTo(status);
        assertThat(response.body()).as(start).hasSizeLessThan(1 << 20);
    }
}
