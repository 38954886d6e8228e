package io.backprop.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class TrainingMetricsTests {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final TrainingMetrics metrics = new TrainingMetrics(
            new Binder(new MapConfigurationPropertySource(Map.of()))
                    .bindOrCreate("backprop.training", TrainingProperties.class),
            registry);

    private void start(Training.Kind kind, int lease, PartedTraining.@Nullable Assignment part, int attempts) {
        Training training = mock(Training.class);
        when(training.kind()).thenReturn(kind);
        when(training.queuedAt()).thenReturn(Instant.EPOCH);
        when(training.startedAt()).thenReturn(Instant.EPOCH.plusSeconds(2));
        TrainingRun run = mock(TrainingRun.class);
        when(run.history()).thenReturn(History.EMPTY);
        when(run.training()).thenReturn(training);
        LeasedTraining leased = new LeasedTraining(
                training,
                new TrainingLease("id", lease),
                part,
                attempts,
                Duration.ofHours(1),
                mock(PreparedTraining.class),
                null);
        metrics.started(run, leased);
        metrics.stopped(run);
    }

    private double attempts(String start) {
        return registry.get("backprop.training.attempts")
                .tag("start", start)
                .counter()
                .count();
    }

    private long queueTimes() {
        return registry.get("backprop.training.queue.time").timer().count();
    }

    @Test
    void countsATrainingOnceAndItsResumptions() {
        start(Training.Kind.TRAINING, 1, null, 1);
        start(Training.Kind.TRAINING, 2, null, 1);

        assertThat(attempts("started")).isEqualTo(1);
        assertThat(attempts("resumed")).isEqualTo(1);
        assertThat(queueTimes()).isEqualTo(1);
    }

    @Test
    void countsWhatDriversReport() {
        Training training = mock(Training.class);
        when(training.queuedAt()).thenReturn(Instant.EPOCH);
        when(training.startedAt()).thenReturn(Instant.EPOCH.plusSeconds(2));

        metrics.claimed(training, true);
        metrics.progressed(1_000, 3);
        metrics.claimed(training, false);
        metrics.progressed(1_000, -1); // repeated after the last checkpoint
        metrics.progressed(1_000, 1);

        assertThat(attempts("started")).isEqualTo(1);
        assertThat(attempts("resumed")).isEqualTo(1);
        assertThat(queueTimes()).isEqualTo(1);
        assertThat(registry.get("backprop.training.epochs").functionCounter().count())
                .isEqualTo(4);
        assertThat(registry.get("backprop.training.examples").functionCounter().count())
                .isEqualTo(4_000);
    }

    @Test
    void countsASearchOnceWhateverItsTrialsAndStages() {
        start(Training.Kind.SEARCH, 1, new PartedTraining.Assignment(1, 0, 5), 1);
        start(Training.Kind.SEARCH, 1, new PartedTraining.Assignment(0, 0, 5), 1);
        start(Training.Kind.SEARCH, 2, new PartedTraining.Assignment(0, 1, 9), 1);
        start(Training.Kind.SEARCH, 1, null, 1); // the best configuration

        assertThat(attempts("started")).isEqualTo(1);
        assertThat(attempts("resumed")).isZero();
        assertThat(queueTimes()).isEqualTo(1);

        start(Training.Kind.SEARCH, 3, new PartedTraining.Assignment(0, 1, 9), 2);
        start(Training.Kind.SEARCH, 2, null, 2);

        assertThat(attempts("started")).isEqualTo(1);
        assertThat(attempts("resumed")).isEqualTo(2);
    }
}
