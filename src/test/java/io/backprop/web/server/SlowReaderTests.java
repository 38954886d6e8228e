package io.backprop.web.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.Await;
import io.backprop.web.WebTestBase;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A client that reads a long response continually, but below the minimum rate. */
@TestPropertySource(properties = {"server.tomcat.connection-timeout=500ms", "backprop.server.minimum-rate=1MB"})
@Import({SlowReaderTests.LongResponse.class, SlowReaderTests.SmallBuffers.class})
class SlowReaderTests extends WebTestBase {

    static final int LENGTH = 20 << 20;
    static final int SMALL_BUFFER = 4096;

    @RestController
    static class LongResponse {

        @GetMapping("/echo/long")
        byte[] get() {
            return new byte[LENGTH];
        }
    }

    /** Has no annotation, so that it is not found in other tests. */
    static class SmallBuffers {

        @Bean
        static WebServerFactoryCustomizer<TomcatServletWebServerFactory> smallBuffers() {
            return factory -> factory.addConnectorCustomizers(
                    connector -> connector.setProperty("socket.txBufSize", Integer.toString(SMALL_BUFFER)));
        }
    }

    @Test
    void isDisconnected() throws IOException {
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(SMALL_BUFFER);
            socket.connect(new InetSocketAddress("localhost", port));
            assertThat(received(socket)).isLessThan(LENGTH);
        }
    }

    /** Reads slowly until the connection is closed, and returns the number of bytes. */
    static int received(Socket socket) throws IOException {
        socket.getOutputStream()
                .write("GET /echo/long HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        byte[] some = new byte[1 << 13]; // 160 KB/s
        int[] total = {socket.getInputStream().read(some)};
        assertThat(new String(some, StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 200");
        Await.until(() -> {
            try {
                int count = socket.getInputStream().read(some);
                total[0] += Math.max(count, 0);
                return count < 0;
            } catch (IOException e) {
                return true; // reset
            }
        });
        return total[0];
    }
}
