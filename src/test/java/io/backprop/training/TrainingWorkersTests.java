package io.backprop.training;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.backprop.limits.MemoryBudget;
import io.backprop.limits.MemoryBusyException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.context.ApplicationEventPublisher;

class TrainingWorkersTests {

    private static final long MEBIBYTE = 1 << 20;

    private final TrainingStore store = mock(TrainingStore.class);
    private final PartStore parts = mock(PartStore.class);
    private final TrainingMetrics metrics = mock(TrainingMetrics.class);
    private final MemoryBudget memory = new MemoryBudget(100 * MEBIBYTE, 100 * MEBIBYTE);
    private final ApplicationEventPublisher events = mock(ApplicationEventPublisher.class);

    private final TrainingWorkers workers = new TrainingWorkers(
            store,
            new Binder(new MapConfigurationPropertySource(Map.of()))
                    .bindOrCreate("backprop.training", TrainingProperties.class),
            mock(TrainingExecutor.class),
            parts,
            mock(PartExecutor.class),
            metrics,
            events,
            memory,
            Runnable::run,
            Runnable::run);

    @Test
    void countsWhatListenersLoad() {
        MemoryBudget.Reservation request = memory.begin();
        request.add(60 * MEBIBYTE);
        doAnswer(call -> {
                    memory.acquire(50 * MEBIBYTE);
                    return null;
                })
                .when(events)
                .publishEvent(any(Object.class));

        assertThatThrownBy(() -> workers.work("id")).isInstanceOf(MemoryBusyException.class);
        request.close();
        workers.work("id");
    }

    @Test
    void leavesTrainingInTheQueueWhileItsMemoryIsInUse() {
        when(store.memory("id")).thenReturn(50 * MEBIBYTE);
        MemoryBudget.Reservation request = memory.begin();
        request.add(60 * MEBIBYTE);

        assertThatThrownBy(() -> workers.work("id")).isInstanceOf(MemoryBusyException.class);
        verify(store, never()).lease(any());

        request.close();
        workers.work("id");
        verify(store).lease("id");
    }

    @Test
    void countsATrainingThatAPartHasFailed() {
        Training failed = mock(Training.class);
        when(failed.kind()).thenReturn(Training.Kind.SEARCH);
        when(failed.state()).thenReturn(Training.State.FAILED);
        when(failed.progress()).thenReturn(Training.Progress.NONE);
        when(parts.memory("id/3")).thenReturn(new PartStore.Memory(0, 0));
        when(store.find("id")).thenReturn(Optional.of(failed));

        workers.workOnPart("id/3");

        verify(metrics).ended(Training.Kind.SEARCH, Training.State.FAILED, Duration.ZERO);
        verify(events).publishEvent(new TrainingStoppedEvent("id"));
    }
}
