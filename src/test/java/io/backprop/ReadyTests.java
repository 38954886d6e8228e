package io.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Measures the start of the service with many models. Runs on demand: {@code -Dtest.starts=5} starts it five times. */
@EnabledIfSystemProperty(named = "test.starts", matches = "\\d+")
class ReadyTests extends HttpTestBase {

    private static final int STARTS = Integer.getInteger("test.starts", 0);
    private static final int MODELS = 1_000;

    private final Path empty = TestFolders.create();
    private final Path full = TestFolders.create();

    @Test
    void thousandModelsDelayTheStartByLessThanThreeSeconds() throws Exception {
        fill();
        List<Double> withNone = new ArrayList<>();
        List<Double> withModels = new ArrayList<>();
        for (int i = 0; i < STARTS; i++) {
            withNone.add(secondsToReady(empty));
            withModels.add(secondsToReady(full));
        }
        System.out.printf("ready with no models after %s s, with %d after %s s%n", withNone, MODELS, withModels);
        assertThat(median(withModels) - median(withNone)).isLessThan(3);
    }

    private void fill() throws Exception {
        try (ChildService service = ChildService.start(full)) {
            port = service.port();
            for (int i = 0; i < MODELS; i++) {
                json(post("/models", """
                        {"id": "model%d", "hidden": [{"units": 16}]}""".formatted(i)), 201);
                json(post("/models/model%d/train".formatted(i), "{\"inputs\": [[1],[2]], \"targets\": [2,4]}"), 200);
            }
        }
    }

    private double secondsToReady(Path store) throws Exception {
        long start = System.nanoTime();
        try (ChildService service = ChildService.start(store)) {
            port = service.port();
            json(get("/actuator/health/readiness"), 200);
            double seconds = Math.round((System.nanoTime() - start) / 1e7) / 100.0;
            json(get("/models?limit=1"), 200);
            return seconds;
        }
    }

    private static double median(List<Double> seconds) {
        return seconds.stream().sorted().toList().get(seconds.size() / 2);
    }
}
