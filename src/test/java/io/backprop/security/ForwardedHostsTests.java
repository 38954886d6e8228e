package io.backprop.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.test.context.TestPropertySource;

/** A service behind a reverse proxy on the same machine, which forwards one path. */
@TestPropertySource(
        properties = {
            "server.forward-headers-strategy=native",
            "server.servlet.context-path=/nn",
            "backprop.security.hosts=models.example.com"
        })
class ForwardedHostsTests extends ServiceTestBase {

    @ParameterizedTest
    @CsvSource({
        "localhost,          models.example.com, https://models.example.com,  200",
        "models.example.com, models.example.com, https://models.example.com,  200",
        "localhost,          models.example.com, https://localhost,           403",
        "localhost,          evil.example,       https://evil.example,        403",
        "evil.example,       localhost,          https://localhost,           403"
    })
    void requiresBothHostsAndComparesTheOriginWithTheForwardedOne(
            String host, String forwarded, String origin, int status) {
        String response = exchange("GET /nn/models HTTP/1.1\r\nHost: " + host + "\r\nX-Forwarded-Host: " + forwarded
                + "\r\nX-Forwarded-Proto: https\r\nOrigin: " + origin + "\r\nConnection: close\r\n\r\n");

        assertThat(response).startsWith("HTTP/1.1 " + status);
        assertThat(response.contains("\r\nStrict-Transport-Security: max-age=31536000\r\n"))
                .isEqualTo(!forwarded.equals("localhost")); // because of TLS at the proxy
    }

    @Test
    void servesTheConsoleBelowThePath() {
        assertThat(header(get("/nn"), "Location")).isEqualTo("/nn/");
        HttpResponse<String> page = get("/nn/");

        assertThat(page.body()).contains("src=\"console/main.js\"");
        assertThat(get("/nn/console/main.js").statusCode()).isEqualTo(200);
        assertThat(header(get("/nn/favicon.ico"), "Location")).isEqualTo("/nn/console/icon.svg");
        assertThat(header(get("/nn/swagger-ui.html"), "Location")).isEqualTo("/nn/swagger-ui/index.html");
        assertThat(get("/").statusCode()).isEqualTo(404);
    }
}
