package io.backprop;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseHeadersTests extends ServiceTestBase {

    static final Map<String, String> EXPECTED = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
                    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "X-Frame-Options",
            "DENY",
            "Referrer-Policy",
            "no-referrer",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Cache-Control",
            "no-cache");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/console/main.js",
                "/models",
                "/models/unknown",
                "/models?unknown=1",
                "/models/unknown/train",
                "/unknown",
                "/problems",
                "/problems/not-found",
                "/problems/page.css",
                "/swagger-ui.html",
                "/v3/api-docs",
                "/actuator/health"
            })
    void everyResponseTellsBrowsersWhatTheyMayDo(String path) {
        assertHeaders(get(path));
    }

    @Test
    void responsesOfAsynchronousRequestsHaveThemOnce() {
        String id = create("");

        HttpResponse<String> trained = post("/models/" + id + "/train", "{" + XOR + "}");

        assertThat(trained.statusCode()).isEqualTo(200);
        assertHeaders(trained);
    }

    @Test
    void onlySwaggerUiMayUseInlineStyles() {
        HttpResponse<String> page = get("/swagger-ui/index.html");

        assertThat(header(page, "Content-Security-Policy"))
                .isEqualTo(requireNonNull(EXPECTED.get("Content-Security-Policy"))
                        .replace("style-src 'self'", "style-src 'self' 'unsafe-inline'"));
        assertThat(header(get("/models/swagger-ui/"), "Content-Security-Policy"))
                .isEqualTo(EXPECTED.get("Content-Security-Policy"));
    }

    @Test
    void eventsAreNotStored() {
        String id = create("");
        train(id, XOR);

        HttpResponse<String> events = get("/models/" + id + "/trainings/1/events");

        assertThat(events.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(events.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /models/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /models HTTP/1.1\r\n\r\n",
                "GET /models HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
                "GET /models HTTP/1.1\r\nHost: local host\r\n\r\n",
                "GET /models HTTP/1.1\r\nHost: localhost\r\nx y: 1\r\n\r\n",
                "GET http://localhost/models HTTP/1.1\r\nHost: evil\r\n\r\n",
                "GET /models HTTP/3.7\r\nHost: localhost\r\n\r\n",
                "G{T /models HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /models HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: x\r\n\r\n"
            })
    void rejectionsOfTheServerHaveThemToo(String request) {
        String response = exchange(request);

        assertThat(response).matches("(?s)HTTP/1.1 (400|501|505) .*");
        EXPECTED.forEach((name, value) -> assertThat(response).contains("\r\n" + name + ": " + value + "\r\n"));
        assertThat(response).doesNotContainIgnoringCase("\r\nServer:").doesNotContain("Tomcat", "Apache");
    }

    private static void assertHeaders(HttpResponse<String> response) {
        Map<String, List<String>> sent = response.headers().map();
        EXPECTED.forEach((name, value) -> assertThat(response.headers().allValues(name))
                .as(sent.toString())
                .containsExactly(value));
        assertThat(sent).doesNotContainKeys("server", "x-powered-by", "strict-transport-security");
    }
}
