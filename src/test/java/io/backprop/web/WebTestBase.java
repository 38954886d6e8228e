package io.backprop.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real server on a port of its own, with a body limit of 1 MB and little patience. */
@SpringBootTest(
        classes = WebTestApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"backprop.limits.body=1MB", "server.tomcat.connection-timeout=1s"})
abstract class WebTestBase {

    static final HttpClient client = HttpClient.newHttpClient();

    @LocalServerPort
    int port;

    @Autowired
    JsonMapper mapper;

    HttpResponse<String> post(String path, String json) {
        return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
    }

    HttpResponse<String> get(String path) {
        return send(request(path).GET());
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    JsonNode json(HttpResponse<String> response) {
        return mapper.readTree(response.body());
    }

    /** Checks everything that all problems have in common, and gives its body. */
    JsonNode problem(HttpResponse<String> response, ProblemType type) {
        assertThat(response.statusCode())
                .as(response.body())
                .isEqualTo(type.status().value());
        return problem(json(response), response, type);
    }

    private static JsonNode problem(JsonNode body, HttpResponse<String> response, ProblemType type) {
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/problem+json");
        assertThat(body.path("type").asString()).isEqualTo("/problems/" + type.slug());
        assertThat(body.path("title").asString()).isEqualTo(type.title());
        assertThat(body.path("status").asInt()).isEqualTo(type.status().value());
        assertThat(body.path("instance").asString()).isEqualTo(response.uri().getPath());
        assertThat(body.toString()).doesNotContain("java.", "jackson", "Exception", "io.backprop");
        return body;
    }

    void assertOneError(HttpResponse<String> response, ProblemType type, String pointer, String detail) {
        JsonNode errors = problem(response, type).path("errors");
        assertThat(errors.size()).as(response.body()).isEqualTo(1);
        assertThat(errors.path(0).path("pointer").asString()).isEqualTo(pointer);
        assertThat(errors.path(0).path("detail").asString()).isEqualTo(detail);
    }
}
