package io.backprop.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyCollection;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.backprop.TestProperties;
import io.backprop.limits.MemoryBudget;
import io.backprop.limits.MemoryBusyException;
import io.backprop.model.Model;
import io.backprop.model.ModelService;
import io.backprop.model.StorageUnavailableException;
import io.backprop.tabular.Preprocessing;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrainingMonitorTests {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(1);

    private final Model model = TestModels.untrained(null, Preprocessing.NONE);
    private final TrainingStore store = mock(TrainingStore.class);
    private final TrainingWorkers workers = mock(TrainingWorkers.class);
    private final ModelService models = mock(ModelService.class);
    private final MemoryBudget memory = new MemoryBudget(100 << 20, 100 << 20);
    private final TrainingMonitor monitor = monitor("2000");
    private final Map<String, Training> stored = new TreeMap<>();

    private TrainingMonitor monitor(String waits) {
        return new TrainingMonitor(
                store,
                workers,
                models,
                TestProperties.bind(TrainingProperties.class, Map.of("backprop.training.waits", waits)),
                memory,
                Clock.systemUTC());
    }

    @BeforeEach
    void prepare() {
        when(models.get("m")).thenReturn(model);
        when(store.find(anyCollection()))
                .thenAnswer(call -> call.<Collection<String>>getArgument(0).stream()
                        .filter(stored::containsKey)
                        .map(stored::get)
                        .toList());
    }

    private Training training(String id, Training.State state) {
        return new Training(
                id,
                "m",
                1,
                Training.Kind.TRAINING,
                state,
                3,
                1,
                0,
                null,
                null,
                Training.Progress.NONE,
                TrainingOutcome.NONE,
                model.createdAt(),
                Instant.EPOCH,
                null,
                List.of(),
                "alice",
                new IdempotencyKey("key", "digest"));
    }

    private Training store(String id, Training.State state) {
        Training training = training(id, state);
        stored.put(id, training);
        return training;
    }

    @Test
    void manyWaitsCostOneQueryPerPoll() {
        Training first = store("a", Training.State.RUNNING);
        Training second = store("b", Training.State.QUEUED);
        List<CompletableFuture<Training>> waits = new ArrayList<>();
        IntStream.range(0, 1_000).forEach(i -> waits.add(monitor.await(() -> first, LONG)));
        waits.add(monitor.await(() -> second, LONG));
        verify(store, times(2)).find(anyCollection());

        monitor.update();

        verify(store, times(3)).find(anyCollection());
        assertThat(waits).noneMatch(CompletableFuture::isDone);
        Training end = store("a", Training.State.CANCELLED);
        monitor.update();
        assertThat(waits.remove(1_000)).isNotDone();
        assertThat(waits).allSatisfy(wait -> assertThat(wait.join()).isEqualTo(end));
    }

    @Test
    void noticesTheEndInThisProcessAtOnce() {
        Training running = store("a", Training.State.RUNNING);
        CompletableFuture<Training> wait = monitor.await(() -> running, LONG);
        Training end = store("a", Training.State.SUCCEEDED);

        monitor.update(new TrainingStoppedEvent("other"));
        assertThat(wait).isNotDone();
        monitor.update(new TrainingStoppedEvent("a"));

        assertThat(wait.join()).isEqualTo(end);
    }

    @Test
    void ignoresAStateThatWasReadBeforeTheEnd() {
        Training running = store("a", Training.State.RUNNING);
        List<Training> seen = new ArrayList<>();
        monitor.subscribe(running, seen::add);
        Training end = training("a", Training.State.SUCCEEDED);
        when(workers.find("a")).thenAnswer(call -> {
            if (running.equals(stored.put("a", end))) { // another thread publishes the end before this one publishes
                monitor.update();
            }
            return Optional.empty();
        });

        monitor.update();

        assertThat(seen).containsExactly(running, end);
    }

    @Test
    void returnsATrainingThatEndedBeforeTheWait() {
        Training end = store("a", Training.State.SUCCEEDED);

        assertThat(monitor.await(() -> training("a", Training.State.RUNNING), LONG))
                .isCompletedWithValue(end);
        assertThat(monitor.await(() -> training("a", Training.State.RUNNING), Duration.ZERO))
                .isCompletedWithValue(end);
    }

    @Test
    void waitEndsAtItsDeadline() {
        Training queued = store("a", Training.State.QUEUED);

        assertThat(monitor.await(() -> queued, SHORT).join()).isEqualTo(queued);

        monitor.update();
        verify(store).find(List.of("a")); // nobody waits any more
    }

    @Test
    void returnsADeletedTrainingAsCancelled() {
        assertThat(monitor.await(() -> training("a", Training.State.RUNNING), LONG)
                        .join()
                        .state())
                .isEqualTo(Training.State.CANCELLED);
    }

    @Test
    void continuesToWaitWhileTheStoreIsUnavailable() {
        Training running = store("a", Training.State.RUNNING);
        when(store.find(anyCollection())).thenThrow(new StorageUnavailableException(new RuntimeException()));

        CompletableFuture<Training> wait = monitor.await(() -> running, LONG);
        monitor.update();

        assertThat(wait).isNotDone();
        assertThat(monitor.await(() -> running, SHORT).join()).isEqualTo(running);
    }

    @Test
    void refusesMoreWaitsBeforeTheTrainingStarts() {
        TrainingMonitor small = monitor("2");
        Training running = store("a", Training.State.RUNNING);
        CompletableFuture<Training> first = small.await(() -> running, LONG);
        assertThatThrownBy(() -> small.await(
                        () -> {
                            throw new IllegalStateException();
                        },
                        LONG))
                .isInstanceOf(IllegalStateException.class);
        CompletableFuture<Training> second = small.awaitIfPossible(running, LONG);
        Supplier<Training> third = mock();

        assertThatThrownBy(() -> small.await(third, LONG))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("all 2 waits")
                .hasMessageContaining("backprop.training.waits");
        verify(third, never()).get();
        assertThat(small.awaitIfPossible(running, LONG)).isCompletedWithValue(running);
        assertThat(small.await(() -> running, Duration.ZERO)).isCompletedWithValue(running);

        store("a", Training.State.SUCCEEDED);
        small.update();
        assertThat(first).isDone();
        assertThat(second).isDone();
        assertThat(small.await(() -> running, LONG)).isDone();
    }

    @Test
    void doesNotWaitIfOthersTookTheLastWaitDuringTheStart() {
        TrainingMonitor small = monitor("1");
        Training running = store("a", Training.State.RUNNING);
        List<CompletableFuture<Training>> first = new ArrayList<>();

        CompletableFuture<Training> second = small.await(
                () -> {
                    first.add(small.await(() -> running, LONG));
                    return running;
                },
                LONG);

        assertThat(second).isCompletedWithValue(running);
        assertThat(first.get(0)).isNotDone();
    }

    @Test
    void findsAKeyThatSomebodyWaitsForWithoutAQuery() {
        Training running = store("a", Training.State.RUNNING);
        assertThat(monitor.findWatched(model, "alice", "key")).isEmpty();
        CompletableFuture<Training> wait = monitor.await(() -> running, LONG);

        assertThat(monitor.findWatched(model, "alice", "key")).contains(running);
        assertThat(monitor.findWatched(model, "alice", "other")).isEmpty();
        assertThat(monitor.findWatched(model, "bob", "key")).isEmpty();
        verify(store, never()).findByKey(any(), any(), any());

        monitor.stop();
        assertThat(wait).isCompletedWithValue(running);
        assertThat(monitor.findWatched(model, "alice", "key")).isEmpty();
    }

    @Test
    void countsTheModelOfAnEndedTraining() {
        Training running = store("a", Training.State.RUNNING);
        CompletableFuture<Training> wait = monitor.await(() -> running, LONG);
        Training end = store("a", Training.State.SUCCEEDED);
        MemoryBudget.Reservation other = memory.begin();
        other.add(200 << 20);
        when(models.get("m")).thenAnswer(call -> {
            memory.acquire(2 << 20);
            return model;
        });

        monitor.update();
        assertThat(wait).isNotDone();

        other.close();
        monitor.update();
        assertThat(wait).isCompletedWithValue(end);
    }

    @Test
    void endsTheWaitAlthoughTheModelCannotBeRead() {
        Training running = store("a", Training.State.RUNNING);
        CompletableFuture<Training> wait = monitor.await(() -> running, LONG);
        Training end = store("a", Training.State.SUCCEEDED);

        when(models.get("m")).thenThrow(new StorageUnavailableException(new RuntimeException()));
        monitor.update();
        assertThat(wait).isNotDone();

        doThrow(new MemoryBusyException()).when(models).get("m");
        monitor.update();
        assertThat(wait).isNotDone();

        doThrow(new IllegalStateException("corrupt")).when(models).get("m");
        monitor.update();
        assertThat(wait).isCompletedWithValue(end);
    }
}
