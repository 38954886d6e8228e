package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.util.concurrent.Executor;

/**
 * The threads that one training may use. Their number does not change any bit of the result.
 *
 * @param helpers runs parts of the work beside the training's own thread; may be shared with other trainings
 * @param count maximum number of threads, including the training's own
 */
public record Parallelism(Executor helpers, int count) {

    /** Twice as many parts must fit into the 16 bits of a counter. */
    private static final int MAX_COUNT = 32_767;

    /** Only the training's own thread. */
    public static final Parallelism ONE = new Parallelism(Runnable::run, 1);

    public Parallelism {
        requireArgument(
                count >= 1 && count <= MAX_COUNT,
                "count must be at least 1 and at most %d, but was %d",
                MAX_COUNT,
                count);
    }
}
