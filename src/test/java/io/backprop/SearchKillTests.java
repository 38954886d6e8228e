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
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Searches whose trials are interrupted, and shared by replicas. The property {@code test.search.kills} sets how often. */
@ExtendWith(SeededRandom.class)
class SearchKillTests {

    private static final int KILLS = Integer.getInteger("test.search.kills", 2);
    private static final int TRIALS = 9;
    private static final String CHECKPOINTS = "-Dbackprop.training.checkpoint-interval=PT0.2S";
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static JsonNode send(ChildService service, String path, String body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://localhost:%d%s".formatted(service.port(), path)));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json")
                    .header("Prefer", "respond-async")
                    .POST(BodyPublishers.ofString(body));
        }
        try {
            HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
            return MAPPER.readTree(response.body());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Two noisy classes, from which a few epochs take some tenths of a second. */
    private static void start(ChildService service, String id, int parallelism) {
        Random random = new Random(5);
        StringBuilder inputs = new StringBuilder();
        StringBuilder targets = new StringBuilder();
        for (int row = 0; row < 1_000; row++) {
            double x = random.nextGaussian();
            double y = random.nextGaussian();
            inputs.append(row == 0 ? "" : ",").append("[%.3f,%.3f]".formatted(x, y));
            targets.append(row == 0 ? "" : ",").append(x * y + 0.3 * random.nextGaussian() > 0 ? "\"in\"" : "\"out\"");
        }
        send(service, "/models", "{\"id\": \"%s\", \"hidden\": [64, 64], \"seed\": 11}".formatted(id));
        send(service, "/models/%s/search".formatted(id), """
            {"inputs": [%s], "targets": [%s], "epochs": 40, "trials": %d, "parallelism": %d,
             "space": {"learningRate": {"min": 0.0005, "max": 0.05, "scale": "log"}, "dropout": {"min": 0, "max": 0.4}}}\
            """.formatted(inputs, targets, TRIALS, parallelism));
    }

    private static JsonNode search(ChildService service, String id) {
        return send(service, "/models/%s/searches/1".formatted(id), "");
    }

    /** What must not depend on interruptions, replicas or parallelism: all results, and the parameters. */
    private static String result(ChildService service, String id) {
        JsonNode ended = Await.until(
                () -> search(service, id), search -> !search.path("finishedAt").isNull());
        assertThat(ended.path("state").asString()).as(ended.toString()).isEqualTo("succeeded");
        return send(service, "/models/%s/searches/1/trials".formatted(id), "") + "\n"
                + ended.path("validationMetrics") + "\n"
                + send(service, "/models/%s/parameters".formatted(id), "");
    }

    private static void awaitTrials(ChildService service, String id, int trials) {
        Await.until(() -> search(service, id).path("trialsCompleted").asInt() >= trials
                || !search(service, id).path("finishedAt").isNull());
    }

    @Test
    void killedSearchEndsAsAnUninterruptedOne(Random random) throws Exception {
        Path store = TestFolders.create();
        ChildService service = ChildService.start(store, CHECKPOINTS);
        try {
            start(service, "killed", 2);
            for (int kill = 1; kill <= KILLS; kill++) {
                awaitTrials(service, "killed", Math.min(TRIALS, kill * TRIALS / (KILLS + 1) + random.nextInt(2)));
                service.kill();
                service = ChildService.start(store, CHECKPOINTS);
            }
            String killed = result(service, "killed");

            start(service, "calm", 1);

            assertThat(killed).isEqualTo(result(service, "calm").replace("calm", "killed"));
        } finally {
            service.close();
        }
    }

    private static ChildService replica(String url) throws Exception {
        return ChildService.start("-Dspring.datasource.url=" + url, "-Dbackprop.search.workers=1", CHECKPOINTS);
    }

    @Test
    void replicasFindTheSame() throws Exception {
        String url = Postgres.shared().newDatabase();
        try (ChildService first = replica(url);
                ChildService second = replica(url)) {
            start(first, "shared", 16);
            String shared = result(second, "shared");
            assertThat(epochs(first)).isPositive();
            assertThat(epochs(second)).isPositive();

            start(second, "alone", 1);

            assertThat(result(first, "alone").replace("alone", "shared")).isEqualTo(shared);
        }
    }

    private static double epochs(ChildService service) {
        return send(service, "/actuator/metrics/backprop.training.epochs", "")
                .at("/measurements/0/value")
                .asDouble();
    }
}
