package io.backprop.web.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.web.WebTestBase;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** A server without a maximum number of threads, and without a timeout. */
@TestPropertySource(properties = {"spring.threads.virtual.enabled=true", "server.tomcat.connection-timeout=-1ms"})
class UnlimitedServerTests extends WebTestBase {

    private static final int HALF = 20_000; // bytes, more than a connection's buffer

    @Test
    void waitsForABody() throws Exception {
        try (Socket socket = new Socket("localhost", port)) {
            OutputStream request = socket.getOutputStream();
            request.write("""
                    POST /echo/bytes HTTP/1.1\r
                    Host: localhost\r
                    Connection: close\r
                    Content-Type: text/plain\r
                    Content-Length: %d\r
                    \r
                    """.formatted(2 * HALF).getBytes(StandardCharsets.US_ASCII));
            request.write(new byte[HALF]);
            TimeUnit.MILLISECONDS.sleep(100); // a thread waits for the rest
            request.write(new byte[HALF]);

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 200")
                    .contains("40000");
        }
    }
}
