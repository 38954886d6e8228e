package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Kills the service at random moments and restarts it, while clients record what it acknowledges. The system property
 * {@code test.kills} sets how often.
 */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(SeededRandom.class)
class KillTests {

    private static final int KILLS = Integer.getInteger("test.kills", 3);
    private static final int CLIENTS = 4;
    private static final int MIN_ACKNOWLEDGEMENTS = 10; // between two kills
    private static final int MAX_ACKNOWLEDGEMENTS = 160;

    @Test
    void losesNoAcknowledgedChange(Random random) throws Exception {
        Path store = TestFolders.create();
        List<RecordingClient> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new RecordingClient("client" + i, random.nextLong()));
        }
        ExecutorService pool = Executors.newFixedThreadPool(CLIENTS + 1);
        LargeModel large = new LargeModel();
        for (int kill = 0; kill < KILLS; kill++) {
            try (ChildService service = ChildService.start(store)) {
                check(clients, service.port());
                large.check(service.port());
                List<Future<?>> running = new ArrayList<>();
                running.add(pool.submit(() -> large.run(service.port())));
                clients.forEach(client -> running.add(pool.submit(() -> client.run(service.port(), () -> false))));
                int enough = acknowledged(clients) + random.nextInt(MIN_ACKNOWLEDGEMENTS, MAX_ACKNOWLEDGEMENTS);
                Await.until(() ->
                        acknowledged(clients) >= enough || running.stream().anyMatch(Future::isDone));
                service.kill();
                for (Future<?> client : running) {
                    Await.result(client);
                }
            }
        }
        pool.shutdown();
        try (ChildService service = ChildService.start(store)) {
            check(clients, service.port());
            large.check(service.port());
            Await.until(() -> LargeModel.chunksOfNoVersion(store) == 0);
        }
        assertThat(store.toFile().listFiles((folder, name) -> name.endsWith(".so")))
                .as("SQLite libraries left behind, the last one excepted")
                .hasSizeLessThanOrEqualTo(1);
        System.out.printf("%d kills, %d acknowledged changes, none lost%n", KILLS, acknowledged(clients));
    }

    private static int acknowledged(List<RecordingClient> clients) {
        return clients.stream().mapToInt(RecordingClient::acknowledgements).sum();
    }

    private static void check(List<RecordingClient> clients, int port) {
        clients.forEach(client -> client.check(port));
    }
}
