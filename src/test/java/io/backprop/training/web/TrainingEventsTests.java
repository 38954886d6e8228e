package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.Await;
import io.backprop.SentEvent;
import io.backprop.WatchedStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class TrainingEventsTests extends EventsTestBase {

    @Test
    void sendsTheEndOfAFinishedTraining() {
        String id = create("");
        JsonNode training = train(id, XOR);

        HttpResponse<String> response = get("/models/" + id + "/trainings/1/events");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "Content-Type")).startsWith("text/event-stream");
        assertThat(header(response, "Cache-Control")).isEqualTo("no-store");
        assertThat(SentEvent.parse(response.body())).containsExactly(new SentEvent("", "end", training));
    }

    @Test
    void sendsAtMostTenEpochsASecondAndTheEnd() {
        String path = running();
        long start = System.nanoTime();
        WatchedStream stream = watch(path);
        stream.awaitEvents(10);
        post(path + "/cancel", "");
        List<SentEvent> events = stream.allEvents();
        double seconds = (System.nanoTime() - start) / 1e9;

        List<SentEvent> epochs = events.subList(0, events.size() - 1);
        assertThat(epochs)
                .hasSizeBetween(10, (int) (10 * seconds) + 1)
                .allMatch(event -> event.name().equals("epoch"));
        assertThat(epochs).extracting(SentEvent::epoch).doesNotHaveDuplicates().isSorted();
        for (SentEvent event : epochs) {
            assertThat(event.data().propertyNames())
                    .containsExactly(
                            "epoch",
                            "epochs",
                            "loss",
                            "validationLoss",
                            "validationMetrics",
                            "progress",
                            "examplesPerSecond");
            assertThat(event.data().path("epoch").asInt()).isEqualTo(event.epoch());
            assertThat(event.data().path("epochs").asInt()).isEqualTo(1_000_000);
            assertThat(event.data().path("progress").asDouble()).isEqualTo(event.epoch() / 1e6);
            assertThat(event.data().path("loss").asDouble()).isPositive();
            assertThat(event.data().path("validationLoss").isNull()).isTrue();
            assertThat(event.data().path("validationMetrics").isNull()).isTrue();
        }
        assertThat(events.get(events.size() - 1)).isEqualTo(new SentEvent("", "end", json(get(path), 200)));
        assertThat(history(path, epochs.get(1).epoch()))
                .isEqualTo(epochs.get(1).data().path("loss"));
    }

    @Test
    void sendsTheValidationMetric() {
        String path = endless(ENDLESS + ", \"validationInputs\": [[0,0],[1,0]], \"validationTargets\": [0.1,0.9]");
        awaitEpoch(path);
        WatchedStream stream = watch(path);
        stream.awaitEvents(1);
        post(path + "/cancel", "");

        SentEvent first = stream.allEvents().get(0);
        assertThat(first.data().path("validationMetrics"))
                .isEqualTo(mapper.createObjectNode()
                        .set(
                                "r2",
                                json(get(path + "/history"), 200)
                                        .at("/validationMetrics/r2")
                                        .path(first.epoch() - 1)));
    }

    private JsonNode history(String path, int epoch) {
        return json(get(path + "/history"), 200).path("loss").path(epoch - 1);
    }

    @Test
    void lastEventIdResumesAfterThatEpoch() {
        String path = running();
        int known = epochs(path);
        WatchedStream far = watch(path, "Last-Event-ID", "999999");
        Await.until(() -> events.listeners() == 1);
        WatchedStream resumed = watch(path, "Last-Event-ID", Integer.toString(known));
        resumed.awaitEvents(5);
        post(path + "/cancel", "");

        assertThat(resumed.allEvents())
                .filteredOn(event -> event.name().equals("epoch"))
                .allMatch(event -> event.epoch() > known);
        assertThat(far.allEvents()).extracting(SentEvent::name).containsExactly("end");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "0", "1000"})
    void sendsTheEndForAnyLastEventId(String lastEventId) {
        String id = create("");
        train(id, XOR + ", \"epochs\": 1000");

        WatchedStream stream = watch("/models/" + id + "/trainings/1", "Last-Event-ID", lastEventId);

        assertThat(stream.allEvents()).extracting(SentEvent::name).containsExactly("end");
    }

    @Test
    void rejectsInvalidRequests() {
        String id = create("");
        train(id, XOR);
        problem(events("/models/" + id + "/trainings/2", "Accept", "text/event-stream"), 404, "training-not-found");
        problem(events("/models/missing/trainings/1", "Accept", "text/event-stream"), 404, "model-not-found");
        problem(events("/models/" + id + "/trainings/1", "Accept", "application/json"), 406, "not-acceptable");
        JsonNode problem =
                problem(events("/models/" + id + "/trainings/1", "Last-Event-ID", "x"), 400, "unreadable-parameter");
        assertThat(problem.at("/errors/0/parameter").asString()).isEqualTo("Last-Event-ID");
        assertThat(problem.at("/errors/0/detail").asString()).isEqualTo("must be a whole number, but was \"x\"");
    }

    private HttpResponse<String> events(String path, String header, String value) {
        return send(request(path + "/events").header(header, value).GET());
    }

    @Test
    void respondsToHead() {
        HttpResponse<String> response = send(request(running() + "/events").method("HEAD", BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(200);
        Await.until(() -> events.listeners() == 0);
    }

    @Test
    void sendsTheEndWhenTheModelIsDeleted() {
        String path = running();
        WatchedStream stream = watch(path);
        Await.until(() -> events.listeners() == 1);

        delete(path.substring(0, path.indexOf("/trainings")));

        List<SentEvent> events = stream.allEvents();
        SentEvent end = events.get(events.size() - 1);
        assertThat(events).filteredOn(event -> event.name().equals("end")).containsExactly(end);
        assertThat(end.data().path("state").asString()).isEqualTo("cancelled");
        assertThat(end.data().path("stopReason").asString()).isEqualTo("cancelled");
        assertThat(end.data().path("epochsCompleted").asInt()).isPositive();
        assertThat(end.data().path("finishedAt").isNull()).isFalse();
    }

    @Test
    void removesListenerThatHasGone() throws Exception {
        String path = running();
        try (Socket socket = open(path)) {
            socket.getInputStream().read();
            Await.until(() -> events.listeners() == 1);
        }

        Await.until(() -> events.listeners() == 0);
        int epochs = epochs(path);
        Await.until(() -> epochs(path) > epochs);
    }

    @Test
    void sendsEventsToTwoHundredListeners() {
        String path = running();
        List<WatchedStream> streams =
                IntStream.range(0, 200).mapToObj(i -> watch(path)).toList();
        Await.until(() -> events.listeners() == 200);
        streams.forEach(stream -> stream.awaitEvents(1));

        post(path + "/cancel", "");
        JsonNode training = awaitEnd(path);
        assertThat(streams)
                .allSatisfy(stream -> assertThat(stream.allEvents())
                        .hasSizeGreaterThan(1)
                        .endsWith(new SentEvent("", "end", training)));
    }
}
