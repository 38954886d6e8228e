package io.backprop.training.web;

import io.backprop.training.Training;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** One listener to a training: is told the newest state if it has changed, as soon as the last one has been sent. */
final class EventStream {
    /*
     * A send blocks when the client does not read, so it is done by another thread than the one that offers. Meanwhile
     * nothing is queued: what is offered is dropped, since the newest state is offered again soon. Whoever has set busy
     * owns the fields below it.
     */

    /**
     * Who listens.
     *
     * @param connection through which
     * @param lastEpoch that the listener knows already
     */
    record Listener(String connection, int lastEpoch) {}

    /** The shortest time from one epoch that is told to the next. */
    static final Duration BETWEEN_EPOCHS = Duration.ofMillis(100);

    private static final long STUCK_NANOS = Duration.ofMillis(200).toNanos();

    private final SseEmitter emitter;
    private final String connection;
    private final long heartbeatNanos;
    private volatile boolean over;
    private volatile boolean sending;
    private volatile long sendingSince;

    private Training newest; // for the one thread that offers
    private final AtomicBoolean busy = new AtomicBoolean();
    private int lastEpoch;
    private long lastSent;

    EventStream(Training training, SseEmitter emitter, Listener listener, Duration heartbeat) {
        this.newest = training;
        this.emitter = emitter;
        this.connection = listener.connection();
        this.lastEpoch = Math.max(0, listener.lastEpoch());
        this.heartbeatNanos = heartbeat.toNanos();
    }

    /** Sends the first state in the caller's thread, or else a comment, so that the client sees an answer at once. */
    void begin() {
        send(newest);
    }

    /** Sends the end of a training whose model was deleted, and so can't be looked at any more. */
    void offerDeleted(Instant now, Executor senders) {
        offer(newest.deleted(now), senders);
    }

    /** Sends the state by another thread, if there is anything to tell and nothing on its way. */
    void offer(Training training, Executor senders) {
        newest = training;
        if (!busy.compareAndSet(false, true)) {
            return;
        }
        if (isDue(training)) {
            senders.execute(() -> {
                try {
                    send(training);
                } finally {
                    busy.set(false);
                }
            });
        } else {
            busy.set(false);
        }
    }

    private boolean isDue(Training training) {
        long sinceLast = System.nanoTime() - lastSent;
        return training.state().isFinal()
                || sinceLast >= (isNews(training) ? BETWEEN_EPOCHS.toNanos() : heartbeatNanos);
    }

    private boolean isNews(Training training) {
        return training.state().isFinal() || training.curves().epochs() > lastEpoch;
    }

    private void send(Training training) {
        if (over) {
            return;
        }
        lastSent = System.nanoTime();
        sendingSince = lastSent;
        sending = true;
        try {
            emitter.send(event(training));
            lastEpoch = Math.max(lastEpoch, training.curves().epochs());
            if (training.state().isFinal()) {
                close();
            }
        } catch (IOException e) { // the client is gone, which the server notices as well
            over = true;
        } catch (RuntimeException e) {
            over = true;
            emitter.completeWithError(e);
        } finally {
            sending = false;
        }
    }

    private SseEmitter.SseEventBuilder event(Training training) {
        if (training.state().isFinal()) {
            return SseEmitter.event().name("end").data(TrainingResponse.of(training), MediaType.APPLICATION_JSON);
        }
        if (isNews(training)) {
            return SseEmitter.event()
                    .id(Integer.toString(training.curves().epochs()))
                    .name("epoch")
                    .data(EpochEvent.of(training), MediaType.APPLICATION_JSON);
        }
        return SseEmitter.event().comment("");
    }

    /** Ends the stream; waits for a send that is under way. */
    void close() {
        over = true;
        emitter.complete();
    }

    String connection() {
        return connection;
    }

    /** Nothing more can be sent. */
    boolean isOver() {
        return over;
    }

    /** The client does not read what is being sent. */
    boolean isStuck() {
        return sending && System.nanoTime() - sendingSince > STUCK_NANOS;
    }
}
