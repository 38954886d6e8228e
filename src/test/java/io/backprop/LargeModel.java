package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Publishes versions of 8 MB, each of which takes several transactions, and deletes them, until the service is killed; then
 * checks that every acknowledged version is there and complete.
 */
final class LargeModel {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final int INPUTS = 2_000;
    private static final int VERSIONS = 4;
    private static final String ROW = "[[" + "0,".repeat(INPUTS - 1) + "1]]";

    private final HttpClient http = HttpClient.newHttpClient();
    private long version = -1; // acknowledged; -1 if the model has been deleted
    private boolean unacknowledged;

    void run(int port) {
        try {
            while (true) {
                if (version < 0) {
                    change(port, "POST", "", """
                            {"id": "large", "hidden": [1000], "inputs": %d, "task": "regression", "optimizer": "sgd"}""".formatted(INPUTS), 201, 0);
                } else if (version == 0) {
                    String examples = "{\"inputs\": %s, \"targets\": [1], \"epochs\": 1}".formatted(ROW);
                    change(port, "POST", "/large/train", examples, 200, 1);
                } else if (version < VERSIONS) {
                    change(port, "POST", "/large/versions/1/restore", "", 200, version + 1);
                } else {
                    change(port, "DELETE", "/large", "", 204, -1);
                }
            }
        } catch (IOException e) {
            // killed
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void change(int port, String method, String path, String body, int status, long next)
            throws IOException, InterruptedException {
        unacknowledged = true;
        HttpResponse<String> response = send(port, method, path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        unacknowledged = false;
        version = next;
    }

    void check(int port) throws IOException, InterruptedException {
        HttpResponse<String> response = send(port, "GET", "/large", "");
        JsonNode model = MAPPER.readTree(response.body());
        while (model.path("state").asString().equals("training")) {
            response = send(port, "GET", "/large", "");
            model = MAPPER.readTree(response.body());
        }
        long found = response.statusCode() == 404 ? -1 : model.path("version").asLong();
        if (!unacknowledged) {
            assertThat(found).isEqualTo(version);
        } else {
            assertThat(found).isIn(version, version == VERSIONS ? -1 : version + 1);
        }
        version = found;
        unacknowledged = false;
        for (long kept = 1; kept <= found; kept++) { // reads all parameters and their checksums
            assertThat(send(port, "POST", "/large/predict?version=" + kept, "{\"inputs\": " + ROW + "}")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    private HttpResponse<String> send(int port, String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/models" + path))
                .header("Content-Type", "application/json")
                .header("Prefer", "wait=60")
                .method(method, BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    /** Counts the chunks that do not belong to a version or training. */
    static int chunksOfNoVersion(Path store) {
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + store.resolve("backprop.db"));
                Statement query = database.createStatement()) {
            return query.executeQuery("""
                            select count(*) from blob_chunk where blob_id not in
                              (select id from blob where model_id is not null or training_id is not null)""").getInt(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
