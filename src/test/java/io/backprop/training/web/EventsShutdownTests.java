package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.Application;
import io.backprop.Await;
import io.backprop.SentEvent;
import io.backprop.TestFolders;
import io.backprop.WatchedStream;
import io.backprop.web.events.EventStreams;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Shutdown of a service with open event streams and waiting requests. */
class EventsShutdownTests {

    private static final String ENDLESS = """
        {"inputs": [%s[1]], "targets": [%s1], "epochs": 1000000}\
        """.formatted("[1],".repeat(9_999), "1,".repeat(9_999));

    /** A limit that would let the test fail if the shutdown reached it. */
    private static final Duration LONG = Duration.ofMinutes(10);

    private static final int BUFFERED_EVENTS = 20; // at least those that a socket's small buffer holds

    private final HttpClient client = HttpClient.newHttpClient();
    private int port;

    /** Starts a service that runs a training. */
    private ConfigurableApplicationContext service() throws Exception {
        ConfigurableApplicationContext service = new SpringApplication(
                        Application.class, SlowListenerTests.SmallBuffers.class)
                .run(
                        "--server.port=0",
                        "--server.tomcat.connection-timeout=" + LONG,
                        "--spring.lifecycle.timeout-per-shutdown-phase=" + LONG,
                        "--backprop.store.folder=" + TestFolders.create());
        port = service.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        post("", """
            {"id": "watched", "hidden": [], "task": "regression"}\
            """, 201);
        post("/watched/train", ENDLESS, 202);
        return service;
    }

    @Test
    void shutdownEndsStreamsAndWaits() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> streams;
        CompletableFuture<HttpResponse<String>> waiting;
        long start;
        try (ConfigurableApplicationContext service = service()) {
            streams = IntStream.range(0, 20).mapToObj(i -> watch()).toList();
            EventStreams events = service.getBean(EventStreams.class);
            Await.until(() -> events.listeners() == 20);
            post("", """
                {"id": "waiting", "hidden": [], "task": "regression"}\
                """, 201);
            waiting = client.sendAsync(request("/waiting/train", ENDLESS, "wait=60"), BodyHandlers.ofString());
            Await.until(() -> client.sendAsync(
                                    HttpRequest.newBuilder(uri("/waiting/trainings/1"))
                                            .build(),
                                    BodyHandlers.discarding())
                            .join()
                            .statusCode()
                    == 200);
            start = System.nanoTime();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONG.dividedBy(2));
        assertThat(Await.result(waiting).statusCode()).isEqualTo(202);
        for (CompletableFuture<HttpResponse<String>> stream : streams) {
            assertThat(SentEvent.parse(Await.result(stream).body()))
                    .extracting(SentEvent::name)
                    .doesNotContain("end");
        }
    }

    @Test
    void clientsThatDoNotReadDoNotDelayTheShutdown() throws Exception {
        List<Socket> slow = new ArrayList<>();
        long start;
        try (ConfigurableApplicationContext service = service()) {
            for (int i = 0; i < 3; i++) {
                slow.add(EventsTestBase.open(port, "/models/watched/trainings/1"));
            }
            awaitBlocked(slow, new WatchedStream(client, request()));
            assertThat(service.getBean(EventStreams.class).listeners()).isEqualTo(4);
            start = System.nanoTime();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONG.dividedBy(2));
        for (Socket socket : slow) {
            socket.close();
        }
    }

    /** Awaits that nothing more reaches clients that do not read, while another receives more than the buffers hold. */
    private static void awaitBlocked(List<Socket> slow, WatchedStream other) {
        Await.until(
                () -> {
                    int received = available(slow);
                    other.awaitEvents(other.events().size() + BUFFERED_EVENTS);
                    return available(slow) - received;
                },
                more -> more == 0);
    }

    private static int available(List<Socket> clients) {
        int bytes = 0;
        for (Socket client : clients) {
            try {
                bytes += client.getInputStream().available();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return bytes;
    }

    private void post(String path, String body, int status) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(request(path, body, "wait=0"), BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    }

    private HttpRequest request(String path, String body, String prefer) {
        return HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/json")
                .header("Prefer", prefer)
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private CompletableFuture<HttpResponse<String>> watch() {
        return client.sendAsync(request(), BodyHandlers.ofString());
    }

    private HttpRequest request() {
        return HttpRequest.newBuilder(uri("/watched/trainings/1/events")).build();
    }

    private URI uri(String path) {
        return URI.create("http://localhost:" + port + "/models" + path);
    }
}
