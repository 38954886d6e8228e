package io.backprop.training.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.backprop.training.LearningCurves;
import io.backprop.training.Training;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

class EventStreamTests {

    private final List<String> sent = new ArrayList<>();
    private final EventStream stream = stream(Duration.ofSeconds(15));

    private EventStream stream(Duration heartbeat) {
        return new EventStream(running(1), new Emitter(), new EventStream.Listener("connection", 0), heartbeat);
    }

    private final class Emitter extends SseEmitter {
        @Override
        public void send(SseEventBuilder event) {
            sent.add(event.build().stream()
                    .map(part -> String.valueOf(part.getData()))
                    .collect(Collectors.joining()));
        }
    }

    private static Training running(int epoch) {
        LearningCurves losses = new LearningCurves(epoch, List.of(0.5), null, null);
        return new Training(
                "key",
                "model",
                1,
                Training.State.RUNNING,
                null,
                100,
                new Training.Progress(losses, Duration.ofSeconds(1)),
                null,
                null,
                4,
                null,
                null,
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                List.of(),
                null,
                null);
    }

    @Test
    void anEpochIsToldNoSoonerThanATenthOfASecondAfterTheOneBefore() {
        long begun = System.nanoTime();
        stream.begin();
        for (int epoch = 2; sent.size() == 1; epoch++) {
            stream.offer(running(epoch), Runnable::run);
        }

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(100));
        assertThat(sent).hasSize(2).allMatch(event -> event.contains("event:epoch"));
    }

    @Test
    void trainingThatGoesOnNeedsNoComments() {
        EventStream impatient = stream(Duration.ofMillis(1));
        impatient.begin();
        for (int epoch = 2; sent.size() < 3; epoch++) {
            impatient.offer(running(epoch), Runnable::run);
        }

        assertThat(sent).allMatch(event -> event.contains("event:epoch"));
    }

    @Test
    void theEndIsToldAtOnce() {
        stream.begin();
        stream.offerDeleted(Instant.EPOCH, Runnable::run);

        assertThat(sent).hasSize(2).last().asString().contains("event:end");
        assertThat(stream.isOver()).isTrue();
    }
}
