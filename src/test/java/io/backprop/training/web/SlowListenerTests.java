package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.Await;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
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
        WatchedStream quick = watch(path);
        Await.until(() -> events.listeners() == SLOW + 1);
        int told = quick.events().size();

        Await.until(() -> events.listeners() == 1);

        assertThat(quick.events()).hasSizeGreaterThan(told + 3); // in four seconds, while the others were stuck
        for (Socket socket : slow) {
            socket.close();
        }
    }
}
