package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.LatencyProbe.Latencies;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** A backup that is written while clients change models, and restored as the README describes. */
@Execution(ExecutionMode.CONCURRENT)
class BackupTests extends HttpTestBase {

    private static final int CLIENTS = 2;
    private static final int ACKNOWLEDGEMENTS = 40;
    private static final int WIDTH = LoadScale.of(300, 4_000); // of large models

    private final Path store = TestFolders.create();

    @Test
    void containsEveryChangeAcknowledgedBefore() throws Exception {
        List<RecordingClient> before = clients("before", 1);
        List<RecordingClient> meanwhile = clients("meanwhile", 2);
        ExecutorService pool = Executors.newCachedThreadPool();
        Path backup;
        try (ChildService service = ChildService.start(store)) {
            port = service.port();
            for (int i = 0; i < LoadScale.of(1, 8); i++) {
                json(post("/models", """
                        {"id": "large%d", "hidden": [%d, %d], "task": "regression"}""".formatted(i, WIDTH, WIDTH)), 201);
                json(
                        post(
                                "/models/large%d/train".formatted(i),
                                "{\"inputs\": [[1]], \"targets\": [2], \"epochs\": 1}"),
                        200);
            }
            List<Future<?>> running = new ArrayList<>();
            meanwhile.forEach(client -> running.add(pool.submit(() -> client.run(port, () -> false))));
            for (RecordingClient client : before) {
                client.run(port, () -> client.acknowledgements() >= ACKNOWLEDGEMENTS);
            }
            try (LatencyProbe creations = LatencyProbe.post(port, "/models", "{\"hidden\": []}", 50)) {
                long start = System.nanoTime();
                JsonNode written = json(post("/actuator/backup", ""), 200);
                double seconds = (System.nanoTime() - start) / 1e9;
                Latencies latencies = creations.stop();
                backup = Path.of(written.path("file").asString());
                assertThat(Files.size(backup)).isEqualTo(written.path("bytes").asLong());
                System.out.printf(
                        "backup of %.0f MB in %.1f s, creating a model meanwhile: %s%n",
                        Files.size(backup) / 1e6, seconds, latencies);
                if (LoadScale.isFull()) {
                    assertThat(latencies.percentile(99)).isLessThan(Duration.ofSeconds(1));
                }
            }
            service.kill();
            for (Future<?> client : running) {
                Await.result(client);
            }
        }
        pool.shutdown();
        assertThat(backup).hasParent(store.resolve("backups"));
        assertThat(query(backup, "pragma integrity_check")).isEqualTo("ok");
        assertThat(query(backup, "pragma auto_vacuum")).isEqualTo("2");

        Files.copy(backup, store.resolve("backprop.db"), StandardCopyOption.REPLACE_EXISTING);
        Files.delete(store.resolve("backprop.db-wal"));
        Files.delete(store.resolve("backprop.db-shm"));

        try (ChildService service = ChildService.start(store)) {
            before.forEach(client -> client.check(service.port()));
            port = service.port();
            json(post("/models/large0/predict", "{\"inputs\": [[1]]}"), 200);
        }
    }

    private static List<RecordingClient> clients(String name, long seed) {
        List<RecordingClient> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new RecordingClient(name + i, seed + i * 10L));
        }
        return clients;
    }

    private static String query(Path file, String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            return connection.createStatement().executeQuery(sql).getString(1);
        }
    }
}
