package io.backprop.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.backprop.driver.ClaimRequest;
import io.backprop.driver.ProgressAnswer;
import io.backprop.driver.ReleaseReport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceClientTests {

    private final List<String> requests = new ArrayList<>();
    private HttpServer server;
    private URI address;
    private int status = 200;
    private String answer = "{}";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.add("%s %s %s %s"
                    .formatted(
                            exchange.getRequestMethod(),
                            exchange.getRequestURI(),
                            exchange.getRequestHeaders().getFirst("Authorization"),
                            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, status == 204 ? -1 : body.length);
            exchange.getResponseBody().write(body, 0, status == 204 ? 0 : body.length);
            exchange.close();
        });
        server.start();
        address = URI.create("http://localhost:" + server.getAddress().getPort() + "/api");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void sendsDocumentsWithTheKey() {
        answer = "{\"cancel\": \"KEEP\"}";
        ProgressAnswer received = new ServiceClient(address, "secret")
                .send("PUT", "/progress", new ReleaseReport(3), ProgressAnswer.class);
        assertThat(received.cancel()).isEqualTo(ProgressAnswer.Cancellation.KEEP);
        assertThat(requests).containsExactly("PUT /api/progress Bearer secret {\"lease\":3}");
    }

    @Test
    void claimsNothingIfThereIsNoWork() throws InterruptedException {
        status = 204;
        ServiceClient client = new ServiceClient(address, null);
        assertThat(client.claim("/claims", new ClaimRequest("d"), Duration.ZERO, ProgressAnswer.class))
                .isEmpty();
        assertThat(requests).containsExactly("POST /api/claims null {\"driver\":\"d\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "401, AccessDenied",
        "403, AccessDenied",
        "404, ClaimLost",
        "409, ClaimLost",
        "422, Rejected",
        "500, Rejected",
        "503, Unavailable"
    })
    void translatesProblems(int code, String exception) {
        status = code;
        answer = "{\"detail\": \"this is why\"}";
        ServiceClient client = new ServiceClient(address, null);
        assertThatThrownBy(() -> client.send("POST", "/release", new ReleaseReport(1)))
                .satisfies(e -> assertThat(e.getClass().getSimpleName()).isEqualTo(exception))
                .hasMessage("POST %s/release was answered with status %d: this is why", address, code);
    }

    @Test
    void isUnavailableIfNothingListens() {
        server.stop(0);
        ServiceClient client = new ServiceClient(address, null);
        assertThatThrownBy(() -> client.getBytes("/network"))
                .isInstanceOf(ServiceException.Unavailable.class)
                .hasMessageContaining(address + " can't be reached");
    }
}
