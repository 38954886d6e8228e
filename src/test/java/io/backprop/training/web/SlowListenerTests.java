package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;

/** Clients that open a stream and never read it, more than there are threads, on connections with little room. */
@TestPropertySource(properties = {"server.tomcat.connection-timeout=4s", "server.tomcat.keep-alive-timeout=60s"})
@Import(SlowListenerTests.LittleRoom.class)
class SlowListenerTests extends EventsTestBase {

    private static final int SLOW = 12;

    @TestConfiguration(proxyBeanMethods = false)
    static class LittleRoom {

        @Bean
        WebServerFactoryCustomizer<TomcatServletWebServerFactory> littleRoom() {
            return factory ->
                    factory.addConnectorCustomizers(connector -> connector.setProperty("socket.txBufSize", "1024"));
        }
    }

    @Test
    void slowListenersHoldUpNobodyAndAreDroppedInTheEnd() throws Exception {
        String path = running();
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < SLOW; i++) {
            slow.add(open(path));
        }
        CompletableFuture<String> quick = watch(path);
        await(() -> events.listeners() == SLOW + 1);
        await(() -> events.stuckListeners() >= SLOW / 2);
        int epochs = epochs(path);
        long start = System.nanoTime();

        await(() -> events.listeners() == 1);

        double seconds = (System.nanoTime() - start) / 1e9;
        post(path + "/cancel", "");
        assertThat(SentEvent.parse(quick.get(60, TimeUnit.SECONDS)))
                .filteredOn(event -> event.name().equals("epoch") && event.epoch() > epochs)
                .hasSizeGreaterThan((int) (3 * seconds));
        for (Socket socket : slow) {
            socket.close();
        }
    }
}
