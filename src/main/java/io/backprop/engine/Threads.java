package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.kernel.Kernels;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The threads that one training or prediction may use. Their number does not change any bit of the result.
 *
 * <p>Reuse the same object: it keeps memory for the next prediction, and its helpers wait for it for about 100 microseconds.
 */
public final class Threads {

    /** Twice as many parts must fit into the 16 bits of a counter. */
    private static final int MAX_COUNT = 32_767;

    private static final int KEEP_ALIVE_SECONDS = 10;

    /** Number of idle executions kept; each one has up to a MiB of memory. */
    private static final int MAX_IDLE = 2 * Runtime.getRuntime().availableProcessors();

    /** Only the training's own thread. */
    public static final Threads ONE = new Threads(Runnable::run, 1);

    private final Executor helpers;
    private final int count;
    private final AtomicReferenceArray<@Nullable Execution> idle = new AtomicReferenceArray<>(MAX_IDLE);

    /**
     * @param helpers runs parts of the work beside the training's own thread; may be shared with other trainings
     * @param count maximum number of threads, including the training's own
     */
    public Threads(Executor helpers, int count) {
        requireArgument(
                count >= 1 && count <= MAX_COUNT,
                "count must be at least 1 and at most %d, but was %d",
                MAX_COUNT,
                count);
        this.helpers = helpers;
        this.count = count;
    }

    /** Up to {@code count} threads; the helpers are daemon threads, which end when they are no longer used. */
    public static Threads of(int count) {
        return count == 1 ? ONE : new Threads(Helpers.POOL, count);
    }

    /** Runs parts of the work beside the training's own thread. */
    public Executor helpers() {
        return helpers;
    }

    /** Maximum number of threads, including the training's own. */
    public int count() {
        return count;
    }

    /** Takes an idle execution of the best kernels on these threads, or creates one. */
    Execution acquire() {
        Execution execution = idle.getAndSet(slot(), null);
        if (execution == null) {
            execution = new Execution(Kernels.best());
            execution.use(this);
        }
        return execution;
    }

    /** Returns an execution, unless it has thrown an exception. */
    void release(Execution execution) {
        execution.forget();
        idle.set(slot(), execution);
    }

    /** Usually differs between threads that run at the same time. */
    private static int slot() {
        return Math.floorMod(Thread.currentThread().hashCode(), MAX_IDLE);
    }

    private static final class Helpers {
        private static final Executor POOL = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), Helpers::daemon);

        private static Thread daemon(Runnable task) {
            Thread thread = new Thread(task, "backprop-helper");
            thread.setDaemon(true);
            return thread;
        }
    }
}
