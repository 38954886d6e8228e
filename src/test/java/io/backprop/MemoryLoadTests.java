package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Many clients whose requests together need several times the heap, beside small predictions. */
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("MemoryLoadTests") // the tests share one service
class MemoryLoadTests extends HttpTestBase {

    private static final Duration LOAD = Duration.ofSeconds(30);
    private static final Duration RECONNECTION = Duration.ofSeconds(10);
    private static final String SMALL = "{\"inputs\": [[1]]}";

    @SuppressWarnings("NullAway.Init")
    private static ChildService service;

    private final List<Thread> clients = new ArrayList<>();
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final ConcurrentMap<String, Integer> answers = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    @BeforeAll
    static void start() throws IOException {
        List<String> options = new ArrayList<>(LoadScale.isFull() ? ServiceJar.PRODUCTION_OPTIONS : List.of());
        options.add("-Xmx256m");
        service = ChildService.start(options.toArray(new String[0]));
        MemoryLoadTests tests = new MemoryLoadTests();
        tests.port = service.port();
        tests.createModel("small", "[4]", 1);
        tests.createModel("wide", "[8192]", 1);
        tests.createModel("large", "[%d, 1000]".formatted(LoadScale.of(200, 2_500)), 1_000);
    }

    private void createModel(String id, String hidden, int inputs) {
        json(post("/models", "{\"id\": \"%s\", \"hidden\": %s, \"standardize\": false}".formatted(id, hidden)), 201);
        String row = "0,".repeat(inputs - 1) + "0";
        String data = "{\"inputs\": [[%s]], \"targets\": [0], \"epochs\": 1}".formatted(row);
        Await.until(() -> post("/models/" + id + "/train", data), response -> response.statusCode() == 200);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @BeforeEach
    void setPort() {
        port = service.port();
    }

    @AfterEach
    void stopClients() throws Exception {
        stopping = true;
        for (Socket socket : sockets) {
            socket.close();
        }
        clients.forEach(Thread::interrupt);
        for (Thread client : clients) {
            client.join();
        }
    }

    @Test
    void answersSmallPredictionsBesideRequestsThatNeedMoreThanTheHeap() throws Exception {
        byte[] rows = bytes("{\"inputs\": [" + "[1],".repeat(LoadScale.of(20_000, 100_000)) + "[1]]}");
        try (LatencyProbe small = LatencyProbe.post(port, "/models/small/predict", SMALL, LoadScale.of(20, 100))) {
            sendHalf(LoadScale.of(30, 250), 500_000);
            repeat(LoadScale.of(6, 64), "predict", () -> predict(rows));
            repeat(LoadScale.of(3, 20), "parameters", () -> download("/models/large/parameters"));
            awaitLoad("predict 200", "parameters 200");
            report("64 large predictions, 20 downloads, 250 half-sent bodies", small.stop());
        }

        assertThat(answers.keySet()).isSubsetOf("predict 200", "predict 503", "parameters 200", "parameters 503");
        assertSurvived();
    }

    @Test
    void answersBesideHalfSentBodies() throws Exception {
        try (LatencyProbe health = LatencyProbe.get(port, "/actuator/health/liveness", LoadScale.of(20, 50))) {
            sendHalf(LoadScale.of(60, 700), 100_000);
            sendHalf(LoadScale.of(30, 350), 500_000);
            awaitLoad();
            report("700 half-sent bodies of 100 KB and 350 of 500 KB", health.stop());
        }
        assertSurvived();
    }

    @Test
    void answersBesideClientsThatDoNotReadParameters() throws Exception {
        try (LatencyProbe small = LatencyProbe.post(port, "/models/small/predict", SMALL, LoadScale.of(20, 100))) {
            for (int i = 0; i < 16; i++) {
                send("GET /models/large/parameters HTTP/1.1\r\nHost: localhost\r\n\r\n", new byte[0]);
            }
            repeat(1, "parameters", () -> download("/models/large/parameters"));
            awaitLoad("parameters 200");
            report("16 downloads that are not read", small.stop());
        }
        assertSurvived();
    }

    /** Waits until there was each of these answers, and for the full duration. */
    private void awaitLoad(String... required) throws InterruptedException {
        Await.until(() -> answers.keySet().containsAll(Set.of(required)));
        if (LoadScale.isFull()) {
            Thread.sleep(LOAD.toMillis());
        }
    }

    private interface Request {
        int status() throws IOException, InterruptedException;
    }

    private void repeat(int count, String name, Request request) {
        for (int i = 0; i < count; i++) {
            start(() -> {
                while (!stopping) {
                    try {
                        answers.merge(name + " " + request.status(), 1, Integer::sum);
                    } catch (IOException e) {
                        answers.merge(name + (stopping ? " stopped" : " " + e), 1, Integer::sum);
                    }
                }
            });
        }
    }

    private interface Action {
        void run() throws IOException, InterruptedException;
    }

    private void start(Action action) {
        Thread client = new Thread(() -> {
            try {
                action.run();
            } catch (IOException | InterruptedException e) {
                // the connection was closed, by the service or at the end of the test
            }
        });
        client.start();
        clients.add(client);
    }

    private int predict(byte[] body) throws IOException, InterruptedException {
        return exchange(request("/models/wide/predict")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body)));
    }

    private int download(String path) throws IOException, InterruptedException {
        return exchange(request(path));
    }

    private final ThreadLocal<HttpClient> client = ThreadLocal.withInitial(
            () -> HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build());

    private int exchange(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.get()
                .send(request.timeout(Await.TIMEOUT).build(), BodyHandlers.discarding())
                .statusCode();
    }

    /** Sends the first half of several bodies, and nothing more. */
    private void sendHalf(int count, int length) {
        byte[] half = bytes("{\"inputs\": [[" + "1,".repeat(length / 4));
        String head = """
                POST /models/small/predict HTTP/1.1\r
                Host: localhost\r
                Content-Type: application/json\r
                Content-Length: %d\r
                \r
                """.formatted(length);
        for (int i = 0; i < count; i++) {
            start(() -> {
                while (!stopping) {
                    send(head, half).read(); // until the service gives up
                    Thread.sleep(RECONNECTION.toMillis());
                }
            });
        }
    }

    private InputStream send(String head, byte[] body) throws IOException {
        Socket socket = new Socket("localhost", port);
        sockets.add(socket);
        socket.getOutputStream().write(bytes(head));
        socket.getOutputStream().write(body);
        return socket.getInputStream();
    }

    private void report(String load, LatencyProbe.Latencies times) {
        if (LoadScale.isFull()) {
            System.out.printf("Beside %s: %s; answers %s%n", load, times, Map.copyOf(answers));
        }
    }

    private void assertSurvived() {
        assertThat(post("/models/small/predict", SMALL).statusCode())
                .as(service.output())
                .isEqualTo(200);
        assertThat(service.output()).doesNotContain("OutOfMemory", "ran out of memory");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
