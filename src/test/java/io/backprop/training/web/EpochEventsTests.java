package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.training.Training;
import io.backprop.training.TrainingOutcome;
import io.backprop.web.events.ServerSentEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class EpochEventsTests {

    private long nanos = 1_000_000_000_000L;
    private final EpochEvents events = eventsAfter(0);

    private EpochEvents eventsAfter(int lastEpoch) {
        return new EpochEvents(lastEpoch, () -> nanos);
    }

    private static Training running(int epoch) {
        return new Training(
                "key",
                "model",
                1,
                Training.Kind.TRAINING,
                Training.State.RUNNING,
                100,
                4,
                0,
                null,
                null,
                new Training.Progress(epoch, 0.5, null, null, Duration.ofSeconds(1)),
                TrainingOutcome.NONE,
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                List.of(),
                "",
                null);
    }

    private ServerSentEvent next(Training training) {
        return Objects.requireNonNull(events.next(training));
    }

    @Test
    void sendsEachEpochOnce() {
        Training third = running(3);
        assertThat(next(third)).isEqualTo(new ServerSentEvent("3", "epoch", EpochEvent.of(third), false));
        nanos += Duration.ofSeconds(1).toNanos();
        assertThat(events.next(third)).isNull();
        assertThat(next(running(5)).id()).isEqualTo("5");
    }

    @Test
    void sendsAtMostTenEpochsASecond() {
        assertThat(next(running(3)).id()).isEqualTo("3");
        nanos += Duration.ofMillis(100).toNanos() - 1;
        assertThat(events.next(running(4))).isNull();
        nanos += 1;
        assertThat(next(running(5)).id()).isEqualTo("5");
        assertThat(next(running(6).deleted(Instant.EPOCH)).name()).isEqualTo("end");
    }

    @Test
    void resumesAfterTheLastEpochOfTheClient() {
        EpochEvents resumed = eventsAfter(7);
        assertThat(resumed.next(running(7))).isNull();

        nanos += Duration.ofSeconds(1).toNanos();
        assertThat(resumed.next(running(8))).isNotNull();
    }

    @Test
    void endsWhenTheTrainingIsDeleted() {
        Training deleted = running(3).deleted(Instant.EPOCH);
        assertThat(next(deleted)).isEqualTo(new ServerSentEvent(null, "end", TrainingResponse.of(deleted), true));
    }
}
