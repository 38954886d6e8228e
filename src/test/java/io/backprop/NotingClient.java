package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Changes models of its own, one request at a time, and notes what must be there whenever the service dies. */
final class NotingClient {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final long DELETED = -1;
    private static final String TRAIN = "{\"inputs\": [[1],[2]], \"targets\": [2,4], \"epochs\": 50}";

    private final String name;
    private final Random random;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, Long> versions = new TreeMap<>(); // by id, as acknowledged
    private final Map<String, Integer> weights = new TreeMap<>(); // of those whose parameters were set last
    private String asked = ""; // the id of a request that was not answered
    private final AtomicInteger acknowledgements = new AtomicInteger();

    NotingClient(String name, long seed) {
        this.name = name;
        this.random = new Random(seed);
    }

    int acknowledgements() {
        return acknowledgements.get();
    }

    /** Until the service is gone. */
    void work(int port) {
        try {
            while (true) {
                List<String> living = new ArrayList<>(versions.keySet());
                living.removeIf(id -> version(id) == DELETED);
                int kind = random.nextInt(4);
                if (kind == 0 || living.isEmpty()) {
                    create(port, name + "-" + versions.size());
                } else {
                    change(port, living.get(random.nextInt(living.size())), kind);
                }
                asked = "";
            }
        } catch (IOException e) {
            // killed
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void create(int port, String id) throws IOException, InterruptedException {
        asked = id;
        note(
                id,
                send(
                        port,
                        "POST",
                        "/models",
                        "{\"id\": \"%s\", \"hidden\": [], \"task\": \"regression\"}".formatted(id)),
                201,
                0);
    }

    private void change(int port, String id, int kind) throws IOException, InterruptedException {
        asked = id;
        long next = version(id) + 1;
        if (kind == 1) {
            int weight = random.nextInt(1_000);
            String body = "{\"layers\": [{\"weights\": [[%d]], \"biases\": [0]}]}".formatted(weight);
            note(id, send(port, "PUT", "/models/" + id + "/parameters", body), 200, next);
            weights.put(id, weight);
        } else if (kind == 2) {
            note(id, send(port, "POST", "/models/" + id + "/train", TRAIN), 200, next);
            weights.remove(id);
        } else {
            note(id, send(port, "DELETE", "/models/" + id, ""), 204, DELETED);
        }
    }

    private long version(String id) {
        return versions.getOrDefault(id, DELETED);
    }

    private void note(String id, HttpResponse<String> response, int status, long version) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        versions.put(id, version);
        acknowledgements.incrementAndGet();
    }

    /** Whether all is there; of what was asked but not answered, either. */
    void check(int port) {
        try {
            versions.putIfAbsent(asked, DELETED);
            versions.remove("");
            for (String id : List.copyOf(versions.keySet())) {
                HttpResponse<String> response = send(port, "GET", "/models/" + id, "");
                JsonNode model = MAPPER.readTree(response.body());
                while (model.path("state").asString().equals("training")) { // which goes on after the kill
                    response = send(port, "GET", "/models/" + id, "");
                    model = MAPPER.readTree(response.body());
                }
                long found = response.statusCode() == 404
                        ? DELETED
                        : model.path("version").asLong();
                if (id.equals(asked)) {
                    assertThat(found).as(id).isIn(DELETED, version(id), version(id) + 1);
                    if (found != version(id)) {
                        weights.remove(id);
                    }
                    versions.put(id, found);
                } else {
                    assertThat(found).as(id).isEqualTo(version(id));
                }
                checkParameters(port, id);
            }
            asked = "";
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void checkParameters(int port, String id) throws IOException, InterruptedException {
        if (weights.containsKey(id) && version(id) != DELETED) {
            String parameters =
                    send(port, "GET", "/models/" + id + "/parameters", "").body();
            assertThat(MAPPER.readTree(parameters).at("/layers/0/weights/0/0").asInt())
                    .as(id)
                    .isEqualTo(weights.get(id));
        }
    }

    private HttpResponse<String> send(int port, String method, String path, String body)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://localhost:" + port + path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }
}
