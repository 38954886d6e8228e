package io.backprop.openinference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.backprop.model.Model;
import io.backprop.model.ModelDeletedEvent;
import io.backprop.openinference.InferenceStatistics.VersionStatistics;
import io.backprop.prediction.Predictors;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class InferenceStatisticsTests {

    private static final int CLIENTS = 8;
    private static final int REQUESTS = 5_000;

    private static final Instant NOW = Instant.parse("2026-11-28T12:00:00.123Z");

    private final InferenceStatistics statistics = new InferenceStatistics(Clock.fixed(NOW, ZoneOffset.UTC));

    private static Model version(long version) {
        return model(version, Instant.EPOCH);
    }

    private static Model model(long version, Instant createdAt) {
        Model model = Predictors.regression().model();
        return new Model(
                model.id(),
                model.spec(),
                model.description(),
                0,
                model.ensemble(),
                version,
                1,
                false,
                null,
                null,
                List.of(),
                createdAt,
                null);
    }

    @Test
    void countsEachInferenceOfParallelClients() throws Exception {
        Model model = version(1);
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        List<Future<?>> running = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            running.add(clients.submit(() -> {
                for (int request = 1; request <= REQUESTS; request++) {
                    statistics.succeeded(model, request, new InferenceDurations(1, 2, 3, 4));
                    statistics.failed(model, 5);
                }
            }));
        }
        for (Future<?> client : running) {
            client.get();
        }
        clients.shutdown();

        long count = (long) CLIENTS * REQUESTS;
        ModelStatistics found = statistics.of(model).statistics();
        assertThat(found.inferences()).isEqualTo(CLIENTS * (long) REQUESTS * (REQUESTS + 1) / 2);
        assertThat(found.executions()).isEqualTo(count);
        assertThat(found.success()).isEqualTo(new ModelStatistics.Duration(count, 10 * count));
        assertThat(found.fail()).isEqualTo(new ModelStatistics.Duration(count, 5 * count));
        assertThat(found.queue()).isEqualTo(new ModelStatistics.Duration(count, count));
        assertThat(found.computeInput()).isEqualTo(new ModelStatistics.Duration(count, 2 * count));
        assertThat(found.computeInfer()).isEqualTo(new ModelStatistics.Duration(count, 3 * count));
        assertThat(found.computeOutput()).isEqualTo(new ModelStatistics.Duration(count, 4 * count));
        assertThat(found.lastInference()).isEqualTo(NOW.toEpochMilli());
    }

    @Test
    void listsVersionsWithInferencesAndTheCurrentOne() {
        statistics.succeeded(version(2), 7, new InferenceDurations(0, 0, 0, 0));

        assertThat(statistics.of(Stream.of(version(3), version(0))))
                .extracting(
                        VersionStatistics::version,
                        version -> version.statistics().inferences())
                .containsExactly(tuple(2L, 7L), tuple(3L, 0L));
    }

    @Test
    void forgetsDeletedModels() {
        Model model = version(1);
        statistics.failed(model, 1);

        statistics.forget(new ModelDeletedEvent(model.id()));

        assertThat(statistics.of(model).statistics()).isEqualTo(ModelStatistics.NONE);
    }

    @Test
    void doesNotCountInferencesOfAnEarlierModelWithTheSameId() {
        statistics.failed(version(1), 1); // still running while the model is deleted

        assertThat(statistics.of(model(1, NOW)).statistics()).isEqualTo(ModelStatistics.NONE);
    }
}
