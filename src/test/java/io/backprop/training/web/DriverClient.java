package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.driver.CheckpointPacket;
import io.backprop.driver.ClaimRequest;
import io.backprop.driver.DriverDocuments;
import io.backprop.driver.FitReport;
import io.backprop.driver.Preparation;
import io.backprop.driver.ProgressAnswer;
import io.backprop.driver.ProgressReport;
import io.backprop.driver.ResultPacket;
import io.backprop.driver.TrainingClaim;
import io.backprop.engine.Network;
import io.backprop.tabular.FittedTable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Sends what a driver sends. */
final class DriverClient {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String JSON = "application/json";
    private static final String BINARY = "application/octet-stream";

    private final int port;
    private final @Nullable String key;

    /** @param key secret of an API key; null without one */
    DriverClient(int port, @Nullable String key) {
        this.port = port;
        this.key = key;
    }

    DriverClient(int port) {
        this(port, null);
    }

    HttpResponse<byte[]> claim(String prefer) {
        return send("POST", "/trainings/claims", JSON, DriverDocuments.write(new ClaimRequest("test")), prefer);
    }

    /** Claims a training, for which it waits. */
    TrainingClaim claim() {
        return read(claim("wait=60"), TrainingClaim.class);
    }

    Preparation prepare(TrainingClaim claim, FittedTable fit) {
        return read(put(claim.path("preparation"), new FitReport(claim.lease(), fit)), Preparation.class);
    }

    Network network(TrainingClaim claim) {
        HttpResponse<byte[]> response = get(withLease(claim, "network"));
        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        return Network.from(response.body());
    }

    ProgressAnswer progress(TrainingClaim claim, ProgressReport report) {
        return read(put(claim.path("progress"), report), ProgressAnswer.class);
    }

    CheckpointPacket checkpoint(TrainingClaim claim, Network network, int epochs) {
        HttpResponse<byte[]> response = get(withLease(claim, "checkpoint"));
        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        try {
            return CheckpointPacket.read(
                    new ByteArrayInputStream(response.body()), network.spec().parameterCount(), epochs);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] bytes(CheckpointPacket checkpoint, int epochs) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            checkpoint.write(out, epochs);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static byte[] bytes(ResultPacket result, int epochs) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            result.write(out, epochs);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static String withLease(TrainingClaim claim, String resource) {
        return "%s?lease=%d".formatted(claim.path(resource), claim.lease());
    }

    HttpResponse<byte[]> get(String path) {
        return send("GET", path, null, null, null);
    }

    HttpResponse<byte[]> put(String path, Object document) {
        return send("PUT", path, JSON, DriverDocuments.write(document), null);
    }

    HttpResponse<byte[]> post(String path, Object document) {
        return send("POST", path, JSON, DriverDocuments.write(document), null);
    }

    HttpResponse<byte[]> put(String path, byte[] packet) {
        return send("PUT", path, BINARY, packet, null);
    }

    HttpResponse<byte[]> post(String path, byte[] packet) {
        return send("POST", path, BINARY, packet, null);
    }

    private HttpResponse<byte[]> send(
            String method, String path, @Nullable String type, byte @Nullable [] body, @Nullable String prefer) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        if (type != null) {
            request.header("Content-Type", type);
        }
        if (prefer != null) {
            request.header("Prefer", prefer);
        }
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        try {
            return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static <T> T read(HttpResponse<byte[]> response, Class<T> type) {
        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        return DriverDocuments.read(response.body(), type);
    }
}
