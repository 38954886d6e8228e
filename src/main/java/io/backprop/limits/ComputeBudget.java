package io.backprop.limits;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.stereotype.Component;

/**
 * Bounds how many large requests compute at the same time: decode a large body, predict, evaluate, or measure importance.
 * Small requests compute without a permit, so that they never wait for large ones.
 */
@Component
public class ComputeBudget {
    /*
     * The operating system shares the processors among all threads that compute. If each large request were one of them, a
     * small request would wait for a time slice of each. A permit belongs to the thread of a request. The thread releases
     * it while it waits for its client, because otherwise a few slow clients could hold all permits, and goes to the end
     * of the queue afterwards: large bodies are decoded by turns. The queue has places only for requests that have not had a
     * permit yet: those that have begun are never refused for its length, and take no place from others. The time limit is
     * for all.
     *
     * Computing without a permit: a table's batch in the helper thread, while the reading thread may have released its
     * permit; the storing of a training's data; and the encoding of answers in JSON.
     *
     * PredictionLoadTests requires the latency of small requests, ComputeBudgetTests states the rules.
     */

    private static final int LARGE_BODY = 1 << 18; // bytes, decoded in 2 ms
    private static final double LARGE_FLOPS = 1e8; // computed in 2 to 10 ms
    private static final Duration MAX_WAIT = Duration.ofSeconds(30);

    private static final ThreadLocal<State> STATES = new ThreadLocal<>(); // absent: no permit yet
    private static final ThreadLocal<Long> WAITED = ThreadLocal.withInitial(() -> 0L); // nanoseconds

    private final int queue;
    private final int limit;
    private final Semaphore places; // in the queue
    private final Semaphore permits;

    private enum State {
        HELD,
        RELEASED
    }

    /**
     * Settings of large requests.
     *
     * @param workers number of large requests that compute at a time; 0 for one less than the number of cores, but at
     *     least 1
     * @param queue number of large requests that may wait to compute
     */
    @ConfigurationProperties("backprop.compute")
    record Properties(
            @DefaultValue("0") int workers,
            @DefaultValue("16") int queue) {
        Properties {
            requireArgument(workers >= 0, "backprop.compute.workers must be at least 0, but was %d", workers);
            requireArgument(queue >= 0, "backprop.compute.queue must be at least 0, but was %d", queue);
        }
    }

    @Autowired
    ComputeBudget(Properties properties) {
        this.queue = properties.queue;
        this.places = new Semaphore(queue);
        this.limit = properties.workers > 0
                ? properties.workers
                : Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
        this.permits = new Semaphore(limit, true);
    }

    /** Whether a body of this length takes a permit to decode. */
    public static boolean isLargeBody(long bytes) {
        return bytes > LARGE_BODY;
    }

    /** Acquires a permit if a request needs a large number of floating-point operations. */
    public void acquireForFlops(double flops) {
        if (flops > LARGE_FLOPS) {
            acquire();
        }
    }

    /**
     * Waits for a permit, unless the thread has one.
     *
     * @throws ComputeBusyException if too many requests wait, or for too long
     */
    public void acquire() {
        State state = STATES.get();
        if (state == State.HELD) {
            return;
        }
        if (!tryAcquire(Duration.ZERO)) {
            if (state == null) {
                queue();
            } else {
                await();
            }
        }
        STATES.set(State.HELD);
    }

    private void queue() {
        if (!places.tryAcquire()) {
            throw new ComputeBusyException(String.format(
                    Locale.ROOT,
                    "all %d places in the queue of large requests are taken (backprop.compute.queue); try again later",
                    queue));
        }
        try {
            await();
        } finally {
            places.release();
        }
    }

    private void await() {
        long start = System.nanoTime();
        boolean acquired = tryAcquire(MAX_WAIT);
        WAITED.set(WAITED.get() + System.nanoTime() - start);
        if (!acquired) {
            throw new ComputeBusyException("other large requests kept the processors busy for %d s; try again later"
                    .formatted(MAX_WAIT.toSeconds()));
        }
    }

    /** Acquires a permit, but not before those who already wait for one. */
    private boolean tryAcquire(Duration wait) {
        try {
            return permits.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Releases the thread's permit before it waits for its client or another thread.
     *
     * @return whether it had one
     */
    public boolean release() {
        if (STATES.get() != State.HELD) {
            return false;
        }
        STATES.set(State.RELEASED);
        permits.release();
        return true;
    }

    /** How long the thread's request has waited for permits, in nanoseconds. */
    public long waited() {
        return WAITED.get();
    }

    /** Whether large requests wait for a permit. */
    public boolean isContended() {
        return permits.hasQueuedThreads();
    }

    /** Lets the next in the queue compute before this thread continues. */
    public void yieldToOthers() {
        if (isContended() && STATES.get() == State.HELD) {
            release();
            acquire();
        }
    }

    /** Number of large requests that may have a permit at the same time. */
    int limit() {
        return limit;
    }

    /** Number of large requests that have a permit. */
    int used() {
        return limit - permits.availablePermits();
    }

    /** Number of large requests that wait for a permit. */
    int queueLength() {
        return permits.getQueueLength();
    }

    /** Ends the thread's request. */
    public void end() {
        release();
        STATES.remove();
        WAITED.remove();
    }

    /** The processors are busy with other large requests. */
    public static final class ComputeBusyException extends BusyException {

        private static final long serialVersionUID = 1;

        ComputeBusyException(String message) {
            super(message);
        }
    }
}
