package io.backprop.engine;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The threads of one training, at work on the parts of one task after the other. For the training's own thread. */
final class ThreadTeam {
    /*
     * Tasks follow one another within microseconds, too fast to put a thread to sleep and wake it up again. So a helper
     * that was called stays, waits for the next task turning round, and leaves when none has come for a while. Parts are
     * claimed one at a time, also by the training's own thread, which therefore never waits for a helper that is late, or
     * busy elsewhere, or not to be had: only for parts that somebody has begun. Nothing is allocated.
     *
     * `claims` holds the number of the task, how many parts it has, and how many of them are claimed. Since no task is
     * followed by another before all its parts are finished, whoever has claimed a part finds its task in `task`.
     */

    /** Turns that a helper waits for the next task: some 100 microseconds. */
    private static final int PATIENCE = 2_000;

    /** Turns before a wait for the last parts yields the processor. */
    private static final int TURNS_BETWEEN_PAUSES = 4_000;

    private static final int BITS = 16;
    private static final int MASK = (1 << BITS) - 1;

    private final Parallelism threads;
    private final Helper[] helpers;
    private final AtomicLong claims = new AtomicLong();
    private final AtomicInteger finished = new AtomicInteger();
    private Task task = part -> {};
    private volatile @Nullable Throwable failure;

    ThreadTeam(Parallelism threads) {
        this.threads = threads;
        this.helpers = new Helper[threads.count() - 1];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = new Helper();
        }
    }

    /** Work in parts that may be done in any order, or at the same time. */
    @FunctionalInterface
    interface Task {
        void part(int part);
    }

    int threads() {
        return threads.count();
    }

    /** Does the given number of parts, at most 65,535, and returns when all are finished. */
    void run(Task work, int parts) {
        if (parts == 1 || helpers.length == 0) {
            for (int part = 0; part < parts; part++) {
                work.part(part);
            }
            return;
        }
        task = work;
        finished.setPlain(0);
        claims.set(((claims.getPlain() >>> (2 * BITS)) + 1) << (2 * BITS) | (long) parts << BITS);
        for (int i = 0; i < Math.min(helpers.length, parts - 1); i++) {
            helpers[i].call();
        }
        while (finishPart()) {}
        for (int turn = 1; finished.get() < parts; turn++) {
            waitATurn(turn);
        }
        if (failure instanceof Error error) {
            throw error;
        } else if (failure instanceof RuntimeException exception) {
            throw exception;
        }
    }

    private static void waitATurn(int turn) {
        if (turn % TURNS_BETWEEN_PAUSES == 0) {
            LockSupport.parkNanos(1); // lets the thread run that occupies the helper's processor
        } else {
            Thread.onSpinWait();
        }
    }

    /** Claims a part and does it; false if there was none. */
    private boolean finishPart() {
        long claim = claims.get();
        int next = (int) claim & MASK;
        if (next == ((int) (claim >>> BITS) & MASK)) {
            return false;
        }
        if (claims.compareAndSet(claim, claim + 1)) {
            try {
                task.part(next);
            } catch (RuntimeException | Error e) {
                failure = e;
            } finally {
                finished.incrementAndGet();
            }
        }
        return true;
    }

    private final class Helper implements Runnable {

        private final AtomicBoolean called = new AtomicBoolean();

        void call() {
            if (!called.get() && called.compareAndSet(false, true)) {
                try {
                    threads.helpers().execute(this);
                } catch (RejectedExecutionException e) {
                    called.set(false); // the pool is closing, but this training is still asked to go on
                }
            }
        }

        @Override
        public void run() {
            try {
                for (int turn = 0; turn < PATIENCE; turn++) {
                    if (finishPart()) {
                        turn = 0;
                    } else {
                        Thread.onSpinWait();
                    }
                }
            } finally {
                called.set(false);
            }
        }
    }
}
