package io.backprop.training.web;

import io.backprop.training.Training;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The events of one training for one client: the latest epoch, at most ten times a second, and finally the end. */
final class EventSequence {

    private static final long MIN_NANOS_BETWEEN_EPOCHS = Duration.ofMillis(100).toNanos();

    private final JsonMapper json;
    private final long heartbeatNanos;
    private final LongSupplier nanoTime;
    private int lastEpoch;
    private long last;

    /**
     * @param lastEpoch the last epoch that the client has received before
     * @param heartbeat a comment follows after this time without an event
     */
    EventSequence(JsonMapper json, int lastEpoch, Duration heartbeat, LongSupplier nanoTime) {
        this.json = json;
        this.lastEpoch = Math.max(0, lastEpoch);
        this.heartbeatNanos = heartbeat.toNanos();
        this.nanoTime = nanoTime;
        this.last = nanoTime.getAsLong()
                - Math.max(heartbeatNanos, MIN_NANOS_BETWEEN_EPOCHS); // the first event sends the headers
    }

    /** Returns the next event, or a comment if there has been none for long; null if there is nothing to send. */
    @Nullable
    String next(Training training) {
        long now = nanoTime.getAsLong();
        int epoch = training.progress().epochs();
        String event;
        if (training.isOver()) {
            event = "event:end\ndata:" + json.writeValueAsString(TrainingResponse.of(training));
        } else if (epoch > lastEpoch && now - last >= MIN_NANOS_BETWEEN_EPOCHS) {
            lastEpoch = epoch;
            event = "id:%d\nevent:epoch\ndata:%s".formatted(epoch, json.writeValueAsString(EpochEvent.of(training)));
        } else if (now - last >= heartbeatNanos) {
            event = ":";
        } else {
            return null;
        }
        last = now;
        return event + "\n\n";
    }
}
