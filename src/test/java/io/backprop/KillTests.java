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

    @Test
    void nothingAcknowledgedIsLostAndNothingDeletedIsBack() throws Exception {
        Path store = TestFolders.create();
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<NotingClient> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new NotingClient("client" + i, random.nextLong()));
        }
        ExecutorService pool = Executors.newFixedThreadPool(CLIENTS);
        for (int kill = 0; kill < KILLS; kill++) {
            try (ChildService service = ChildService.start(store, "-XX:TieredStopAtLevel=1")) {
                check(clients, service.port());
                List<Future<?>> running = new ArrayList<>();
                clients.forEach(client -> running.add(pool.submit(() -> client.work(service.port()))));
                Thread.sleep(200 + random.nextInt(1_000));
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
        int acknowledged =
                clients.stream().mapToInt(NotingClient::acknowledgements).sum();
        System.out.printf("%d kills, %d acknowledgements, seed %d%n", KILLS, acknowledged, seed);
        assertThat(acknowledged).isGreaterThan(10 * KILLS);
    }

    private static void check(List<NotingClient> clients, int port) {
        clients.forEach(client -> client.check(port));
    }
}
