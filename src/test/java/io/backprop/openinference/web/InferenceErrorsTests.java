package io.backprop.openinference.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every failure under the paths of the protocols has their form, wherever it is detected. */
class InferenceErrorsTests extends ServiceTestBase {

    private static final String INDEX = "/v2/repository/index";

    @ParameterizedTest
    @CsvSource({
        "GET, /v2/nothing, 404",
        "GET, /v1/nothing, 404",
        "GET, /v2/models, 404",
        "GET, /v2/models/, 404",
        "GET, /v2/models/none/, 404",
        "GET, /v2/models/none/config, 404",
        "POST, /v2, 405",
        "DELETE, /v2/models/none, 405",
        "GET, /v2/repository/index, 405",
        "PROPFIND, /v2/health/live, 405",
        "GET, /v2?verbose=true, 400",
        "GET, /v2/models/stats?name=none, 400",
        "GET, /v2//models, 400",
        "GET, /v2/models;v=1/none, 400",
        "GET, /v2/models/a%2Fb, 400",
        "GET, /v2/models/%00, 400",
        "GET, /v2/models/%2e%2e/none, 400"
    })
    void rejectsWhatDoesNotExist(String method, String path, int status) {
        HttpResponse<String> response = send(request(path).method(method, BodyPublishers.noBody()));

        assertThat(error(response, status)).isNotBlank();
        assertThat(header(response, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(response, "X-Request-Id")).isNotBlank();
    }

    @Test
    void namesTheAllowedMethods() {
        HttpResponse<String> response = get(INDEX);

        assertThat(error(response, 405)).isEqualTo("GET is not allowed here; allowed: POST");
        assertThat(header(response, "Allow")).isEqualTo("POST");
    }

    @Test
    void otherPathsKeepProblems() {
        for (String path : new String[] {"/nothing", "/v20", "/v2x/models", "/v3/nothing", "/V2/models/none"}) {
            problem(get(path), 404, "not-found");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "text/csv", "application/problem+json", "nonsense", "*/*;q=0"})
    void ignoresTheAcceptHeaderInErrors(String accept) {
        assertThat(error(send(request("/v2/nothing").header("Accept", accept)), 404))
                .isEqualTo("there is nothing at this path");
    }

    @Test
    void rejectsBodiesThatAreTooLargeOrEncoded() {
        assertThat(error(
                        send(request(INDEX).header("Content-Encoding", "br").POST(BodyPublishers.ofString("{}"))), 415))
                .contains("Content-Encoding");
        assertThat(error(send(request("/v2").method("GET", BodyPublishers.ofString("{}"))), 400))
                .contains("takes no body");
        String announced = exchange(
                "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\nConnection: close\r\n\r\n{}"
                        .formatted(INDEX));
        assertThat(announced)
                .startsWith("HTTP/1.1 413")
                .contains("Content-Type: application/json\r\n", "{\"error\":\"the body must have at most");
    }

    /** Tomcat rejects it before it knows what the path is for. */
    @Test
    void rejectsMalformedRequests() {
        assertThat(exchange("GET /v2/models/a%2Fb HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("Content-Type: application/json", "{\"error\":\"the request line or a header");
        assertThat(exchange("GET /v2 HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("Content-Type: application/json", "{\"error\":\"");
    }

    /** A page can send a body without a type about which the browser does not ask the service. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
                "Origin: null",
                "Origin: http://evil.example"
            })
    void refusesPagesOfOtherSites(String header) {
        String id = create("");
        train(id, XOR + ", \"epochs\": 1");
        for (@Nullable String type : new String[] {null, "text/plain", "application/json"}) {
            for (String path : new String[] {
                INDEX,
                "/v2/repository/models/" + id + "/unload",
                "/v2/models/" + id + "/infer",
                "/v2",
                "/v1/models/" + id
            }) {
                HttpRequest.Builder request = request(path)
                        .POST(BodyPublishers.ofString("{}"))
                        .header(header.split(": ", -1)[0], header.split(": ", -1)[1]);
                if (type != null) {
                    request.header("Content-Type", type);
                }

                HttpResponse<String> response = send(request);

                assertThat(error(response, 403)).startsWith("pages of other sites must not send requests");
            }
        }
        assertThat(get("/v2/models/" + id + "/ready").statusCode()).isEqualTo(200);
        assertThat(send(request("/v2/health/ready").header(header.split(": ", -1)[0], header.split(": ", -1)[1]))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void refusesOtherHosts() {
        assertThat(exchange("GET /v2 HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403")
                .contains("Content-Type: application/json\r\n", "{\"error\":\"the host");
    }
}
