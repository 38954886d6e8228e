package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** More clients than most servers have threads, each of which sends a half of its body and then nothing. */
class SlowClientsTests extends ServiceTestBase {

    private static final int CLIENTS = 400;
    private static final Duration BEFORE_THEY_ARE_GIVEN_UP = Duration.ofSeconds(19);
    private static final byte[] HALF = """
            POST /models HTTP/1.1\r
            Host: localhost\r
            Content-Type: application/json\r
            Content-Length: 100\r
            \r
            {"layerCount":""".getBytes(StandardCharsets.US_ASCII);

    @Test
    void othersAreAnsweredMeanwhile() throws IOException {
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Socket socket = new Socket("localhost", port);
            socket.getOutputStream().write(HALF);
            slow.add(socket);
        }

        HttpResponse<String> response = send(request("/models").timeout(BEFORE_THEY_ARE_GIVEN_UP));

        assertThat(response.statusCode()).isEqualTo(200);
        for (Socket socket : slow) {
            socket.close();
        }
    }
}
