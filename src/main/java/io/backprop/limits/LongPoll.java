package io.backprop.limits;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests that wait until there is something for them, such as work for drivers. No thread waits: the source is asked when a
 * request comes, and periodically once for all requests that wait. The first of these is served first.
 *
 * @param <T> what they wait for
 */
public final class LongPoll<T> {

    private static final Logger log = LoggerFactory.getLogger(LongPoll.class);

    /** The recommended time between two calls of {@link #poll}, in milliseconds. */
    public static final int INTERVAL = 500;

    private final Supplier<Optional<T>> source;
    private final int maxWaits;
    private final Queue<Wait<T>> waits = new ArrayDeque<>();
    private boolean stopped;

    private record Wait<T>(CompletableFuture<Optional<T>> result, long start, long nanos) {
        boolean isOver() {
            return System.nanoTime() - start >= nanos;
        }
    }

    /**
     * @param source takes the next piece; empty if there is none
     * @param maxWaits number of requests that may wait; others are answered at once
     */
    public LongPoll(Supplier<Optional<T>> source, int maxWaits) {
        this.source = source;
        this.maxWaits = maxWaits;
    }

    /** Takes the next piece, for which it waits no longer than about this time; empty if there is none by then. */
    public synchronized CompletableFuture<Optional<T>> take(Duration timeout) {
        Optional<T> next = waits.isEmpty() ? source.get() : Optional.empty();
        if (next.isPresent() || timeout.isZero() || stopped || waits.size() >= maxWaits) {
            return CompletableFuture.completedFuture(next);
        }
        CompletableFuture<Optional<T>> result = new CompletableFuture<>();
        waits.add(new Wait<>(result, System.nanoTime(), timeout.toNanos()));
        return result;
    }

    /** Serves the requests that wait. To be called periodically, and when something may have been added to the source. */
    public synchronized void poll() {
        waits.removeIf(wait -> wait.isOver() && wait.result.complete(Optional.empty()));
        try {
            while (!waits.isEmpty()) {
                Optional<T> next = source.get();
                if (next.isEmpty()) {
                    return;
                }
                waits.remove().result.complete(next);
            }
        } catch (RuntimeException e) { // other requests report it
            log.debug("Requests go on waiting, because the source has failed", e);
        }
    }

    /** Ends all waits, those of later requests too, because the process shuts down. */
    public synchronized void stop() {
        stopped = true;
        waits.forEach(wait -> wait.result.complete(Optional.empty()));
        waits.clear();
    }
}
