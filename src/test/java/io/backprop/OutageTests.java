package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/**
 * A PostgreSQL that is away while clients create, change, train, delete and predict, for as many seconds as the system
 * property {@code backprop.outage} tells.
 */
class OutageTests extends HttpTestBase {

    private static final int SECONDS = Integer.getInteger("backprop.outage", 3);

    private final String database =
            "-Dspring.datasource.url=" + Postgres.shared().newDatabase();
    private final List<NotingClient> clients = IntStream.range(0, 6)
            .mapToObj(i -> new NotingClient("client" + i, i))
            .toList();
    private final List<Future<?>> running = new ArrayList<>();
    private final AtomicInteger predictions = new AtomicInteger();
    private final ExecutorService pool = Executors.newCachedThreadPool();
    private volatile boolean over;

    @BeforeEach
    void begin() {
        mapper = new JsonMapper();
    }

    @AfterEach
    void end() {
        over = true;
        pool.shutdown();
    }

    @Test
    void nothingAcknowledgedIsLostAndPredictionsGoOn() throws Exception {
        try (ChildService service = ChildService.start(database)) {
            port = service.port();
            json(post("/models", "{\"id\": \"linear\", \"hidden\": [], \"task\": \"regression\"}"), 201);
            json(post("/models/linear/train", "{\"inputs\": [[1],[2]], \"targets\": [2,4]}"), 200);
            clients.forEach(client -> running.add(pool.submit(() -> client.work(port, () -> over))));
            running.add(pool.submit(this::predict));
            awaitAcknowledgements();

            int before = predictions.get();
            Postgres.shared().stop();
            try {
                Thread.sleep(1_000L * SECONDS);
                before = predictions.get() - before;
            } finally {
                Postgres.shared().start();
            }
            long back = System.nanoTime();
            awaitAcknowledgements();

            System.out.printf(
                    "database away for %d s: %d requests refused, %d predictions meanwhile, all well after %d ms%n",
                    SECONDS,
                    clients.stream().mapToInt(NotingClient::refusals).sum(),
                    before,
                    (System.nanoTime() - back) / 1_000_000);
            over = true;
            assertThat(service.output()).doesNotContain(" ERROR ");
            for (Future<?> client : running) {
                client.get();
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

    /** Some more of every client. */
    private void awaitAcknowledgements() {
        for (NotingClient client : clients) {
            int enough = client.acknowledgements() + 5;
            Await.until(() ->
                    client.acknowledgements() >= enough || running.stream().anyMatch(Future::isDone));
        }
    }
}
