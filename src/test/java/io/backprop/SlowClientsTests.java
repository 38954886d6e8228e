package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** More clients than the server has threads, each of which sends half of its body and then stalls. */
@Execution(ExecutionMode.CONCURRENT)
class SlowClientsTests extends HttpTestBase {

    private static final int CLIENTS = 400;
    private static final byte[] HALF = """
            POST /models HTTP/1.1\r
            Host: localhost\r
            Content-Type: application/json\r
            Content-Length: 100\r
            \r
            {"layerCount":""".getBytes(StandardCharsets.US_ASCII);

    @Test
    void otherClientsAreAnswered() throws IOException {
        List<Socket> slow = new ArrayList<>();
        try (ChildService service = ChildService.start("-Dserver.tomcat.connection-timeout=1h")) {
            port = service.port();
            for (int i = 0; i < CLIENTS; i++) {
                Socket socket = new Socket("localhost", port);
                slow.add(socket);
                socket.getOutputStream().write(HALF);
            }

            HttpResponse<String> response = send(request("/models").timeout(Await.TIMEOUT));

            assertThat(response.statusCode()).isEqualTo(200);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }
}
