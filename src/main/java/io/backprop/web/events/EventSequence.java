package io.backprop.web.events;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What is sent to one client: events, and comments that keep the connection open while there are none. */
final class EventSequence<T> {

    private final JsonMapper json;
    private final EventSource<T> source;
    private final long heartbeatNanos;
    private final LongSupplier nanoTime;
    private long last;
    private boolean isComplete;

    /** @param heartbeat a comment follows after this time without an event */
    EventSequence(JsonMapper json, EventSource<T> source, Duration heartbeat, LongSupplier nanoTime) {
        this.json = json;
        this.source = source;
        this.heartbeatNanos = heartbeat.toNanos();
        this.nanoTime = nanoTime;
        this.last = nanoTime.getAsLong() - heartbeatNanos; // the first text sends the headers
    }

    /** Returns the next event, or a comment if there has been none for long; null if there is nothing to send. */
    @Nullable
    String next(T latest) {
        long now = nanoTime.getAsLong();
        ServerSentEvent event = source.next(latest);
        if (event == null && now - last < heartbeatNanos) {
            return null;
        }
        last = now;
        return event == null ? ":\n\n" : textOf(event);
    }

    private String textOf(ServerSentEvent event) {
        isComplete = event.isLast();
        String id = event.id() == null ? "" : "id:" + event.id() + "\n";
        return id + "event:" + event.name() + "\ndata:" + json.writeValueAsString(event.data()) + "\n\n";
    }

    /** Whether the last event has been returned. */
    boolean isComplete() {
        return isComplete;
    }
}
