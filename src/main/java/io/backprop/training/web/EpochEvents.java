package io.backprop.training.web;

import io.backprop.training.Training;
import io.backprop.web.events.EventSource;
import io.backprop.web.events.ServerSentEvent;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The events of a training: the latest epoch, at most ten times a second, and finally the end. */
final class EpochEvents implements EventSource<Training> {

    private static final long MIN_NANOS_BETWEEN_EPOCHS = Duration.ofMillis(100).toNanos();

    private final LongSupplier nanoTime;
    private int lastEpoch;
    private long last;

    /** @param lastEpoch the last epoch that the client has received before */
    EpochEvents(int lastEpoch, LongSupplier nanoTime) {
        this.lastEpoch = Math.max(0, lastEpoch);
        this.nanoTime = nanoTime;
        this.last = nanoTime.getAsLong() - MIN_NANOS_BETWEEN_EPOCHS;
    }

    @Override
    public @Nullable ServerSentEvent next(Training training) {
        if (training.isOver()) {
            return new ServerSentEvent(null, "end", TrainingResponse.of(training), true);
        }
        long now = nanoTime.getAsLong();
        int epoch = training.progress().epochs();
        if (epoch <= lastEpoch || now - last < MIN_NANOS_BETWEEN_EPOCHS) {
            return null;
        }
        last = now;
        lastEpoch = epoch;
        return new ServerSentEvent(Integer.toString(epoch), "epoch", EpochEvent.of(training), false);
    }
}
