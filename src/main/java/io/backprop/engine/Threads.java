package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that one training may use. Their number does not change any bit of the result.
 *
 * @param helpers runs parts of the work beside the training's own thread; may be shared with other trainings
 * @param count maximum number of threads, including the training's own
 */
public record Threads(Executor helpers, int count) {

    /** Twice as many parts must fit into the 16 bits of a counter. */
    private static final int MAX_COUNT = 32_767;

    private static final int KEEP_ALIVE_SECONDS = 10;

    /** Only the training's own thread. */
    public static final Threads ONE = new Threads(Runnable::run, 1);

    public Threads {
        requireArgument(
                count >= 1 && count <= MAX_COUNT,
                "count must be at least 1 and at most %d, but was %d",
                MAX_COUNT,
                count);
    }

    /** Up to {@code count} threads; the helpers are daemon threads, which end when they are no longer used. */
    public static Threads of(int count) {
        return count == 1 ? ONE : new Threads(Helpers.POOL, count);
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
