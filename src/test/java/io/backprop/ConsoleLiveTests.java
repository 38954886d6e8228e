package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Trainings that the console shows while they run, and long histories. */
class ConsoleLiveTests extends ConsoleTestBase {

    private static final List<String> MODELS = List.of("first", "second");
    private static final int LONG_HISTORY = 10_000;
    private static final double MAX_MILLIS_TO_DRAW = LoadScale.of(2_000, 200);
    private static final double MAX_SHARE_OF_CORE = LoadScale.isFull() ? 0.1 : 0.3;
    private static final int MEASURED_MILLIS = LoadScale.of(2_000, 10_000);

    ConsoleLiveTests() {
        super(start("-Dbackprop.training.workers=1"));
    }

    @Test
    void drawsLongHistories() {
        json(post("/models", "{\"id\": \"long\", \"seed\": 1}"), 201);
        json(post("/models/long/train", "{%s, \"epochs\": %d}".formatted(ServiceTestBase.XOR, LONG_HISTORY)), 200);
        command("Page.addScriptToEvaluateOnNewDocument", Map.of("source", """
                const stroke = CanvasRenderingContext2D.prototype.stroke;
                CanvasRenderingContext2D.prototype.stroke = function (...path) {
                  stroke.apply(this, path);
                  window.drawn = performance.now();
                };"""));

        open("#/models/long/train");
        awaitView("train");
        await("figure#loss canvas");
        Await.until(() -> Boolean.TRUE.equals(evaluate("return window.drawn > 0")));

        double millis = this.<Number>evaluate("""
                        const received = performance.getEntriesByType('resource')
                            .filter(each => each.name.includes('/history')).map(each => each.responseEnd);
                        return window.drawn - Math.max(...received.filter(end => end <= window.drawn));""").doubleValue();
        System.out.printf("history of %d epochs: drawn in %.0f ms%n", LONG_HISTORY, millis);
        assertThat(millis).isBetween(0.0, MAX_MILLIS_TO_DRAW);
    }

    @Test
    void eventsCostLittle() {
        startEndless("endless");
        open("#/models/endless/train");
        await("#training[data-state=running]:not([data-epoch='0'])");
        command("Performance.enable", Map.of("timeDomain", "threadTicks")); // time of the processor

        double before = metric("TaskDuration");
        double start = metric("Timestamp");
        int epoch = shownEpoch();
        browser.executeAsyncScript("setTimeout(arguments[0], %d)".formatted(MEASURED_MILLIS));
        double share = (metric("TaskDuration") - before) / (metric("Timestamp") - start);

        System.out.printf("events of a training: %.1f %% of a core%n", 100 * share);
        assertThat(shownEpoch()).isGreaterThan(epoch);
        assertThat(share).isLessThan(MAX_SHARE_OF_CORE);
        json(post("/models/endless/trainings/1/cancel", ""), 200);
        await("#training[data-state=cancelled]");
    }

    @Test
    void firstPageListsRunningAndQueuedTrainings() {
        for (String id : MODELS) {
            startEndless(id);
        }
        open("");
        awaitView("start");
        for (String id : MODELS) {
            await("[data-training='%s/1'] progress".formatted(id));
        }
        awaitText("#trainings", "running");
        awaitText("#trainings", "queued");

        for (String id : MODELS) {
            json(post("/models/" + id + "/trainings/1/cancel", ""), 200);
            awaitGone("[data-training='%s/1']".formatted(id));
        }
    }

    private void startEndless(String id) {
        json(post("/models", "{\"id\": \"%s\", \"seed\": 1}".formatted(id)), 201);
        json(
                send(request("/models/" + id + "/train")
                        .header("Content-Type", "application/json")
                        .header("Prefer", "respond-async")
                        .POST(BodyPublishers.ofString("{" + ServiceTestBase.ENDLESS + "}"))),
                202);
    }

    private int shownEpoch() {
        return Integer.parseInt(await("#training").getDomAttribute("data-epoch"));
    }

    @SuppressWarnings("unchecked")
    private double metric(String name) {
        List<Map<String, Object>> metrics = (List<Map<String, Object>>) Objects.requireNonNull(
                command("Performance.getMetrics", Map.of()).get("metrics"));
        return metrics.stream()
                .filter(metric -> name.equals(metric.get("name")))
                .mapToDouble(metric -> ((Number) Objects.requireNonNull(metric.get("value"))).doubleValue())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void reconnectsToAServiceThatWasKilled() throws Exception {
        int epochs = 600;
        LongTraining training = new LongTraining("killed", epochs);
        Path store = TestFolders.create();
        String checkpoints = "-Dbackprop.training.checkpoint-interval=PT0.2S";
        JsonNode history;
        try (ChildService killed = ChildService.start(store, checkpoints)) {
            port = killed.port();
            training.start(killed);
            open("#/models/killed/train");
            await("#training[data-state=running]:not([data-epoch='0'])");
            assertThat(await("#state").getText()).isEmpty();
            training.awaitEpoch(killed, epochs / 4);

            killed.kill();

            await("#state[data-state=offline]");
            assertThat(await("#state").getText()).isNotEmpty();
        }
        assertThat(logged()).allMatch(message -> message.contains("net::ERR_"));
        try (ChildService restarted = ChildService.start(port, store, checkpoints)) {
            await("#state[data-state=online]");
            await("#training[data-state=succeeded]");
            history = training.history(restarted);

            click("figure#loss [data-table]");
            List<String> shown = evaluate(
                    "return [...document.querySelectorAll('figure#loss tbody th')].map(each => each.textContent)");

            assertThat(history.path("epochs").size()).isEqualTo(epochs);
            assertThat(shown)
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, epochs)
                            .mapToObj(String::valueOf)
                            .toList());
        }
        assertThat(logged()).allMatch(message -> message.contains("net::ERR_"));
    }
}
