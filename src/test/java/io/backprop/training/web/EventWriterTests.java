package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.backprop.training.Training;
import io.backprop.training.TrainingOutcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class EventWriterTests {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private long nanos = 1_000_000_000_000L;
    private final EventWriter events = writer(0);

    private EventWriter writer(int lastEpoch) {
        return new EventWriter(out, new JsonMapper(), lastEpoch, Duration.ofSeconds(15), () -> nanos);
    }

    private String written() {
        String text = out.toString(StandardCharsets.UTF_8);
        out.reset();
        return text;
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
                null);
    }

    @Test
    void writesEachEpochOnce() throws IOException {
        events.write(running(3));
        events.write(running(3));
        events.write(running(5));

        assertThat(SentEvent.parse(written()))
                .extracting(SentEvent::name, SentEvent::epoch)
                .containsExactly(tuple("epoch", 3), tuple("epoch", 5));
    }

    @Test
    void writesAtOnceSoThatTheClientReceivesTheHeaders() throws IOException {
        events.write(running(0));

        assertThat(written()).isEqualTo(":\n\n");
    }

    @Test
    void writesCommentsOnlyAfterSilence() throws IOException {
        events.write(running(3));
        written();

        nanos += Duration.ofSeconds(15).toNanos() - 1;
        events.write(running(3));
        assertThat(written()).isEmpty();

        nanos += 1;
        events.write(running(3));
        events.write(running(3));
        assertThat(written()).isEqualTo(":\n\n");
    }

    @Test
    void resumesAfterTheLastEpochOfTheClient() throws IOException {
        EventWriter resumed = writer(7);
        resumed.write(running(7));
        assertThat(written()).isEqualTo(":\n\n");

        resumed.write(running(8));
        assertThat(written()).startsWith("id:8\nevent:epoch\ndata:{");
    }

    @Test
    void writesTheEndOfADeletedTraining() throws IOException {
        events.write(running(3).deleted(Instant.EPOCH));

        assertThat(written())
                .startsWith("event:end\ndata:{")
                .contains("\"state\":\"CANCELLED\"")
                .endsWith("}\n\n");
    }
}
