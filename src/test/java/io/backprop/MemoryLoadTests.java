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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Many clients whose requests together need several times the heap, beside small predictions. */
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("MemoryLoadTests") // one service at a time
class MemoryLoadTests extends HttpTestBase {

    private static final Duration LOAD = Duration.ofSeconds(LoadScale.of(2, 60));

    private static final Duration RECONNECTION = Duration.ofSeconds(10);

    private final List<Thread> clients = new ArrayList<>();
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final ConcurrentMap<String, Integer> answers = new ConcurrentHashMap<>();
    private volatile boolean stopping;

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
        try (ChildService service = start()) {
            createModel("wide", "[8192]", 1, 1);
            createModel("large", "[%d, 1000]".formatted(LoadScale.of(500, 2_500)), 1_000, 1);
            byte[] rows = bytes("{\"inputs\": [" + "[1],".repeat(LoadScale.of(20_000, 100_000)) + "[1]]}");

            try (LatencyProbe small =
                    LatencyProbe.post(port, "/models/small/predict", "{\"inputs\": [[1]]}", LoadScale.of(20, 100))) {
                repeat(LoadScale.of(8, 64), "predict", () -> predict(rows));
                repeat(LoadScale.of(4, 20), "parameters", () -> download("/models/large/parameters"));
                sendHalf(LoadScale.of(30, 250), 500_000);
                Thread.sleep(LOAD.toMillis());
                String times = small.stop().toString();
                report("64 large predictions, 20 downloads, 250 half-sent bodies", times);
            }

            assertThat(answers.keySet()).isSubsetOf("predict 200", "predict 503", "parameters 200", "parameters 503");
            assertThat(answers).containsKeys("predict 200", "parameters 200");
            assertSurvived(service);
        }
    }

    @Test
    void halfSentBodiesDoNotExhaustTheHeap() throws Exception {
        try (ChildService service = start()) {
            try (LatencyProbe health = LatencyProbe.get(port, "/actuator/health/liveness", LoadScale.of(10, 50))) {
                sendHalf(LoadScale.of(60, 700), 100_000);
                sendHalf(LoadScale.of(30, 350), 500_000);
                Thread.sleep(LOAD.toMillis());
                report(
                        "700 half-sent bodies of 100 KB and 350 of 500 KB",
                        health.stop().toString());
            }
            stopClients();
            assertSurvived(service);
        }
    }

    @Test
    void answersBesideClientsThatDoNotReadParameters() throws Exception {
        try (ChildService service = start()) {
            createModel("large", "[%d, 1000]".formatted(LoadScale.of(500, 2_500)), 1_000, 1);
            try (LatencyProbe small =
                    LatencyProbe.post(port, "/models/small/predict", "{\"inputs\": [[1]]}", LoadScale.of(20, 100))) {
                for (int i = 0; i < 16; i++) {
                    send("GET /models/large/parameters HTTP/1.1\r\nHost: localhost\r\n\r\n", new byte[0]);
                }
                download("/models/large/parameters");
                Thread.sleep(LOAD.toMillis());
                report("16 downloads that are not read", small.stop().toString());
            }
            assertSurvived(service);
        }
    }

    private ChildService start() throws IOException {
        List<String> options = new ArrayList<>(ServiceJar.PRODUCTION_OPTIONS);
        options.add("-Xmx256m");
        ChildService service = ChildService.start(options.toArray(new String[0]));
        port = service.port();
        createModel("small", "[4]", 1, 1);
        return service;
    }

    private void createModel(String id, String hidden, int inputs, int outputs) {
        json(post("/models", "{\"id\": \"%s\", \"hidden\": %s, \"standardize\": false}".formatted(id, hidden)), 201);
        String row = IntStream.range(0, inputs).mapToObj(i -> "0").collect(Collectors.joining(","));
        String targets = IntStream.range(0, outputs).mapToObj(i -> "0").collect(Collectors.joining(","));
        json(
                post(
                        "/models/" + id + "/train",
                        "{\"inputs\": [[%s]], \"targets\": [[%s]], \"epochs\": 1}".formatted(row, targets)),
                200);
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

    private void report(String load, String times) {
        if (LoadScale.isFull()) {
            System.out.printf("Beside %s: %s; answers %s%n", load, times, Map.copyOf(answers));
        }
    }

    private void assertSurvived(ChildService service) {
        stopping = true;
        assertThat(get("/actuator/health/liveness").statusCode())
                .as(service.output())
                .isEqualTo(200);
        assertThat(post("/models/small/predict", "{\"inputs\": [[1]]}").statusCode())
                .isEqualTo(200);
        assertThat(service.output()).doesNotContain("OutOfMemory", "ran out of memory");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
