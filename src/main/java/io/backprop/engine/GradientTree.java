package io.backprop.engine;

import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Adds up the gradients of a range of shards in one step, which may arrive in any order and on any thread: the thread that
 * brings the second of two siblings adds them. Keeps the arrays that become free for the next gradients.
 */
final class GradientTree {

    private final int firstShard;
    private final int shards;
    private final AtomicReferenceArray<@Nullable GradientSum>
            waiting; // for their sibling, at the index of their parent
    private final ConcurrentLinkedDeque<float[]> free;
    private volatile @Nullable GradientSum total;

    /** @param free arrays of the length of a gradient, for several trees that are used one after another. Modified. */
    GradientTree(int firstShard, int shards, ConcurrentLinkedDeque<float[]> free) {
        this.free = free;
        this.firstShard = firstShard;
        this.shards = shards;
        this.waiting = new AtomicReferenceArray<>(shards);
    }

    /** Begins a step, and forgets the sums of an abandoned one. */
    void begin() {
        for (int i = 0; i < shards; i++) {
            GradientSum abandoned = waiting.getAndSet(i, null);
            if (abandoned != null) {
                release(abandoned.gradient());
            }
        }
        total = null;
    }

    /** An array for a gradient; its values are undefined. */
    float[] acquire(int length) {
        float[] array = free.poll();
        return array == null ? new float[length] : array;
    }

    /** Takes back an array that is no longer used. */
    void release(float[] array) {
        if (array.length > 0) {
            free.push(array);
        }
    }

    /** Adds the sum of a shard or of a subtree to the tree. */
    void add(GradientSum added) {
        GradientSum sum = added;
        while (sum.shards() < shards) {
            int parent = (shards + sum.firstShard() - firstShard) / (2 * sum.shards());
            GradientSum sibling = waiting.getAndSet(parent, sum);
            if (sibling == null) {
                return;
            }
            waiting.set(parent, null);
            sum = sibling.firstShard() < sum.firstShard() ? plus(sibling, sum) : plus(sum, sibling);
        }
        total = sum;
    }

    private GradientSum plus(GradientSum left, GradientSum right) {
        GradientSum sum = left.plus(right);
        release(sum.gradient() == left.gradient() ? right.gradient() : left.gradient());
        return sum;
    }

    /** The sum of all shards, after all of them have been added. */
    GradientSum total() {
        return Objects.requireNonNull(total);
    }
}
