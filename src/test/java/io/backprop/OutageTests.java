package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Stops PostgreSQL and starts it again while clients change models. The system property {@code test.outage} sets how
 * many requests are refused before PostgreSQL returns.
 */
@Execution(ExecutionMode.CONCURRENT)
class OutageTests extends HttpTestBase {

    private static final int REFUSALS = Integer.getInteger("test.outage", 12);
    private static final int PREDICTIONS = 20;
    private static final int ACKNOWLEDGEMENTS = 5;

    private final Postgres postgres = Postgres.create();
    private final String database = "-Dspring.datasource.url=" + postgres.newDatabase();
    private final List<RecordingClient> clients = IntStream.range(0, 6)
            .mapToObj(i -> new RecordingClient("client" + i, i))
            .toList();
    private final List<Future<?>> running = new ArrayList<>();
    private final AtomicInteger predictions = new AtomicInteger();
    private final ExecutorService pool = Executors.newCachedThreadPool();
    private volatile boolean over;

    @AfterEach
    void stopClients() {
        over = true;
        pool.shutdown();
    }

    @Test
    void losesNoAcknowledgedChangeAndKeepsPredicting() throws Exception {
        try (ChildService service = ChildService.start(database)) {
            port = service.port();
            json(post("/models", """
                    {"id": "linear", "hidden": [], "task": "regression"}"""), 201);
            json(post("/models/linear/train", "{\"inputs\": [[1],[2]], \"targets\": [2,4]}"), 200);
            clients.forEach(client -> running.add(pool.submit(() -> client.run(port, () -> over))));
            running.add(pool.submit(this::predict));
            awaitAcknowledgements();
            await(() -> isMeasured("backprop_models") && isMeasured("backprop_store_size_bytes"));

            postgres.stop();
            try {
                int refusalsBefore = refusals();
                int predictionsBefore = predictions.get();
                await(() -> refusals() >= refusalsBefore + REFUSALS);
                await(() -> predictions.get() >= predictionsBefore + PREDICTIONS);
                await(() -> health("/store") == 503);
                await(() -> metrics().contains("backprop_models NaN"));
                assertThat(health("/readiness")).isEqualTo(200);
                assertThat(health("/liveness")).isEqualTo(200);
            } finally {
                postgres.start();
            }
            awaitAcknowledgements();
            await(() -> health("/store") == 200);
            await(() -> isMeasured("backprop_models"));

            over = true;
            assertThat(service.output()).doesNotContain(" ERROR ");
            for (Future<?> client : running) {
                Await.result(client);
            }
        }
        try (ChildService service = ChildService.start(database)) {
            clients.forEach(client -> client.check(service.port()));
        }
    }

    private void predict() {
        String first = predicted();
        while (!over) {
            assertThat(predicted()).isEqualTo(first);
            predictions.incrementAndGet();
        }
    }

    private String predicted() {
        return json(post("/models/linear/predict", "{\"inputs\": [[1]]}"), 200).toString();
    }

    private int health(String group) {
        return get("/actuator/health" + group).statusCode();
    }

    private boolean isMeasured(String metric) {
        return metrics().lines().anyMatch(line -> line.startsWith(metric + " ") && !line.endsWith("NaN"));
    }

    private String metrics() {
        HttpResponse<String> response = get("/actuator/prometheus");
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    private void awaitAcknowledgements() {
        for (RecordingClient client : clients) {
            int enough = client.acknowledgements() + ACKNOWLEDGEMENTS;
            await(() -> client.acknowledgements() >= enough);
        }
    }

    private int refusals() {
        return clients.stream().mapToInt(RecordingClient::refusals).sum();
    }

    /** Waits until the condition is met or a client has failed. */
    private void await(BooleanSupplier condition) {
        Await.until(() -> condition.getAsBoolean() || running.stream().anyMatch(Future::isDone));
    }
}
