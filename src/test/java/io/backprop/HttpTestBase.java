package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Base class for tests that send HTTP requests to a server on a random port. */
public abstract class HttpTestBase {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final JsonMapper MAPPER = new JsonMapper();

    @LocalServerPort
    protected int port;

    protected final JsonMapper mapper = MAPPER;

    protected HttpResponse<String> get(String path) {
        return send(request(path).GET());
    }

    protected HttpResponse<String> post(String path, String json) {
        return send(request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
    }

    protected HttpResponse<String> put(String path, String json) {
        return send(request(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(json)));
    }

    protected HttpResponse<String> delete(String path) {
        return send(request(path).DELETE());
    }

    protected HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
    }

    protected static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return CLIENT.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Sends a request that need not follow the rules of HTTP, and returns everything that the server sends. */
    protected String exchange(String request) {
        try (Socket socket = new Socket("localhost", port)) {
            socket.setSoTimeout((int) Await.TIMEOUT.toMillis());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    protected static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElseThrow(() -> new AssertionError("no header " + name));
    }

    protected JsonNode json(HttpResponse<String> response) {
        return mapper.readTree(response.body());
    }

    /** Checks the status of a response and returns its body. */
    protected JsonNode json(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return json(response);
    }

    /** Checks what all problem responses have in common and returns the body. */
    protected JsonNode problem(HttpResponse<String> response, int status, String type) {
        JsonNode body = json(response, status);
        assertThat(header(response, "Content-Type")).startsWith("application/problem+json");
        assertThat(body.path("type").asString()).isEqualTo("/problems/" + type);
        assertThat(body.path("title").asString()).isEqualToIgnoringCase(type.replace('-', ' '));
        assertThat(body.path("status").asInt()).isEqualTo(status);
        assertThat(body.path("instance").asString()).isEqualTo(response.uri().getPath());
        assertThat(body.path("requestId").asString()).isEqualTo(header(response, "X-Request-Id"));
        assertThat(body.toString()).doesNotContain("java.", "jackson", "Exception", "io.backprop");
        return body;
    }

    /** Checks what all errors of the inference protocols have in common and returns the message. */
    protected String error(HttpResponse<String> response, int status) {
        JsonNode body = json(response, status);
        assertThat(header(response, "Content-Type")).matches("application/json(;charset=utf-8)?");
        assertThat(body.propertyNames()).containsExactly("error");
        assertThat(body.toString()).doesNotContain("java.", "jackson", "Exception", "io.backprop");
        return body.path("error").asString();
    }
}
