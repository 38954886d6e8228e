package io.backprop.search.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.Await;
import io.backprop.SentEvent;
import io.backprop.WatchedStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Searches while they run. */
class RunningSearchTests extends SearchTestBase {

    /** Fields of a search that takes longer than any test. */
    private static final String ENDLESS_SEARCH = ENDLESS.replace("1000000", "30000")
            + ", \"space\": %s, \"trials\": 30, \"strategy\": \"sobol\"".formatted(SPACE);

    /** Fields of a search that takes longer than any test, but for its first rung. */
    private static final String ENDLESS_RUNG =
            ENDLESS.replace("1000000", "30000") + ", \"space\": %s, \"trials\": 2".formatted(SPACE);

    @Test
    void respondsAtOnceIfTheClientDoesNotWait() {
        String id = create();

        HttpResponse<String> response = beginSearch(id, ENDLESS_SEARCH);

        JsonNode search = json(response, 202);
        assertThat(header(response, "Location")).isEqualTo("/models/" + id + "/searches/1");
        assertThat(header(response, "Preference-Applied")).isEqualTo("respond-async");
        assertThat(search.path("state").asString()).isIn("queued", "running");
        assertThat(search.path("best").isNull()).isTrue();
        assertThat(model(id).path("state").asString()).isEqualTo("training");
        JsonNode problem = problem(search(id, SMALL), 409, "training-running");
        assertThat(problem.path("runningTraining").asString()).isEqualTo("/models/" + id + "/trainings/1");
        problem(post("/models/" + id + "/train", "{" + EXAMPLES + "}"), 409, "training-running");

        JsonNode cancelled = json(post("/models/" + id + "/searches/1/cancel", ""), 200);
        assertThat(cancelled.path("state").asString()).isEqualTo("cancelled");
        assertThat(cancelled.path("stopReason").asString()).isEqualTo("cancelled");
        assertThat(model(id).path("state").asString()).isEqualTo("created");
    }

    @Test
    void isCancelledAsATraining() {
        String id = create();
        beginSearch(id, ENDLESS_SEARCH);

        JsonNode training = json(post("/models/" + id + "/trainings/1/cancel", ""), 200);

        assertThat(training.path("kind").asString()).isEqualTo("search");
        assertThat(training.path("state").asString()).isEqualTo("cancelled");
        assertThat(json(get("/models/" + id + "/searches/1"), 200).path("state").asString())
                .isEqualTo("cancelled");
    }

    @Test
    void startsOneSearchForAnIdempotencyKey() {
        String id = create();
        String body = "{" + EXAMPLES + ", " + SMALL + "}";

        JsonNode first = json(searchWithKey(id, body), 200);

        assertThat(json(searchWithKey(id, body), 200)).isEqualTo(first);
        problem(searchWithKey(id, body + " "), 422, "idempotency-key-reused");
    }

    private HttpResponse<String> searchWithKey(String id, String body) {
        return send(request("/models/" + id + "/search")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "key")
                .header("Prefer", "wait=60")
                .POST(BodyPublishers.ofString(body)));
    }

    @Test
    void requiresTheState() {
        String id = create();

        HttpResponse<String> response = send(request("/models/" + id + "/search")
                .header("Content-Type", "application/json")
                .header("If-Match", "\"other\"")
                .POST(BodyPublishers.ofString("{" + EXAMPLES + ", " + SMALL + "}")));

        problem(response, 412, "version-mismatch");
    }

    @Test
    void sendsWhatHasHappenedAndTheEnd() {
        String id = create();
        JsonNode search = awaitSearch(id, SMALL);

        List<SentEvent> events =
                SentEvent.parse(get("/models/" + id + "/searches/1/events").body());

        assertThat(events.get(events.size() - 1).name()).isEqualTo("end");
        assertThat(events.subList(0, events.size() - 1))
                .extracting(SentEvent::name)
                .containsExactlyElementsOf(Stream.of(6, 2, 2, 2) // trials that take part in each rung
                        .flatMap(trials ->
                                Stream.concat(Collections.nCopies(trials, "trial").stream(), Stream.of("rung")))
                        .toList());
        assertThat(events.get(events.size() - 1).data()).isEqualTo(search);
        assertThat(events.get(6).data()).isEqualTo(search.path("rungs").get(0));
        assertThat(events.get(0).data().path("trial").asInt()).isZero();
        assertThat(events.get(0).data().path("epochs").asInt()).isEqualTo(1);
    }

    @Test
    void sendsTrialsWhileOthersRun() {
        String id = create();
        beginSearch(id, ENDLESS_SEARCH);
        WatchedStream stream = new WatchedStream(
                HttpClient.newHttpClient(),
                request("/models/" + id + "/searches/1/events").build());
        post("/models/" + id + "/searches/1/cancel", "");

        List<SentEvent> events = stream.allEvents();

        assertThat(events.get(events.size() - 1).name()).isEqualTo("end");
        assertThat(events.get(events.size() - 1).data().path("state").asString())
                .isEqualTo("cancelled");
    }

    @Test
    void keepsTheBestOfCompleteRungs() {
        String id = create();
        beginSearch(id, ENDLESS_RUNG);
        Await.until(
                () -> json(get("/models/" + id + "/searches/1"), 200),
                search -> search.path("rungs").get(0).path("completed").asInt() == 2);

        JsonNode kept = awaitEnd(post("/models/" + id + "/searches/1/cancel?keep=true", ""));

        long complete = kept.path("rungs")
                .valueStream()
                .filter(rung ->
                        rung.path("completed").asInt() == rung.path("trials").asInt())
                .count();
        assertThat(kept.path("version").asInt()).isEqualTo(1);
        assertThat(kept.path("reproduce").toString()).isEqualTo("{\"trials\":2,\"rungs\":%d}".formatted(complete));
    }
}
