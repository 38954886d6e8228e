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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Changes its own models, one request at a time, and records the changes that the service acknowledges. {@link #check}
 * compares the service with this record after a kill or an outage.
 */
final class RecordingClient {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final long DELETED = -1;
    private static final String TRAIN = """
            {"inputs": [[1],[2]], "targets": [2,4], "epochs": 50}""";

    private final String name;
    private final Random random;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, Long> versions = new TreeMap<>(); // acknowledged, by id
    private final Map<String, Integer> weights = new TreeMap<>(); // by id, if the last change set the parameters
    private final Set<String> unacknowledged =
            new TreeSet<>(); // ids of models with a change that may or may not have happened
    private final AtomicInteger acknowledgements = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private int created;

    RecordingClient(String name, long seed) {
        this.name = name;
        this.random = new Random(seed);
    }

    int acknowledgements() {
        return acknowledgements.get();
    }

    /** Returns the number of requests answered with 503. */
    int refusals() {
        return refusals.get();
    }

    /** Sends changes until told to stop or until the service is killed. */
    void run(int port, BooleanSupplier stop) {
        try {
            while (!stop.getAsBoolean()) {
                List<String> living = new ArrayList<>(versions.keySet());
                living.removeIf(id -> version(id) == DELETED || unacknowledged.contains(id));
                int kind = random.nextInt(4);
                if (kind == 0 || living.isEmpty()) {
                    create(port, name + "-" + created++);
                } else {
                    change(port, living.get(random.nextInt(living.size())), kind);
                }
            }
        } catch (IOException e) {
            // killed
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void create(int port, String id) throws IOException, InterruptedException {
        unacknowledged.add(id);
        record(id, send(port, "POST", "/models", """
                        {"id": "%s", "hidden": [], "task": "regression"}""".formatted(id)), 201, 0);
    }

    private void change(int port, String id, int kind) throws IOException, InterruptedException {
        unacknowledged.add(id);
        long next = version(id) + 1;
        if (kind == 1) {
            int weight = random.nextInt(1_000);
            String body = """
                    {"layers": [{"weights": [[%d]], "biases": [0]}]}""".formatted(weight);
            if (record(id, send(port, "PUT", "/models/" + id + "/parameters", body), 200, next)) {
                weights.put(id, weight);
            }
        } else if (kind == 2) {
            if (record(id, send(port, "POST", "/models/" + id + "/train", TRAIN), 200, next)) {
                weights.remove(id);
            }
        } else {
            record(id, send(port, "DELETE", "/models/" + id, ""), 204, DELETED);
        }
    }

    private long version(String id) {
        return versions.getOrDefault(id, DELETED);
    }

    private boolean record(String id, HttpResponse<String> response, int status, long version) {
        boolean refused = response.statusCode() == 503;
        if (response.statusCode() == 202) {
            return false; // the training continues
        }
        if (refused) {
            assertThat(response.headers().firstValueAsLong("Retry-After").orElse(0))
                    .isPositive();
            refusals.incrementAndGet();
        } else {
            assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
            unacknowledged.remove(id);
            versions.put(id, version);
            acknowledgements.incrementAndGet();
        }
        return !refused;
    }

    /** Checks that the service has every acknowledged change; an unacknowledged one may be there or not. */
    void check(int port) {
        try {
            unacknowledged.forEach(id -> versions.putIfAbsent(id, DELETED));
            for (String id : List.copyOf(versions.keySet())) {
                long found = version(port, id);
                if (unacknowledged.remove(id)) {
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
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the version in the service once the model is not in training. */
    private long version(int port, String id) throws IOException, InterruptedException {
        while (true) {
            HttpResponse<String> response = send(port, "GET", "/models/" + id, "");
            JsonNode model = MAPPER.readTree(response.body());
            if (!model.path("state").asString().equals("training")) {
                return response.statusCode() == 404
                        ? DELETED
                        : model.path("version").asLong();
            }
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
                .header("Prefer", "wait=60") // covers a training that another replica takes over
                .method(method, BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }
}
