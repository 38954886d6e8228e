package io.backprop.training;

import io.backprop.engine.Network;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The latest copy of a network that is being trained. It is made at the end of an epoch, if it was requested since the
 * previous copy.
 */
final class LiveCopy {
    /*
     * Without requests, a training reads one volatile field per epoch, and no copy is kept (LiveCopyTests). A copy is
     * reused for a while, so that many requests do not slow down a training with short epochs, and until another epoch
     * ends.
     *
     * The time limit for waiting starts with the first request for a copy, so that requests wait during the first second
     * of a long epoch only. They occupy their threads, so that only a few of them wait if there is an older copy.
     *
     * The memory of the copy is counted as that of the training (Trainer.memory).
     */

    private static final Logger log = LoggerFactory.getLogger(LiveCopy.class);

    private static final long GOOD_NANOS = Duration.ofMillis(100).toNanos();
    private static final long WAIT_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long KEPT_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int MAX_WAITING = 8;

    private final TrainingStart start;
    private volatile boolean wanted; // everything else is guarded by this
    private @Nullable LiveModel latest;
    private long copied; // System.nanoTime()
    private long firstAsked; // for the next copy
    private long lastAsked;
    private int waiting;

    LiveCopy(TrainingStart start) {
        this.start = start;
    }

    /**
     * Makes a copy, if one is wanted. For the training's thread.
     *
     * @param epoch number of completed epochs
     */
    void epochEnded(int epoch, Supplier<Network> network) {
        if (wanted) {
            copy(epoch, network);
        }
    }

    private synchronized void copy(int epoch, Supplier<Network> network) {
        latest = null; // frees its memory
        try {
            latest = start.live(network.get(), epoch);
            copied = System.nanoTime();
        } catch (OutOfMemoryError e) { // which must not end the training
            log.debug(
                    "No memory for a copy of the network of model {}",
                    start.model().id());
        }
        wanted = false;
        notifyAll();
    }

    /**
     * Returns the model of the last completed epoch, or one that is a little older if that is not copied yet. Waits at most
     * a second for the end of the current epoch.
     *
     * @param epoch number of completed epochs
     * @return null if there is no copy
     */
    synchronized @Nullable LiveModel get(int epoch) {
        long now = System.nanoTime();
        lastAsked = now;
        if (latest == null || (latest.epoch() < epoch && now - copied > GOOD_NANOS)) {
            if (!wanted) {
                firstAsked = now;
                wanted = true;
            }
            awaitCopy();
        }
        return latest;
    }

    private void awaitCopy() {
        if (latest != null && waiting >= MAX_WAITING) {
            return;
        }
        waiting++;
        try {
            long nanos = firstAsked + WAIT_NANOS - System.nanoTime();
            while (wanted && nanos > 0) {
                TimeUnit.NANOSECONDS.timedWait(this, nanos);
                nanos = firstAsked + WAIT_NANOS - System.nanoTime();
            }
        } catch (InterruptedException e) { // the process shuts down
            Thread.currentThread().interrupt();
        } finally {
            waiting--;
        }
    }

    /** Keeps what was read from the store, unless there is a copy. */
    synchronized void offer(LiveModel stored) {
        if (latest == null) {
            latest = stored;
            copied = System.nanoTime();
        }
    }

    /** Frees the copy if it was not requested for some time. */
    synchronized void dropUnused() {
        if (System.nanoTime() - lastAsked > KEPT_NANOS) {
            latest = null;
            wanted = false;
        }
    }
}
