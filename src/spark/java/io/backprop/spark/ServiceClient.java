package io.backprop.spark;

import static java.util.Objects.requireNonNullElse;

import io.backprop.driver.DriverDocuments;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Sends requests to the service. Thread-safe; each request is sent once. */
final class ServiceClient {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofSeconds(30); // besides the transfer of a body
    private static final int SLOWEST_BYTES_PER_SECOND = 1 << 20;
    private static final String JSON = "application/json";
    private static final String BINARY = "application/octet-stream";

    private final URI service;
    private final @Nullable String key;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();

    /**
     * Creates a client.
     *
     * @param service address of the service, without a slash at its end
     * @param key null if the service needs none
     */
    ServiceClient(URI service, @Nullable String key) {
        this.service = service;
        this.key = key;
    }

    /**
     * Asks for work.
     *
     * @param path of the claims
     * @param wait how long the service may wait for work to hand out, in whole seconds
     * @return empty if there is none
     */
    <T> Optional<T> claim(String path, Object request, Duration wait, Class<T> type) throws InterruptedException {
        HttpRequest.Builder builder = request(path, TIMEOUT.plus(wait))
                .header("Content-Type", JSON)
                .header("Prefer", "wait=" + wait.toSeconds())
                .POST(BodyPublishers.ofByteArray(DriverDocuments.write(request)));
        HttpResponse<byte[]> response = exchange(builder);
        return response.statusCode() == 204 ? Optional.empty() : Optional.of(read(response, type));
    }

    /** Sends a document and returns the answer. */
    <T> T send(String method, String path, Object document, Class<T> type) {
        return read(sendDocument(method, path, document), type);
    }

    /** Sends a document. */
    void send(String method, String path, Object document) {
        sendDocument(method, path, document);
    }

    private HttpResponse<byte[]> sendDocument(String method, String path, Object document) {
        HttpRequest.Builder builder = request(path, TIMEOUT)
                .header("Content-Type", JSON)
                .method(method, BodyPublishers.ofByteArray(DriverDocuments.write(document)));
        return exchangeUninterrupted(builder);
    }

    /**
     * Sends bytes.
     *
     * @param bytes Not modified.
     */
    void sendBytes(String method, String path, byte[] bytes) {
        HttpRequest.Builder builder = request(path, TIMEOUT.plusSeconds(bytes.length / SLOWEST_BYTES_PER_SECOND))
                .header("Content-Type", BINARY)
                .method(method, BodyPublishers.ofByteArray(bytes));
        exchangeUninterrupted(builder);
    }

    /** Gets JSON. */
    JsonNode getJson(String path) {
        return DriverDocuments.mapper()
                .readTree(exchangeUninterrupted(
                                request(path, TIMEOUT).header("Accept", JSON).GET())
                        .body());
    }

    /** Gets bytes. */
    byte[] getBytes(String path) {
        return exchangeUninterrupted(
                        request(path, TIMEOUT).header("Accept", BINARY).GET())
                .body();
    }

    private HttpRequest.Builder request(String path, Duration timeout) {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(URI.create(service + path)).timeout(timeout);
        return key == null ? builder : builder.header("Authorization", "Bearer " + key);
    }

    private static <T> T read(HttpResponse<byte[]> response, Class<T> type) {
        return DriverDocuments.read(response.body(), type);
    }

    /** An interrupt, by which the driver shuts down, is kept for the one who claims work. */
    private HttpResponse<byte[]> exchangeUninterrupted(HttpRequest.Builder builder) {
        try {
            return exchange(builder);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServiceException.Unavailable("interrupted");
        }
    }

    private HttpResponse<byte[]> exchange(HttpRequest.Builder builder) throws InterruptedException {
        HttpRequest request = builder.build();
        HttpResponse<byte[]> response;
        try {
            response = http.send(request, BodyHandlers.ofByteArray());
        } catch (IOException e) {
            String reason = requireNonNullElse(e.getMessage(), "is the address right, and does the service run?");
            throw new ServiceException.Unavailable("%s can't be reached: %s".formatted(service, reason));
        }
        int status = response.statusCode();
        if (status / 100 == 2) {
            return response;
        }
        String message = "%s %s was answered with status %d%s"
                .formatted(request.method(), request.uri(), status, detail(response.body()));
        throw switch (status) {
            case 401, 403 -> new ServiceException.AccessDenied(message);
            case 404, 409, 410 -> new ServiceException.ClaimLost(message);
            case 429, 502, 503, 504, 507 -> new ServiceException.Unavailable(message);
            default -> new ServiceException.Rejected(message);
        };
    }

    /** The detail of a problem document (RFC 9457); a proxy may answer in another form. */
    private static String detail(byte[] body) {
        try {
            String detail =
                    DriverDocuments.mapper().readTree(body).path("detail").asString("");
            return detail.isEmpty() ? "" : ": " + detail;
        } catch (JacksonException e) {
            return "";
        }
    }
}
