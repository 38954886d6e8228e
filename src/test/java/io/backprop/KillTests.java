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

/**
 * Clients that note each acknowledgement, and a service that is killed at any moment and started again. How often tells
 * the system property {@code backprop.kills}.
 */
class KillTests {

    private static final int KILLS = Integer.getInteger("backprop.kills", 3);
    private static final int CLIENTS = 4;
    private static final int LEAST = 10; // acknowledgements between two kills
    private static final int MORE = 150;

    @Test
    void nothingAcknowledgedIsLostAndNothingDeletedIsBack() throws Exception {
        Path store = TestFolders.create();
        Random random = new Random();
        List<NotingClient> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new NotingClient("client" + i, random.nextLong()));
        }
        ExecutorService pool = Executors.newFixedThreadPool(CLIENTS);
        for (int kill = 0; kill < KILLS; kill++) {
            try (ChildService service = ChildService.start(store)) {
                check(clients, service.port());
                List<Future<?>> running = new ArrayList<>();
                clients.forEach(client -> running.add(pool.submit(() -> client.work(service.port(), () -> false))));
                int enough = acknowledged(clients) + LEAST + random.nextInt(MORE);
                while (acknowledged(clients) < enough && running.stream().noneMatch(Future::isDone)) {
                    Thread.sleep(1);
                }
                Thread.sleep(random.nextInt(20));
                service.kill();
                for (Future<?> client : running) {
                    client.get();
                }
            }
        }
        pool.shutdown();
        try (ChildService service = ChildService.start(store)) {
            check(clients, service.port());
        }
        assertThat(store.toFile().listFiles((folder, name) -> name.endsWith(".so")))
                .as("the library of the last one")
                .hasSizeLessThanOrEqualTo(1);
        System.out.printf("%d kills, %d acknowledgements, none lost%n", KILLS, acknowledged(clients));
    }

    private static int acknowledged(List<NotingClient> clients) {
        return clients.stream().mapToInt(NotingClient::acknowledgements).sum();
    }

    private static void check(List<NotingClient> clients, int port) {
        clients.forEach(client -> client.check(port));
    }
}
