package io.backprop.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.ServiceTestBase;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestPropertySource;

/** Requests with other hosts and from other sites, to a service on the loopback interface in a Kubernetes cluster. */
@TestPropertySource(
        properties = {
            "spring.main.cloud-platform=kubernetes", // where Spring Boot trusts forwarded headers by default
            "backprop.security.hosts=models.example.com,gateway"
        })
class HostsTests extends ServiceTestBase {

    private static final String BOUNDARY = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n{}\r\n--x--\r\n";

    @ParameterizedTest
    @CsvSource(quoteCharacter = '\'', textBlock = """
            # request line,                          host,                 status
            GET /models HTTP/1.1,                    localhost,            200
            GET /models HTTP/1.1,                    LOCALHOST:80,         200
            GET /models HTTP/1.1,                    '[::1]:8080',         200
            GET /models HTTP/1.1,                    '[0:0:0:0:0:0:0:1]',  200
            GET /models HTTP/1.1,                    models.example.com.,  200
            GET /models HTTP/1.1,                    gateway:1,            200
            GET /models HTTP/1.0,                    localhost,            200
            GET http://localhost/models HTTP/1.1,    localhost,            200
            GET http://evil.example/models HTTP/1.1, evil.example,         403
            GET http://localhost/models HTTP/1.1,    evil.example,         400
            GET /models HTTP/1.1,                    evil.example,         403
            GET /models HTTP/1.1,                    evil.example:8080,    403
            GET /models HTTP/1.0,                    evil.example,         403
            GET /unknown HTTP/1.1,                   evil.example,         403
            POST /models HTTP/1.1,                   evil.example,         403
            GET /models HTTP/1.1,                    example.com,          403
            GET /models HTTP/1.1,                    127.0.0.2,            403
            GET /models HTTP/1.1,                    '',                   403
            """)
    void checksHosts(String requestLine, String host, int status) {
        assertThat(exchange(requestLine + "\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 " + status);
    }

    /** Every browser names the host. */
    @ParameterizedTest
    @CsvSource({"GET /models, 200", "GET http://localhost/models, 200", "GET http://evil.example/models, 403"})
    void permitsRequestsWithoutHost(String request, int status) {
        assertThat(exchange(request + " HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 " + status);
    }

    @Test
    void namesTheHostAndTheProperty() {
        String response = exchange("GET /models/xor HTTP/1.1\r\nHost: evil.example:80\r\nConnection: close\r\n\r\n");

        assertThat(response)
                .contains(
                        "Content-Type: application/problem+json",
                        "/problems/host-not-allowed",
                        "the host \\\"evil.example:80\\\" is not listed in backprop.security.hosts",
                        "\"instance\":\"/models/xor\"",
                        "X-Content-Type-Options: nosniff");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-Host: localhost",
                "X-Forwarded-Host: localhost\r\nX-Forwarded-For: 127.0.0.1",
                "Forwarded: host=localhost",
                "X-Forwarded-Server: localhost",
                "X-Host: localhost",
                "X-Original-Host: localhost"
            })
    void ignoresForwardedHosts(String header) {
        assertThat(exchange(
                        "GET /models HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n" + header + "\r\n\r\n"))
                .startsWith("HTTP/1.1 403");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/console/main.js",
                "/favicon.ico",
                "/problems",
                "/problems/host-not-allowed",
                "/problems/page.css",
                "/swagger-ui.html",
                "/swagger-ui/index.html",
                "/swagger-ui/swagger-ui-bundle.js",
                "/v3/api-docs",
                "/v3/api-docs/swagger-config",
                "/actuator/health/liveness",
                "/actuator/health/readiness",
                "/v2/health/live",
                "/v2/health/ready"
            })
    void permitsHealthAndFilesToEveryone(String path) {
        assertThat(exchange("GET " + path + " HTTP/1.1\r\nHost: evil.example\r\nOrigin: null\r\n"
                        + "Sec-Fetch-Site: cross-site\r\nConnection: close\r\n\r\n"))
                .matches("(?s)HTTP/1.1 (200|302) .*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/models",
                "/actuator/info",
                "/actuator/backup",
                "/problems/..%2fmodels",
                "/problems/../models",
                "/problems/%2e%2e/models",
                "/problems;/../models",
                "/console/../models",
                "/console/%2e%2e/models",
                "//models",
                "/v3/api-docs/../../models",
                "/v2",
                "/v2/models/stats",
                "/v2/health/../models/stats",
                "/MODELS"
            })
    void permitsNothingElse(String path) {
        assertThat(exchange("GET " + path + " HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                .matches("(?s)HTTP/1.1 (400|403) .*");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "text/plain, '{\"id\": \"evil\"}'",
                "application/x-www-form-urlencoded, id=evil",
                "multipart/form-data; boundary=x, '" + BOUNDARY + "'",
                "application/json, '{\"id\": \"evil\"}'",
                "-, '{\"id\": \"evil\"}'"
            })
    void refusesPostsOfOtherSites(String type, String body) {
        String id = create("");
        train(id, XOR);
        for (String path : new String[] {
            "/models",
            "/models/" + id + "/train",
            "/models/" + id + "/cross-validate",
            "/models/" + id + "/versions/1/restore",
            "/models/" + id + "/trainings/1/cancel",
            "/models/" + id + "/predict",
            "/actuator/backup"
        }) {
            for (String header : new String[] {
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
                "Origin: null",
                "Origin: http://evil.example",
                "Origin: http://localhost:" + (port + 1)
            }) {
                var request = request(path).POST(BodyPublishers.ofString(body));
                if (type != null) {
                    request.header("Content-Type", type);
                }
                request.header(nameOf(header), valueOf(header));

                problem(send(request), 403, "cross-site-request");
            }
        }
        assertThat(get("/models/evil").statusCode()).isEqualTo(404);
        assertThat(model(id).path("version").asInt()).isEqualTo(1);
        assertThat(json(get("/models/" + id + "/trainings"), 200).path("trainings"))
                .hasSize(1);
    }

    @Test
    void refusesPreflightRequests() {
        HttpResponse<String> response = send(request("/models")
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", "http://evil.example")
                .header("Access-Control-Request-Method", "POST"));

        problem(response, 403, "cross-site-request");
        assertThat(response.headers().map()).doesNotContainKey("access-control-allow-origin");
    }

    @Test
    void permitsOwnPagesAndPrograms() {
        for (String header :
                new String[] {"Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: none", "Origin: http://localhost:" + port
                }) {
            var request = request("/models")
                    .header("Content-Type", "application/json")
                    .header(nameOf(header), valueOf(header))
                    .POST(BodyPublishers.ofString("{}"));

            assertThat(send(request).statusCode()).isEqualTo(201);
        }
    }

    @Test
    void locationsHaveNoHost() {
        String headers = """
                Host: models.example.com\r
                X-Forwarded-Host: evil.example\r
                X-Forwarded-Proto: https\r
                X-Forwarded-Prefix: /evil\r
                Connection: close\r
                Content-Type: application/json\r
                """;
        String id = newId();
        String body = "{\"id\": \"" + id + "\"}";

        assertThat(exchange("POST /models HTTP/1.1\r\n%sContent-Length: %d\r\n\r\n%s"
                        .formatted(headers, body.length(), body)))
                .contains("\r\nLocation: /models/" + id + "\r\n");
        assertThat(exchange("POST /models/%s/train HTTP/1.1\r\n%sPrefer: wait=0\r\nContent-Length: %d\r\n\r\n{%s}"
                        .formatted(id, headers, XOR.length() + 2, XOR)))
                .contains("\r\nLocation: /models/" + id + "/trainings/1\r\n");
        assertThat(exchange("GET /favicon.ico HTTP/1.1\r\n" + headers + "\r\n"))
                .contains("\r\nLocation: /console/icon.svg\r\n");
    }

    @Test
    void documentIsTheSameForEveryHost() {
        for (String path :
                new String[] {"/v3/api-docs", "/v3/api-docs/swagger-config", "/swagger-ui/swagger-initializer.js"}) {
            assertThat(exchange("GET %s HTTP/1.0\r\nHost: evil.example\r\n\r\n".formatted(path)))
                    .startsWith("HTTP/1.1 200 ")
                    .doesNotContain("evil.example");
        }
        assertThat(get("/v3/api-docs").body()).contains("\"servers\":[{\"url\":\"/\"}]");
    }

    private static String nameOf(String header) {
        return header.substring(0, header.indexOf(": "));
    }

    private static String valueOf(String header) {
        return header.substring(header.indexOf(": ") + 2);
    }
}
