package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.mockingDetails;

import io.backprop.training.TrainingStore;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.bean.override.mockito.MockitoSpyBean;

/**
 * Many clients that wait for one training or follow it: they occupy no thread, are limited in number, and share the reads of
 * the store.
 */
class WaitersTests extends ServiceTestBase {

    private static final int CLIENTS = LoadScale.of(5, 1_000);
    private static final int REFUSED = 5;
    private static final Duration WATCHED = Duration.ofSeconds(LoadScale.of(0, 30));
    private static final int READS_PER_SECOND = 20;
    private static final int READS_AT_ONCE = 50;
    private static final String LIVENESS = "/actuator/health/liveness";
    private static final String BODY = "{" + XOR + ", \"epochs\": 1000000}";

    @MockitoSpyBean
    private TrainingStore store;

    private final HttpClient client = HttpClient.newHttpClient();
    private String id = "";
    private String path = "";

    @DynamicPropertySource
    static void limits(DynamicPropertyRegistry registry) {
        registry.add("backprop.training.waits", () -> CLIENTS);
        registry.add("backprop.events.listeners", () -> CLIENTS);
    }

    @BeforeEach
    void startALongTraining() {
        id = create("\"hidden\": [256, 256]");
        path = header(send(train("respond-async")), "Location");
        awaitEpoch(path);
    }

    @AfterEach
    void endIt() {
        delete("/models/" + id);
    }

    private HttpRequest.Builder train(String prefer) {
        return request("/models/" + id + "/train")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "key")
                .header("Prefer", prefer)
                .POST(BodyPublishers.ofString(BODY));
    }

    @Test
    void repeatedRequestsShareTheReadsOfTheStore() throws Exception {
        clearInvocations(store);
        long start = System.nanoTime();
        LatencyProbe.Latencies latencies;
        List<CompletableFuture<HttpResponse<String>>> waits = new ArrayList<>();
        try (LatencyProbe probe = LatencyProbe.get(port, LIVENESS, 20)) {
            IntStream.range(0, CLIENTS + REFUSED)
                    .mapToObj(i -> client.sendAsync(train("wait=60").build(), BodyHandlers.ofString()))
                    .forEach(waits::add);
            Await.until(() -> done(waits).size() >= REFUSED);
            Thread.sleep(WATCHED.toMillis());
            latencies = probe.stop();
        }
        int reads = mockingDetails(store).getInvocations().size();
        double seconds = (System.nanoTime() - start) / 1e9;

        List<CompletableFuture<HttpResponse<String>>> others = done(waits);
        assertThat(others)
                .hasSize(REFUSED)
                .allSatisfy(other -> assertThat(other.join().statusCode())
                        .isIn(429, 202)); // 202 if the last wait was taken while its body was read
        HttpResponse<String> refused = send(train("wait=60"));
        assertThat(problem(refused, 429, "too-many-requests").path("detail").asString())
                .contains("all " + CLIENTS + " waits", "backprop.training.waits");
        assertThat(header(refused, "Retry-After")).isEqualTo("5");
        assertThat((double) reads).isLessThan(READS_AT_ONCE + READS_PER_SECOND * seconds);
        if (LoadScale.isFull()) {
            System.out.printf(
                    "%d waits: %d reads of the store in %.1f s; liveness: %s%n", CLIENTS, reads, seconds, latencies);
            assertThat(reads / seconds).isLessThan(READS_PER_SECOND);
            assertThat(liveObjects()).doesNotContain("io.backprop.training.web.TrainRequest\n");
        }

        assertThat(json(send(train("respond-async")), 202).path("number").asInt())
                .isEqualTo(1);
        post(path + "/cancel", ""); // is not refused
        assertThat(waits.stream().map(Await::result).filter(response -> response.statusCode() == 200))
                .hasSize(CLIENTS)
                .allSatisfy(response ->
                        assertThat(json(response).path("state").asString()).isEqualTo("cancelled"));
        json(send(train("wait=60")), 200);
    }

    /** Returns a line for each class with objects in use. */
    private static String liveObjects() throws JMException {
        return (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {null},
                        new String[] {String[].class.getName()});
    }

    private static <T> List<CompletableFuture<T>> done(List<CompletableFuture<T>> futures) {
        return futures.stream().filter(CompletableFuture::isDone).toList();
    }

    @Test
    void refusesMoreListeners() throws Exception {
        LatencyProbe.Latencies latencies;
        List<HttpResponse<InputStream>> streams = new ArrayList<>();
        clearInvocations(store);
        long start = System.nanoTime();
        try (LatencyProbe probe = LatencyProbe.get(port, LIVENESS, 20)) {
            for (int i = 0; i < CLIENTS; i++) {
                streams.add(listen());
            }
            assertThat(streams)
                    .allSatisfy(stream -> assertThat(stream.statusCode()).isEqualTo(200));
            Thread.sleep(WATCHED.toMillis());
            latencies = probe.stop();
        }
        int reads = mockingDetails(store).getInvocations().size();
        double seconds = (System.nanoTime() - start) / 1e9;

        HttpResponse<String> refused = get(path + "/events");
        assertThat(problem(refused, 429, "too-many-requests").path("detail").asString())
                .contains("all " + CLIENTS + " event streams", "backprop.events.listeners");
        assertThat(header(refused, "Retry-After")).isEqualTo("5");
        assertThat((double) reads).isLessThan(CLIENTS + READS_AT_ONCE + READS_PER_SECOND * seconds);
        if (LoadScale.isFull()) {
            System.out.printf(
                    "%d listeners: %d reads of the store in %.1f s; liveness: %s%n",
                    CLIENTS, reads, seconds, latencies);
        }

        streams.remove(0).body().close();
        Await.until(this::listen, stream -> streams.add(stream) && stream.statusCode() == 200);
        post(path + "/cancel", "");
        streams.removeIf(stream -> stream.statusCode() != 200);
        assertThat(streams)
                .hasSize(CLIENTS)
                .allSatisfy(stream -> assertThat(text(stream)).contains("event:end\n"));
    }

    private HttpResponse<InputStream> listen() {
        return client.sendAsync(request(path + "/events").build(), BodyHandlers.ofInputStream())
                .join();
    }

    private static String text(HttpResponse<InputStream> stream) throws IOException {
        return new String(stream.body().readAllBytes(), StandardCharsets.UTF_8);
    }
}
