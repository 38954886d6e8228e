package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.training.Training;
import io.backprop.training.TrainingOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class EventSequenceTests {

    private long nanos = 1_000_000_000_000L;
    private final EventSequence events = sequence(0);

    private EventSequence sequence(int lastEpoch) {
        return new EventSequence(new JsonMapper(), lastEpoch, Duration.ofSeconds(15), () -> nanos);
    }

    private static Training running(int epoch) {
        return new Training(
                "key",
                "model",
                1,
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

    @Test
    void sendsEachEpochOnce() {
        assertThat(events.next(running(3)))
                .startsWith("id:3\nevent:epoch\ndata:{")
                .endsWith("}\n\n");
        nanos += Duration.ofSeconds(1).toNanos();
        assertThat(events.next(running(3))).isNull();
        assertThat(events.next(running(5))).startsWith("id:5\nevent:epoch\ndata:{");
    }

    @Test
    void sendsAtMostTenEpochsASecond() {
        assertThat(events.next(running(3))).startsWith("id:3");
        nanos += Duration.ofMillis(100).toNanos() - 1;
        assertThat(events.next(running(4))).isNull();
        nanos += 1;
        assertThat(events.next(running(5))).startsWith("id:5");
        assertThat(events.next(running(6).deleted(Instant.EPOCH))).startsWith("event:end");
    }

    @Test
    void beginsWithACommentSoThatTheClientReceivesTheHeaders() {
        assertThat(events.next(running(0))).isEqualTo(":\n\n");
    }

    @Test
    void sendsCommentsOnlyAfterSilence() {
        events.next(running(3));

        nanos += Duration.ofSeconds(15).toNanos() - 1;
        assertThat(events.next(running(3))).isNull();

        nanos += 1;
        assertThat(events.next(running(3))).isEqualTo(":\n\n");
        assertThat(events.next(running(3))).isNull();
    }

    @Test
    void resumesAfterTheLastEpochOfTheClient() {
        EventSequence resumed = sequence(7);
        assertThat(resumed.next(running(7))).isEqualTo(":\n\n");

        nanos += Duration.ofSeconds(1).toNanos();
        assertThat(resumed.next(running(8))).startsWith("id:8\nevent:epoch\ndata:{");
    }

    @Test
    void endsWhenTheTrainingIsDeleted() {
        assertThat(events.next(running(3).deleted(Instant.EPOCH)))
                .startsWith("event:end\ndata:{")
                .contains("\"state\":\"CANCELLED\"")
                .endsWith("}\n\n");
    }
}
