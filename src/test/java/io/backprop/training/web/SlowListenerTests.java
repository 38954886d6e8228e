package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.Await;
import io.backprop.WatchedStream;
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

/** Clients that open a stream and do not read it, on connections with small buffers. */
@TestPropertySource(properties = {"server.tomcat.connection-timeout=4s", "server.tomcat.keep-alive-timeout=60s"})
@Import(SlowListenerTests.SmallBuffers.class)
class SlowListenerTests extends EventsTestBase {

    private static final int SLOW = 12;

    @TestConfiguration(proxyBeanMethods = false)
    static class SmallBuffers {

        @Bean
        WebServerFactoryCustomizer<TomcatServletWebServerFactory> smallBuffers() {
            return factory ->
                    factory.addConnectorCustomizers(connector -> connector.setProperty("socket.txBufSize", "1024"));
        }
    }

    @Test
    void clientsThatDoNotReadAreDisconnected() throws Exception {
        String path = running();
        WatchedStream quick = watch(path);
        quick.awaitEvents(1);
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < SLOW; i++) {
            slow.add(open(path));
        }
        for (Socket socket : slow) {
            assertThat(socket.getInputStream().read()).isPositive(); // the stream has started
        }

        Await.until(() -> events.listeners() == 1);

        quick.awaitEvents(quick.events().size() + 3);
        for (Socket socket : slow) {
            socket.close();
        }
    }
}
