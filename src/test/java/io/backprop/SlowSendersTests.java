package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** More clients than the server has threads or connections, each of which sends a byte now and then, or nothing. */
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("SlowSendersTests") // one load at a time
class SlowSendersTests extends HttpTestBase {

    private static final int BODIES = LoadScale.of(100, 1_200);
    private static final int HEADERS = LoadScale.of(200, 2_000);
    private static final int SILENT = LoadScale.of(190, 1_000);
    private static final Duration INTERVAL = Duration.ofMillis(LoadScale.of(250, 5_000));
    private static final Duration MAX_DURATION = Duration.ofSeconds(60);
    private static final Duration MAX_LATENCY = Duration.ofMillis(100);

    private static final String SLOW_HEADER = "GET /models HTTP/1.1\r\nHost: localhost\r\nX-Slow: ";

    /** Requests whose rest is slow: two bodies, an extension of a chunk, and a body that nobody reads. */
    private static final List<String> SLOW_BODIES = List.of(
            start("/models/small/predict", "Content-Length: 400000") + "{\"inputs\": [",
            start("/models/small/predict", "Content-Length: 400000"),
            start("/models/small/predict", "Transfer-Encoding: chunked") + "400000;",
            start("/nothing", "Content-Length: 400000"));

    private static String start(String path, String length) {
        return """
                POST %s HTTP/1.1\r
                Host: localhost\r
                Connection: close\r
                Content-Type: application/json\r
                %s\r
                \r
                """.formatted(path, length);
    }

    @Test
    void areDisconnectedAndDelayNobody() throws Exception {
        String[] options = LoadScale.isFull()
                ? ServiceJar.PRODUCTION_OPTIONS.toArray(new String[0])
                : new String[] {
                    "-Dserver.tomcat.connection-timeout=1s",
                    "-Dserver.tomcat.threads.max=20",
                    "-Dserver.tomcat.max-connections=200"
                };
        List<SlowSender> senders = new ArrayList<>();
        try (ChildService service = ChildService.start(options)) {
            port = service.port();
            createModel();
            if (LoadScale.isFull()) {
                warmUp();
            }
            try (LatencyProbe probe = predictions(LoadScale.of(20, 100));
                    Socket idle = new Socket("localhost", port)) {
                assertResponds(idle);
                for (int i = 0; i < SILENT; i++) {
                    senders.add(new SlowSender(port, ""));
                }
                for (int i = 0; i < Math.max(BODIES, HEADERS); i++) {
                    if (i < BODIES) {
                        senders.add(new SlowSender(port, SLOW_BODIES.get(i % SLOW_BODIES.size())));
                    }
                    if (i < HEADERS) {
                        senders.add(new SlowSender(port, SLOW_HEADER));
                    }
                }

                sendUntilAllAreDisconnected(senders);

                assertResponds(idle);
                LatencyProbe.Latencies latencies = probe.stop();
                if (LoadScale.isFull()) {
                    Duration longest = senders.stream()
                            .map(SlowSender::duration)
                            .max(Duration::compareTo)
                            .orElseThrow();
                    System.out.printf(
                            "%d slow bodies, %d slow headers and %d silent connections: last disconnected after %.1f s;"
                                    + " small predictions: %s%n",
                            BODIES, HEADERS, SILENT, longest.toMillis() / 1e3, latencies);
                    assertThat(longest).isLessThan(MAX_DURATION);
                    assertThat(latencies.percentile(99)).isLessThan(MAX_LATENCY);
                }
            }
            assertThat(service.output()).doesNotContain("ERROR", "Exception");
        } finally {
            for (SlowSender sender : senders) {
                sender.close();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"256m, 700, 100000", "256m, 350, 500000", "1g, 4000, 100000"})
    @EnabledIfSystemProperty(named = "test.load", matches = "full")
    void halfSentBodiesDoNotExhaustTheHeap(String heap, int clients, int length) throws Exception {
        List<String> options = new ArrayList<>(ServiceJar.PRODUCTION_OPTIONS);
        options.add("-Xmx" + heap);
        String half = start("/models/small/predict", "Content-Length: " + length)
                + ("{\"inputs\": [" + "[1],".repeat(length)).substring(0, length / 2);
        List<SlowSender> senders = new ArrayList<>();
        try (ChildService service = ChildService.start(options.toArray(new String[0]))) {
            port = service.port();
            createModel();
            try (LatencyProbe probe = predictions(20)) {
                for (int i = 0; i < clients; i++) {
                    senders.add(new SlowSender(port, half));
                }
                Thread.sleep(15_000);
                System.out.printf(
                        "%d half-sent bodies of %d bytes at -Xmx%s; small predictions: %s%n",
                        clients, length, heap, probe.stop());
            }
            assertThat(service.output()).doesNotContain("OutOfMemory");
            try (LatencyProbe probe = LatencyProbe.get(port, "/actuator/health/liveness", 20)) {
                Thread.sleep(1_000);
                assertThat(probe.stop().percentile(50)).isLessThan(MAX_LATENCY);
            }
        } finally {
            for (SlowSender sender : senders) {
                sender.close();
            }
        }
    }

    private static void assertResponds(Socket connection) throws IOException {
        connection
                .getOutputStream()
                .write("HEAD /models HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        byte[] response = new byte[1 << 12];
        int length = connection.getInputStream().read(response);
        assertThat(new String(response, 0, Math.max(length, 0), StandardCharsets.US_ASCII))
                .startsWith("HTTP/1.1 200")
                .endsWith("\r\n\r\n");
    }

    private void warmUp() throws InterruptedException {
        try (LatencyProbe probe = predictions(500)) {
            Thread.sleep(5_000);
            probe.stop();
        }
    }

    private void createModel() {
        json(post("/models", "{\"id\": \"small\", \"hidden\": []}"), 201);
        json(post("/models/small/train", "{\"inputs\": [[0], [1]], \"targets\": [0, 1], \"epochs\": 1}"), 200);
    }

    private LatencyProbe predictions(int perSecond) {
        return LatencyProbe.post(port, "/models/small/predict", "{\"inputs\": [[1]]}", perSecond);
    }

    private static void sendUntilAllAreDisconnected(List<SlowSender> senders) {
        Await.until(
                () -> {
                    try {
                        TimeUnit.MILLISECONDS.sleep(INTERVAL.toMillis());
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    return senders.stream()
                            .filter(sender -> !sender.isDisconnected())
                            .peek(SlowSender::sendByte)
                            .count();
                },
                connected -> connected == 0);
    }

    /** A connection on which the start of a request is sent at once, if any, and then a byte at a time. */
    private static final class SlowSender {

        private final SocketChannel channel;
        private final boolean isSilent;
        private final ByteBuffer received = ByteBuffer.allocate(1 << 12);
        private final long start = System.nanoTime();
        private long end;

        SlowSender(int port, String request) throws IOException {
            channel = SocketChannel.open(new InetSocketAddress("localhost", port));
            isSilent = request.isEmpty();
            channel.configureBlocking(false);
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII))); // as much as the buffers hold
        }

        void sendByte() {
            try {
                int count;
                do {
                    count = channel.read(received.clear());
                } while (count > 0);
                if (count == 0) {
                    if (!isSilent) {
                        channel.write(ByteBuffer.wrap(new byte[] {'x'}));
                    }
                    return;
                }
            } catch (IOException e) {
                // reset
            }
            end = System.nanoTime();
        }

        boolean isDisconnected() {
            return end != 0;
        }

        Duration duration() {
            return Duration.ofNanos(end - start);
        }

        void close() throws IOException {
            channel.close();
        }
    }
}
