package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What clients notice of a service that shuts down. */
@Execution(ExecutionMode.CONCURRENT)
class ShutdownTests extends HttpTestBase {

    private static final String READINESS = """
            GET /actuator/health/readiness HTTP/1.1
            Host: localhost

            """;

    @Test
    void serviceIsNotReadyWhileItCompletesRequests() throws Exception {
        try (ChildService service = ChildService.start()) {
            port = service.port();
            Await.until(this::isReady); // shortly after the log says that the service has started
            try (Connection slow = new Connection(port);
                    Connection open = new Connection(port)) {
                slow.send("""
                        POST /models HTTP/1.1
                        Host: localhost
                        Content-Type: application/json
                        Content-Length: 11
                        Expect: 100-continue

                        """);
                assertThat(slow.readLine()).startsWith("HTTP/1.1 100");
                assertThat(slow.readLine()).isEmpty();
                open.send(READINESS);
                assertThat(open.readLine()).startsWith("HTTP/1.1 200");

                service.signal("TERM");

                Await.until(() -> !isReady());
                assertThat(isRefused(open)).isTrue();
                slow.send("{\"id\": \"a\"}");
                assertThat(slow.readLine()).startsWith("HTTP/1.1 201");
            }
            service.terminate();
            assertThat(service.output()).doesNotContain(" ERROR ");
        }
    }

    private boolean isReady() {
        try (Connection connection = new Connection(port)) {
            return !isRefused(connection);
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether an open connection gets no response or one that it is not ready. */
    private static boolean isRefused(Connection connection) {
        try {
            connection.send(READINESS);
            String line = connection.readLine();
            while (line != null && !line.startsWith("HTTP/")) { // the rest of the previous response
                line = connection.readLine();
            }
            return line == null || line.startsWith("HTTP/1.1 503");
        } catch (IOException e) {
            return true;
        }
    }

    private static final class Connection implements AutoCloseable {

        private final Socket socket;
        private final BufferedReader reader;

        Connection(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout((int) Await.TIMEOUT.toMillis());
            reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        }

        void send(String text) throws IOException {
            socket.getOutputStream().write(text.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
        }

        @Nullable
        String readLine() throws IOException {
            return reader.readLine();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
