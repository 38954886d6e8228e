package io.backprop.web.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class EventSequenceTests {

    private static final String NONE = "";

    private long nanos = 1_000_000_000_000L;
    private final EventSequence<String> events =
            new EventSequence<>(new JsonMapper(), EventSequenceTests::eventOf, Duration.ofSeconds(15), () -> nanos);

    private static @Nullable ServerSentEvent eventOf(String name) {
        return name.equals(NONE)
                ? null
                : new ServerSentEvent(name.equals("end") ? null : "7", name, Map.of("a", 1), name.equals("end"));
    }

    @Test
    void sendsEventsAtOnce() {
        assertThat(events.next("epoch")).isEqualTo("id:7\nevent:epoch\ndata:{\"a\":1}\n\n");
        assertThat(events.isComplete()).isFalse();
        assertThat(events.next("end")).isEqualTo("event:end\ndata:{\"a\":1}\n\n");
        assertThat(events.isComplete()).isTrue();
    }

    @Test
    void beginsWithACommentSoThatTheClientReceivesTheHeaders() {
        assertThat(events.next(NONE)).isEqualTo(":\n\n");
    }

    @Test
    void sendsCommentsOnlyAfterSilence() {
        events.next("epoch");

        nanos += Duration.ofSeconds(15).toNanos() - 1;
        assertThat(events.next(NONE)).isNull();

        nanos += 1;
        assertThat(events.next(NONE)).isEqualTo(":\n\n");
        assertThat(events.next(NONE)).isNull();
    }
}
