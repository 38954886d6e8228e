package io.backprop.interchange.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** Sends and receives models as files. */
public final class ModelFiles {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private ModelFiles() {}

    /** Gets a file of a service. */
    public static HttpResponse<byte[]> get(int port, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .build();
        return CLIENT.send(request, BodyHandlers.ofByteArray());
    }

    /** Gets a file that must exist. */
    public static byte[] download(int port, String path) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = get(port, path);
        assertThat(response.statusCode())
                .as(new String(response.body(), java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo(200);
        return response.body();
    }

    /** Sends an archive to a service. */
    public static HttpResponse<String> upload(int port, String query, byte[] file)
            throws IOException, InterruptedException {
        return upload(port, query, query.contains("onnx") ? "application/octet-stream" : "application/zip", file);
    }

    /** Sends a file of a type to a service. */
    public static HttpResponse<String> upload(int port, String query, String type, byte[] file)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/models?" + query))
                .header("Content-Type", type)
                .POST(BodyPublishers.ofByteArray(file))
                .build();
        return CLIENT.send(request, BodyHandlers.ofString());
    }
}
