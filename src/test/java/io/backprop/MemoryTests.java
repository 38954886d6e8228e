package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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
        URI uri = URI.create("http://localhost:" + service.port() + path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        return CLIENT.send(request, BodyHandlers.ofString());
    }

    private static void assertStatus(int status, HttpResponse<String> response) {
        String start =
                response.body().substring(0, Math.min(500, response.body().length()));
        assertThat(response.statusCode()).as(start).isEqualTo(status);
        assertThat(response.body()).as(start).hasSizeLessThan(1 << 20);
    }
}
