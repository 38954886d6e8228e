package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireAtLeast;

import java.util.concurrent.Executor;

/**
 * The threads that one training may use: the one that runs it, and helpers for work that is worth it. How many there are
 * changes no bit of the result.
 *
 * @param helpers runs what is shared out; may be in use elsewhere, and may be busy
 * @param count of threads, the training's own included
 */
public record Threads(Executor helpers, int count) {

    /** The training's own thread alone. */
    public static final Threads ONE = new Threads(Runnable::run, 1);

    public Threads {
        requireAtLeast(1, count, "count");
    }
}
