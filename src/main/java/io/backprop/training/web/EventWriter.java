package io.backprop.training.web;

import io.backprop.training.Training;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.LongSupplier;
import tools.jackson.databind.json.JsonMapper;

/** Writes the events of one training to one client. */
final class EventWriter {

    private final OutputStream out;
    private final JsonMapper json;
    private final long heartbeatNanos;
    private final LongSupplier nanoTime;
    private int lastEpoch;
    private long lastWrite;

    /**
     * @param lastEpoch the last epoch that the client has received before
     * @param heartbeat a comment is written after this time without an event
     */
    EventWriter(OutputStream out, JsonMapper json, int lastEpoch, Duration heartbeat, LongSupplier nanoTime) {
        this.out = out;
        this.json = json;
        this.lastEpoch = Math.max(0, lastEpoch);
        this.heartbeatNanos = heartbeat.toNanos();
        this.nanoTime = nanoTime;
        this.lastWrite = nanoTime.getAsLong() - heartbeatNanos; // the first write sends the headers
    }

    /**
     * Writes an event if there is news, or a comment if there has been none for long.
     *
     * @throws IOException if the client has gone, or does not read
     */
    void write(Training training) throws IOException {
        int epoch = training.progress().epochs();
        if (training.isOver()) {
            send("event:end\ndata:" + json.writeValueAsString(TrainingResponse.of(training)));
        } else if (epoch > lastEpoch) {
            lastEpoch = epoch;
            send("id:%d\nevent:epoch\ndata:%s".formatted(epoch, json.writeValueAsString(EpochEvent.of(training))));
        } else if (nanoTime.getAsLong() - lastWrite >= heartbeatNanos) {
            send(":");
        }
    }

    private void send(String event) throws IOException {
        out.write((event + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
        lastWrite = nanoTime.getAsLong();
    }
}
