package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Sends one request at a fixed rate, over its own connection, and measures how long each answer takes. */
final class LatencyProbe implements AutoCloseable {
    /*
     * Times count from when a request was due, not from when it was sent, so that a pause of the service is seen by all
     * requests that were due in it.
     */

    private final HttpRequest request;
    private final long intervalNanos;
    private final Thread thread;
    private final LongStream.Builder nanos = LongStream.builder();
    private volatile boolean stopping;
    private @Nullable String failure;

    private LatencyProbe(HttpRequest request, int perSecond) {
        this.request = request;
        this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.thread = new Thread(this::run, "probe");
        thread.start();
    }

    static LatencyProbe get(int port, String path, int perSecond) {
        return new LatencyProbe(builder(port, path).GET().build(), perSecond);
    }

    static LatencyProbe post(int port, String path, String json, int perSecond) {
        return new LatencyProbe(
                builder(port, path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json))
                        .build(),
                perSecond);
    }

    private static HttpRequest.Builder builder(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Await.TIMEOUT);
    }

    private void run() {
        HttpClient client = HttpClient.newHttpClient();
        long due = System.nanoTime();
        try {
            while (!stopping && failure == null) {
                LockSupport.parkNanos(due - System.nanoTime());
                var response = client.send(request, BodyHandlers.ofString());
                nanos.add(System.nanoTime() - due);
                if (response.statusCode() / 100 != 2) {
                    failure = response.statusCode() + " " + response.body();
                }
                due += intervalNanos;
            }
        } catch (IOException | InterruptedException e) {
            failure = e.toString();
        }
    }

    /** Stops the probe, and checks that every answer was a success. */
    Latencies stop() throws InterruptedException {
        stopping = true;
        thread.join();
        assertThat(failure).as("%s", request.uri()).isNull();
        return new Latencies(nanos.build().sorted().toArray());
    }

    @Override
    public void close() {
        stopping = true;
    }

    /** Measured times. */
    static final class Latencies {

        private final long[] nanos; // in ascending order

        private Latencies(long[] nanos) {
            this.nanos = nanos;
        }

        int count() {
            return nanos.length;
        }

        Duration percentile(double percent) {
            int index = (int) Math.ceil(percent / 100 * nanos.length) - 1;
            return Duration.ofNanos(nanos[Math.max(0, index)]);
        }

        @Override
        public String toString() {
            return "%d answers, p50 %.1f ms, p99 %.1f ms, maximum %.1f ms"
                    .formatted(nanos.length, millis(50), millis(99), millis(100));
        }

        private double millis(double percent) {
            return percentile(percent).toNanos() / 1e6;
        }
    }
}
