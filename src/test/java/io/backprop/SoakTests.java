package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.boot.convert.DurationStyle;

/**
 * Predicts at a constant rate, 60 % of what the service is capable of, while models are created, trained and deleted. The
 * system property {@code test.soak} sets how long, for example {@code 30m}; if it is set, the heap, the threads, the file
 * descriptors and the store must not grow.
 */
@Execution(ExecutionMode.CONCURRENT)
class SoakTests extends HttpTestBase {

    private static final String PROPERTY = System.getProperty("test.soak", "");
    private static final boolean MEASURED = !PROPERTY.isEmpty();
    private static final Duration DURATION = MEASURED ? DurationStyle.detectAndParse(PROPERTY) : Duration.ZERO;
    private static final Duration CAPACITY = Duration.ofMillis(MEASURED ? 10_000 : 100);
    private static final Duration INTERVAL = Duration.ofSeconds(20); // between two samples
    private static final Duration PAUSE = Duration.ofSeconds(1); // between two cycles
    private static final Path TABLE = Path.of("src/test/resources/data/iris.csv");

    private static final int CLIENTS = 4;
    private static final double LOAD = 0.6;
    private static final int MIN_CYCLES = 2;
    private static final int SATURATING = 1_000_000; // requests per second
    private static final double MAX_GROWTH = 0.01; // of the heap in ten minutes
    private static final int MAX_MORE = 3; // threads and descriptors, whose number depends on the moment
    private static final double MAX_STORE_GROWTH = 1.5;

    private static final String PREDICTION = "{\"inputs\": [[0.1, 0.2, 0.3, 0.4]]}";

    private final Lock cycle = new ReentrantLock(); // held during a cycle, so that samples are taken between two
    private final AtomicInteger cycles = new AtomicInteger();
    private final List<Sample> samples = new ArrayList<>();
    private volatile boolean stopping;

    private record Sample(double minutes, long heap, int threads, long descriptors, long store) {

        @Override
        public String toString() {
            return "%.1f min: heap %.2f MB, %d threads, %d descriptors, store %.1f MB"
                    .formatted(minutes, heap / 1e6, threads, descriptors, store / 1e6);
        }
    }

    @Test
    void longLoadLeavesNothingBehind() throws Exception {
        List<String> options = new ArrayList<>(MEASURED ? ServiceJar.PRODUCTION_OPTIONS : List.of());
        options.add("-Xmx256m");
        Path store = TestFolders.create();
        try (ChildService service = ChildService.start(store, options.toArray(new String[0]));
                ServiceMonitor monitor = new ServiceMonitor(service)) {
            port = service.port();
            json(post("/models", "{\"id\": \"small\", \"hidden\": [64, 32], \"seed\": 1}"), 201);
            json(post("/models/small/train", "{\"inputs\": [[0,0,0,1],[1,1,0,0]], \"targets\": [0,1]}"), 200);
            runCycle();
            run(SATURATING, CAPACITY);
            int threads = monitor.threads();
            long descriptors = monitor.descriptors();

            int capacity = (int) (count(run(SATURATING, CAPACITY)) / (CAPACITY.toMillis() / 1e3));
            CompletableFuture<Void> trainings = CompletableFuture.runAsync(this::runCycles);
            List<LatencyProbe> probes = start(Math.max(1, (int) (LOAD * capacity / CLIENTS)));
            long start = System.nanoTime();
            do {
                Thread.sleep(Math.min(INTERVAL.toMillis(), DURATION.toMillis()));
                if (MEASURED) {
                    sample(monitor, store, start);
                }
            } while (System.nanoTime() - start < DURATION.toNanos() && !trainings.isDone());
            Await.until(() -> cycles.get() > MIN_CYCLES || trainings.isDone());
            stopping = true;
            Await.result(trainings);
            List<LatencyProbe.Latencies> latencies = stop(probes);

            Await.until(
                    () -> monitor.threads() <= threads + MAX_MORE && monitor.descriptors() <= descriptors + MAX_MORE);
            assertThat(service.output()).doesNotContain(" ERROR ", "\tat ", "OutOfMemory");
            if (MEASURED) {
                System.out.printf(
                        "%s: %d predictions/s of %d, %s; %d cycles; heap %+.2f %% in 10 minutes%n%s%n",
                        PROPERTY,
                        (int) (count(latencies) / (DURATION.toMillis() / 1e3)),
                        capacity,
                        latencies.get(0),
                        cycles.get(),
                        100 * heapGrowth(),
                        String.join("\n", samples.stream().map(Sample::toString).toList()));
                assertNoGrowth();
            }
        }
    }

    private List<LatencyProbe> start(int perSecond) {
        return Stream.generate(() -> LatencyProbe.post(port, "/models/small/predict", PREDICTION, perSecond))
                .limit(CLIENTS)
                .toList();
    }

    private static List<LatencyProbe.Latencies> stop(List<LatencyProbe> probes) throws InterruptedException {
        probes.forEach(LatencyProbe::close);
        List<LatencyProbe.Latencies> latencies = new ArrayList<>();
        for (LatencyProbe probe : probes) {
            latencies.add(probe.stop());
        }
        return latencies;
    }

    private List<LatencyProbe.Latencies> run(int perSecond, Duration duration) throws InterruptedException {
        List<LatencyProbe> probes = start(perSecond);
        Thread.sleep(duration.toMillis());
        return stop(probes);
    }

    private static int count(List<LatencyProbe.Latencies> latencies) {
        return latencies.stream().mapToInt(LatencyProbe.Latencies::count).sum();
    }

    private void runCycles() {
        while (!stopping) {
            cycle.lock();
            try {
                runCycle();
            } catch (IOException e) {
                throw new AssertionError(e);
            } finally {
                cycle.unlock();
            }
            cycles.incrementAndGet();
            if (MEASURED) {
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    /** Creates two models, trains them, waits for trainings in each way, predicts, and deletes the models. */
    private void runCycle() throws IOException {
        String numbers = "/models/numbers";
        json(post("/models", "{\"id\": \"numbers\", \"hidden\": [16]}"), 201);
        HttpResponse<String> begun = train(numbers, "respond-async", "\"epochs\": 100");
        json(begun, 202);
        assertThat(get(header(begun, "Location") + "/events").body()).contains("event:end");
        String endless = "\"epochs\": 1000000, \"batchSize\": 1";
        CompletableFuture<HttpResponse<String>> waiting =
                CompletableFuture.supplyAsync(() -> train(numbers, "wait=60", endless));
        String second = numbers + "/trainings/2";
        Await.until(() -> get(second).statusCode() == 200);
        json(post(second + "/cancel", ""), 200);
        assertThat(json(Await.result(waiting), 200).path("stopReason").asString())
                .isIn("cancelled", "epochs"); // on a busy machine, it may end before
        json(get(numbers + "/trainings/2/history"), 200);
        json(get(numbers + "/parameters"), 200);

        String table = "/models/table";
        json(post("/models", "{\"id\": \"table\", \"hidden\": [16]}"), 201);
        json(sendTable(table + "/train?target=species&epochs=5", "application/json"), 200);
        assertThat(sendTable(table + "/predict", "text/csv").body()).contains("prediction");
        json(sendTable(table + "/evaluate", "application/json"), 200);
        json(sendTable(table + "/cross-validate?target=species&epochs=1&folds=2", "application/json"), 200);
        json(get("/models"), 200);
        for (String model : List.of(numbers, table)) {
            assertThat(delete(model).statusCode()).isEqualTo(204);
        }
    }

    private HttpResponse<String> train(String model, String prefer, String options) {
        return send(request(model + "/train")
                .header("Content-Type", "application/json")
                .header("Prefer", prefer)
                .POST(BodyPublishers.ofString(
                        "{\"inputs\": [[0,0],[0,1],[1,0],[1,1]], \"targets\": [0,1,1,0], " + options + "}")));
    }

    private HttpResponse<String> sendTable(String path, String accept) throws IOException {
        BodyPublisher table = BodyPublishers.ofFile(TABLE);
        return send(request(path)
                .header("Content-Type", "text/csv")
                .header("Accept", accept)
                .header("Prefer", "wait=60")
                .POST(table));
    }

    private void sample(ServiceMonitor monitor, Path store, long start) throws IOException {
        cycle.lock();
        try {
            samples.add(new Sample(
                    (System.nanoTime() - start) / 60e9,
                    monitor.heapAfterCollection(),
                    monitor.threads(),
                    monitor.descriptors(),
                    size(store)));
        } finally {
            cycle.unlock();
        }
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private void assertNoGrowth() {
        Sample first = samples.get(samples.size() / 4);
        Sample last = samples.get(samples.size() - 1);
        assertThat(heapGrowth()).isLessThan(MAX_GROWTH);
        assertThat(last.threads()).isLessThanOrEqualTo(first.threads() + MAX_MORE);
        assertThat(last.descriptors()).isLessThanOrEqualTo(first.descriptors() + MAX_MORE);
        assertThat((double) last.store()).isLessThanOrEqualTo(MAX_STORE_GROWTH * first.store());
    }

    /** Returns the slope of the regression line of the heap over ten minutes, relative to its mean, without the warm-up. */
    private double heapGrowth() {
        List<Sample> later = samples.subList(samples.size() / 4, samples.size());
        double meanMinutes =
                later.stream().mapToDouble(Sample::minutes).average().orElseThrow();
        double meanHeap = later.stream().mapToLong(Sample::heap).average().orElseThrow();
        double covariance = 0;
        double variance = 0;
        for (Sample sample : later) {
            covariance += (sample.minutes() - meanMinutes) * (sample.heap() - meanHeap);
            variance += (sample.minutes() - meanMinutes) * (sample.minutes() - meanMinutes);
        }
        return 10 * covariance / variance / meanHeap;
    }
}
