package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.util.concurrent.Executor;

/**
 * The threads that one training may use: the one that runs it, and helpers for work that is worth it. How many there are
 * changes no bit of the result.
 *
 * @param helpers runs what is shared out; may be in use elsewhere, and may be busy
 * @param count of threads, the training's own included
 */
public record Parallelism(Executor helpers, int count) {

    /** So that twice as many parts can be counted in 16 bits. */
    private static final int MOST = 32_767;

    /** The training's own thread alone. */
    public static final Parallelism ONE = new Parallelism(Runnable::run, 1);

    public Parallelism {
        requireArgument(
                count >= 1 && count <= MOST, "count must be at least 1 and at most %d, but was %d", MOST, count);
    }
}
