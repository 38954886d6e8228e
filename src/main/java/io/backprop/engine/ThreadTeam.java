package io.backprop.engine;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Runs the parts of a task on the threads of one training. Only the training's own thread may call {@link #run}. */
final class ThreadTeam {
    /*
     * Tasks follow each other within microseconds, which is too fast for an executor's queue: parking and waking a thread
     * takes longer than a task. A helper therefore spins while it waits for the next task, and returns to its pool after
     * about 100 microseconds without one. The training never waits for a helper that is late, busy or rejected by the pool,
     * only for parts in progress. Nothing is allocated. Benchmark: TrainingThroughput --threads 2; tests: ThreadTeamTests,
     * AllocationTests.
     *
     * Each thread owns a range of parts, the same in every task of the same size, so that it finds in its cache what it left
     * there. A thread that has finished its own parts claims those of others, but a helper only after a microsecond, so that
     * it does not forestall their owners.
     *
     * The claims of a thread pack the number of the task, the next part of the thread and the end of its range. A task starts
     * only after all parts of the previous one have finished, so a thread that has claimed a part finds its task in `task`.
     * A thread that was interrupted before it could claim a part of an earlier task fails, because the number has changed.
     *
     * A helper that leaves says so, and then looks once more for a part; a task offers its parts, and then calls the helpers
     * that have left. One of the two sees the other.
     *
     * The claims of each thread and the number of finished parts are on cache lines of their own.
     */

    /** Iterations for which a helper waits for the next task: about 100 microseconds. */
    private static final int SPINS = 2_000;

    /** Iterations without an own part after which a helper claims parts of other threads. */
    private static final int SPINS_BEFORE_STEALING = 32;

    /** Iterations between pauses while waiting for the last parts. */
    private static final int SPINS_BETWEEN_PAUSES = 4_000;

    private static final int BITS = 16;
    private static final int MASK = (1 << BITS) - 1;

    /** Distance between two counters: two cache lines, because processors fetch lines in pairs. */
    private static final int STRIDE = 16;

    private static final int FINISHED = STRIDE;
    private static final int CLAIMS = 2 * STRIDE;

    private final Threads threads;
    private final Helper[] helpers;
    private final AtomicLongArray counters; // of finished parts, then the claims of each thread
    private Task task = (part, thread) -> {};
    private boolean yields;
    private long number;
    private @Nullable Throwable failure; // published, like all that parts write, by the number of finished parts

    ThreadTeam(Threads threads) {
        this.threads = threads;
        this.helpers = new Helper[threads.count() - 1];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = new Helper(i + 1);
        }
        this.counters = new AtomicLongArray(CLAIMS + (threads.count() + 1) * STRIDE);
    }

    /** Independent parts, which may run in any order or concurrently. */
    @FunctionalInterface
    interface Task {
        /**
         * Runs a part.
         *
         * @param part from 0
         * @param thread number of the thread that runs the part, 0 for the training's own; it runs one part at a time
         */
        void run(int part, int thread);
    }

    int threads() {
        return threads.count();
    }

    /**
     * Runs the parts of a task and returns when all have finished.
     *
     * @param parts at most 65,535
     * @param isLong whether threads yield between parts
     */
    void run(Task work, int parts, boolean isLong) {
        int active = Math.min(parts, threads.count());
        if (active <= 1) {
            for (int part = 0; part < parts; part++) {
                work.run(part, 0);
            }
            return;
        }
        task = work;
        yields = isLong;
        failure = null;
        number++;
        counters.setPlain(FINISHED, 0);
        for (int thread = 0; thread < active; thread++) {
            long first = (long) parts * thread / active;
            long end = (long) parts * (thread + 1) / active;
            counters.set(CLAIMS + thread * STRIDE, number << (2 * BITS) | first << BITS | end);
        }
        for (int helper = 0; helper < active - 1; helper++) {
            helpers[helper].call();
        }
        while (finishPart(0) || finishPartOfOthers(0)) {}
        for (int count = 1; counters.getAcquire(FINISHED) < parts; count++) {
            spin(count);
        }
        if (failure instanceof Error error) {
            throw error;
        } else if (failure instanceof RuntimeException exception) {
            throw exception;
        }
    }

    private static void spin(int count) {
        if (count % SPINS_BETWEEN_PAUSES == 0) {
            LockSupport.parkNanos(1); // a helper may be waiting for this processor
        } else {
            Thread.onSpinWait();
        }
    }

    /** Claims and runs a part of the thread's own range; returns false if none was left. */
    private boolean finishPart(int thread) {
        return finishPart(thread, thread);
    }

    private boolean finishPartOfOthers(int thread) {
        for (int distance = 1; distance < threads.count(); distance++) {
            if (finishPart((thread + distance) % threads.count(), thread)) {
                return true;
            }
        }
        return false;
    }

    private boolean finishPart(int owner, int thread) {
        int claims = CLAIMS + owner * STRIDE;
        long claim = counters.getAcquire(claims);
        int next = (int) (claim >>> BITS) & MASK;
        while (next < ((int) claim & MASK)) {
            if (counters.compareAndSet(claims, claim, claim + (1 << BITS))) {
                run(next, thread);
                return true;
            }
            claim = counters.getAcquire(claims);
            next = (int) (claim >>> BITS) & MASK;
        }
        return false;
    }

    private void run(int part, int thread) {
        boolean yieldsAfterwards = yields; // the next task may begin when this part has finished
        try {
            task.run(part, thread);
        } catch (RuntimeException | Error e) {
            failure = e;
        } finally {
            counters.incrementAndGet(FINISHED);
        }
        if (yieldsAfterwards) {
            Execution.yieldToOthers();
        }
    }

    private final class Helper implements Runnable {

        private final int thread;
        private final AtomicBoolean called = new AtomicBoolean();

        Helper(int thread) {
            this.thread = thread;
        }

        void call() {
            if (!called.get() && called.compareAndSet(false, true)) {
                try {
                    threads.helpers().execute(this);
                } catch (RejectedExecutionException | OutOfMemoryError e) {
                    called.set(false); // the pool is closed or cannot start a thread, but this training continues
                }
            }
        }

        @Override
        public void run() {
            do {
                for (int count = 1; count <= SPINS; count++) {
                    if (finishPart(thread) || (count % SPINS_BEFORE_STEALING == 0 && finishPartOfOthers(thread))) {
                        count = 0;
                    } else {
                        Thread.onSpinWait();
                    }
                }
                called.set(false);
            } while (partIsLeft() && called.compareAndSet(false, true));
        }
    }

    private boolean partIsLeft() {
        for (int thread = 0; thread < threads.count(); thread++) {
            long claim = counters.get(CLAIMS + thread * STRIDE);
            if (((claim >>> BITS) & MASK) < (claim & MASK)) {
                return true;
            }
        }
        return false;
    }
}
