package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Small requests while other clients, or trainings, keep all processors busy. */
class PredictionLoadTests extends ServiceTestBase {

    private static final int CLIENTS = 4;
    private static final int FEATURES = 100;
    private static final int ROWS = LoadScale.of(600, 60_000);
    private static final int BLANK_LINES = LoadScale.of(1 << 20, 1 << 30);
    private static final Duration LOAD = Duration.ofMillis(LoadScale.of(200, 12_000));
    private static final Duration WARM_UP = Duration.ofMillis(LoadScale.of(20, 5_000));
    private static final String SMALL = """
            {"inputs": [[0.1,0.2,0.3,0.4]]}""";

    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile boolean stopping;
    private @Nullable ChildService service;
    private String small = "";
    private final List<String> trainings = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        if (LoadScale.isFull()) {
            List<String> options = new ArrayList<>(ServiceJar.PRODUCTION_OPTIONS);
            options.add("--add-modules=jdk.incubator.vector");
            service = ChildService.start(options.toArray(new String[0]));
            port = service.port();
        }
        small = create("\"hidden\": [64, 32], \"task\": \"regression\"");
        train(small, "\"inputs\": [[0,0,0,1],[1,1,0,0]], \"targets\": [0,1], \"epochs\": 1");
    }

    @AfterEach
    void stop() {
        trainings.forEach(this::cancel);
        threads.shutdownNow();
        if (service != null) {
            service.close();
        }
    }

    @Test
    void answersSmallRequestsDuringLargePredictionsInJson() throws Exception {
        String row = "[" + "0.25,".repeat(FEATURES - 1) + "0.25],";
        String json = "{\"inputs\": [" + row.repeat(ROWS - 1) + row.substring(0, row.length() - 1) + "]}";
        String large = create("\"hidden\": [512, 512], \"task\": \"regression\"");
        train(
                large,
                "\"inputs\": [%s%s], \"targets\": [[%s1],[%s2]], \"epochs\": 1"
                        .formatted(row, row.substring(0, row.length() - 1), "0,".repeat(9), "0,".repeat(9)));

        measure("JSON", "/models/" + large + "/predict", "application/json", "*/*", bytes(json));
    }

    @Test
    void answersSmallRequestsDuringLargePredictionsInCsv() throws Exception {
        String names = IntStream.range(0, FEATURES).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
        String row = "0.25,".repeat(FEATURES - 1) + "0.25\n";
        String large = create("\"hidden\": [512, 512], \"task\": \"regression\"");
        String table = names + ",y\n" + row.replace("\n", ",1\n") + "0.5,"
                + row.substring(5).replace("\n", ",2\n");
        json(
                send(request("/models/" + large + "/train?target=y&epochs=1")
                        .header("Content-Type", "text/csv")
                        .POST(BodyPublishers.ofString(table))),
                200);

        measure("CSV", "/models/" + large + "/predict", "text/csv", "text/csv", bytes(names + "\n" + row.repeat(ROWS)));
    }

    @Test
    void answersSmallRequestsDuringTablesOfBlankLines() throws Exception {
        String table = create("\"hidden\": [4], \"task\": \"regression\"");
        json(
                send(request("/models/" + table + "/train?target=y&epochs=1")
                        .header("Content-Type", "text/csv")
                        .POST(BodyPublishers.ofString("a,b,y\n1,2,3\n2,3,4\n"))),
                200);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(bytes("a,b\n"));
            byte[] blank = bytes("\n".repeat(1 << 20));
            for (long length = 0; length < BLANK_LINES - blank.length; length += blank.length) {
                gzip.write(blank);
            }
            gzip.write(bytes("1,2\n"));
        }
        measure("blank lines", "/models/" + table + "/predict", "text/csv", "text/csv", bytes.toByteArray());
    }

    @Test
    void answersSmallRequestsDuringTrainings() throws Exception {
        LatencyProbe.Latencies idle = probe(() -> {});
        LatencyProbe.Latencies busy = probe(() -> {
            for (int i = 0; i < CLIENTS; i++) {
                startTraining();
            }
        });
        System.out.printf("trainings on " + Runtime.version() + ": idle %s; busy %s%n", idle, busy);
        if (LoadScale.isFull()) {
            assertThat(busy.percentile(99))
                    .isLessThan(Duration.ofMillis(10))
                    .isLessThan(idle.percentile(99).multipliedBy(3));
        }
    }

    private void measure(String name, String path, String type, String accept, byte[] body) throws Exception {
        String training = startTraining();
        List<Future<?>> clients = new ArrayList<>();
        LatencyProbe readiness = LatencyProbe.get(port, "/actuator/health/readiness", 20);
        LatencyProbe.Latencies predictions = probe(() -> {
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(threads.submit(() -> send(path, type, accept, body)));
            }
        });
        Duration cancelled = cancel(training);
        stopping = true;
        for (Future<?> client : clients) {
            Await.result(client);
        }
        LatencyProbe.Latencies ready = readiness.stop();
        System.out.printf(
                "%s on %s: %d answered, %d refused; predict %s; readiness %s; cancel %d ms%n",
                name, Runtime.version(), answered.get(), refused.get(), predictions, ready, cancelled.toMillis());
        if (LoadScale.isFull()) {
            assertThat(predictions.percentile(99)).isLessThan(Duration.ofMillis(30));
            assertThat(ready.percentile(99)).isLessThan(Duration.ofMillis(100));
            assertThat(cancelled).isLessThan(Duration.ofSeconds(1));
        }
    }

    private LatencyProbe.Latencies probe(Runnable load) throws InterruptedException {
        try (LatencyProbe warmUp = LatencyProbe.post(port, "/models/" + small + "/predict", SMALL, 100)) {
            Thread.sleep(WARM_UP.toMillis());
            warmUp.stop();
        }
        load.run();
        Thread.sleep(LOAD.toMillis() / 10);
        try (LatencyProbe probe = LatencyProbe.post(port, "/models/" + small + "/predict", SMALL, 100)) {
            Thread.sleep(LOAD.toMillis());
            return probe.stop();
        }
    }

    private void send(String path, String type, String accept, byte[] body) {
        do {
            HttpRequest.Builder builder = request(path)
                    .header("Content-Type", type)
                    .header("Accept", accept)
                    .POST(BodyPublishers.ofByteArray(body));
            if (body[0] == 0x1f) {
                builder.header("Content-Encoding", "gzip");
            }
            HttpRequest request = builder.build();
            try {
                HttpResponse<Void> response = client.send(request, BodyHandlers.discarding());
                assertThat(response.statusCode()).isIn(200, 413, 503);
                (response.statusCode() == 200 ? answered : refused).incrementAndGet();
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        } while (!stopping && LoadScale.isFull());
    }

    private String startTraining() {
        String id = create("\"hidden\": [256, 256], \"task\": \"regression\"");
        String path = header(
                begin(
                        id,
                        "\"inputs\": [%s[1,1,1,1]], \"targets\": [%s0], \"epochs\": 100000, \"timeLimitSeconds\": 120"
                                .formatted("[0,0,1,1],".repeat(4_000), "0,".repeat(4_000))),
                "Location");
        trainings.add(path);
        return path;
    }

    private Duration cancel(String training) {
        long start = System.nanoTime();
        json(post(training + "/cancel", ""), 200);
        awaitEnd(training);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
