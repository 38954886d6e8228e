package io.backprop.engine;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Runs the parts of a task on the threads of one training. Only the training's own thread may call {@link #run}. */
final class ThreadTeam {
    /*
     * Tasks follow each other within microseconds, which is too fast for an executor's queue: parking and waking a thread
     * takes longer than a task. A helper therefore spins while it waits for the next task, and returns to its pool after
     * about 100 microseconds without one. All threads, the training's own included, claim parts one at a time, so the
     * training never waits for a helper that is late, busy or rejected by the pool, only for parts in progress. Nothing is
     * allocated. Benchmark: TrainingThroughput --threads 2; tests: ThreadTeamTests, AllocationTests.
     *
     * `claims` packs the number of the task, the number of its parts and the number of claimed parts. A task starts only
     * after all parts of the previous one have finished, so a thread that has claimed a part finds its task in `task`.
     */

    /** Iterations for which a helper waits for the next task: about 100 microseconds. */
    private static final int SPINS = 2_000;

    /** Iterations between pauses while waiting for the last parts. */
    private static final int SPINS_BETWEEN_PAUSES = 4_000;

    private static final int BITS = 16;
    private static final int MASK = (1 << BITS) - 1;

    private final Threads threads;
    private final Helper[] helpers;
    private final AtomicLong claims = new AtomicLong();
    private final AtomicInteger finished = new AtomicInteger();
    private IntConsumer task = part -> {};
    private boolean yields;
    private volatile @Nullable Throwable failure;

    ThreadTeam(Threads threads) {
        this.threads = threads;
        this.helpers = new Helper[threads.count() - 1];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = new Helper();
        }
    }

    int threads() {
        return threads.count();
    }

    /**
     * Runs the parts of a task and returns when all have finished.
     *
     * @param work runs a part by its number, from 0; parts are independent and may run in any order or concurrently
     * @param parts at most 65,535
     * @param isLong whether threads yield between parts
     */
    void run(IntConsumer work, int parts, boolean isLong) {
        if (parts == 1 || helpers.length == 0) {
            for (int part = 0; part < parts; part++) {
                work.accept(part);
            }
            return;
        }
        task = work;
        yields = isLong;
        finished.setPlain(0);
        claims.set(((claims.getPlain() >>> (2 * BITS)) + 1) << (2 * BITS) | (long) parts << BITS);
        for (int i = 0; i < Math.min(helpers.length, parts - 1); i++) {
            helpers[i].call();
        }
        while (finishPart()) {}
        for (int count = 1; finished.get() < parts; count++) {
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

    /** Claims and runs a part; returns false if none was left. */
    private boolean finishPart() {
        long claim = claims.get();
        int next = (int) claim & MASK;
        if (next == ((int) (claim >>> BITS) & MASK)) {
            return false;
        }
        if (claims.compareAndSet(claim, claim + 1)) {
            boolean yieldsAfterwards = yields; // the next task may begin when this part has finished
            try {
                task.accept(next);
            } catch (RuntimeException | Error e) {
                failure = e;
            } finally {
                finished.incrementAndGet();
            }
            if (yieldsAfterwards) {
                Execution.yieldToOthers();
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
                    called.set(false); // the pool is shutting down, but this training may continue
                }
            }
        }

        @Override
        public void run() {
            try {
                for (int count = 0; count < SPINS; count++) {
                    if (finishPart()) {
                        count = 0;
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
