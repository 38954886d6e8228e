package io.backprop.training;

import io.backprop.engine.Ensemble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The copy of a network that is being trained. It is made at the end of an epoch during which it was requested. */
final class LiveCopy {
    /*
     * Without requests, a training reads two volatile fields per epoch, and no copy is kept (LiveCopyTests). Each request
     * also requests the copy of the current epoch, so that clients that ask at least once per epoch never wait. Others wait
     * for the end of the current epoch, all of them together at most a second.
     *
     * The latest copy is that of the last completed epoch, or what was read from the store during the current one. Its
     * memory is counted as that of the training (Trainer.memory).
     */

    private static final long MAX_WAIT_SECONDS = 1;

    private final TrainingStart start;
    private volatile @Nullable LiveModel latest;
    private volatile @Nullable CompletableFuture<LiveModel> next; // null unless it was requested

    LiveCopy(TrainingStart start) {
        this.start = start;
    }

    /**
     * Makes a copy if it was requested, and drops the previous one. For the training's thread.
     *
     * @param epoch number of completed epochs
     */
    void epochEnded(int epoch, Supplier<Ensemble> ensemble) {
        if (next != null || latest != null) {
            replace(epoch, ensemble);
        }
    }

    private synchronized void replace(int epoch, Supplier<Ensemble> ensemble) {
        latest = null; // before the next one needs memory
        CompletableFuture<LiveModel> requested = next;
        if (requested != null) {
            next = null;
            try {
                latest = start.live(ensemble.get(), epoch);
            } catch (OutOfMemoryError e) { // which must not end the training
                latest = null;
            }
            requested.complete(latest);
        }
    }

    /**
     * Returns the model of the last completed epoch. If that was not copied, waits at most a second for the end of the
     * current one.
     *
     * @return null if there is no copy
     */
    @Nullable
    LiveModel get() {
        CompletableFuture<LiveModel> requested = request();
        LiveModel copied = latest;
        return copied == null ? requested.join() : copied;
    }

    private synchronized CompletableFuture<LiveModel> request() {
        CompletableFuture<LiveModel> requested = next;
        if (requested == null) {
            requested = new CompletableFuture<LiveModel>().completeOnTimeout(null, MAX_WAIT_SECONDS, TimeUnit.SECONDS);
            next = requested;
        }
        return requested;
    }

    /** Keeps what was read from the store until the current epoch ends, unless there is a copy. */
    synchronized void offer(LiveModel stored) {
        if (latest == null) {
            latest = stored;
        }
    }
}
