package io.backprop.web.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.web.WebTestBase;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;

/** A client that reads a long response steadily, more slowly than it is written. Needs an idle machine. */
@EnabledIfSystemProperty(named = "test.load", matches = "full")
@TestPropertySource(properties = "server.tomcat.connection-timeout=1s")
@Import(SlowReaderTests.LongResponse.class)
class SteadyReaderTests extends WebTestBase {

    private static final int SLOW_READS = 200; // in 2 seconds
    private static final int SLOW_READ = 4 << 10; // bytes

    /** With the buffers that Linux chooses, the server would not notice that the client reads. */
    @Test
    void isNotDisconnected() throws Exception {
        try (Socket socket = new Socket("localhost", port)) {
            socket.getOutputStream()
                    .write("GET /echo/long HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(length(socket.getInputStream())).isGreaterThan(SlowReaderTests.LENGTH);
        }
    }

    private static long length(InputStream response) throws IOException, InterruptedException {
        long length = 0;
        for (int i = 0; i < SLOW_READS; i++) {
            length += response.readNBytes(SLOW_READ).length;
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return length + response.readAllBytes().length;
    }
}
