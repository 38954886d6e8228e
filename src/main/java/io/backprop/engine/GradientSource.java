package io.backprop.engine;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Computes the gradients of a sharded training, for a {@link Trainer} that does not have the examples itself: on the machines
 * that have them, by {@link ShardGradients} of any ranges of shards, which {@link GradientSum#total} combines.
 *
 * <p>The trainer calls {@link #rows} once, when it is created, and {@link #gradient} only on the thread that runs {@link
 * Trainer#train}, never concurrently: for each step in order, beginning after the last step of the state from which the
 * training is resumed. It repeats a step only in another training that is resumed. No call announces the beginning or the end
 * of an epoch or of the training.
 */
public interface GradientSource {

    /** The number of examples of all shards. */
    long rows();

    /**
     * Computes the gradient of a step, the sum over its rows.
     *
     * @param epoch number of completed epochs
     * @param step number of completed steps of the epoch
     * @param parameters of the network, which the trainer modifies afterwards: a source must copy what it needs after it has
     *     returned. Not modified.
     * @param stop whether a stop was requested; it must be polled on the calling thread, if a step takes long several times
     *     per second
     * @return the sum of all shards, whose gradient the trainer modifies; the source may use the array again when it is called
     *     the next time. Null only if {@code stop} returned true, which abandons the step
     */
    @Nullable
    GradientSum gradient(int epoch, int step, float[] parameters, BooleanSupplier stop);
}
