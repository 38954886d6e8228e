package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.kernel.Kernels;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Computes gradients of shards wherever their examples are, such as on an executor of a cluster, for the {@link
 * GradientSource} of a training. Keeps its workspace between steps. Not thread-safe: use one object per thread.
 */
public final class ShardGradients {

    /** A workspace has room for an eighth more rows than needed, since shards differ in length. */
    private static final int SPARE_PART = 8;

    private final NetworkSpec spec;
    private final TrainingPlan plan;
    private final int steps; // per epoch
    private final ConcurrentLinkedDeque<float[]> free = new ConcurrentLinkedDeque<>();
    private @Nullable ShardPass pass; // for at most passRows rows
    private int passRows;

    /** @param rows number of examples of all shards together, on which the division into steps depends */
    public ShardGradients(NetworkSpec spec, TrainingPlan plan, long rows) {
        requireArgument(rows >= 1, "rows must be at least 1, but was %d", rows);
        this.spec = spec;
        this.plan = plan;
        this.steps = ShardStep.steps(plan, rows);
    }

    /**
     * Adds up the gradients of the rows that a step takes of a range of shards.
     *
     * @param firstShard a multiple of {@code count}
     * @param count number of shards of the range, a power of two
     * @param shards those of the range that have rows, in rising order of their numbers; read once, so that only one of them
     *     needs to be in memory
     * @param epoch number of completed epochs
     * @param step number of completed steps of the epoch
     * @param parameters of the network. Not modified.
     * @param stop polled after some millions of multiplications
     * @return null if a stop was requested. Its gradient belongs to the caller.
     */
    public @Nullable GradientSum sum(
            int firstShard,
            int count,
            Iterable<Shard> shards,
            int epoch,
            int step,
            float[] parameters,
            BooleanSupplier stop) {
        requireRange(firstShard, count);
        requireArgument(step >= 0 && step < steps, "step must be at least 0 and less than %d, but was %d", steps, step);
        requireArgument(
                parameters.length == spec.parameterCount(),
                "parameters must have %d values, but has %d",
                spec.parameterCount(),
                parameters.length);
        ShardStep current = new ShardStep(plan, steps, epoch, step);
        GradientTree tree = new GradientTree(firstShard, count, free);
        int next = firstShard;
        for (Shard shard : shards) {
            requireArgument(
                    shard.index() >= next && shard.index() < firstShard + count,
                    "shards must be from %d to %d in rising order, but shard %d follows %d",
                    firstShard,
                    firstShard + count - 1,
                    shard.index(),
                    next - 1);
            shard.requireWidths(spec);
            while (next < shard.index()) {
                tree.add(GradientSum.empty(next++, 1));
            }
            if (!pass(shard).add(shard, current, parameters, tree, stop)) {
                tree.begin();
                return null;
            }
            next++;
        }
        while (next < firstShard + count) {
            tree.add(GradientSum.empty(next++, 1));
        }
        return tree.total();
    }

    private void requireRange(int firstShard, int count) {
        GradientSum.requireRange(firstShard, count);
        requireArgument(
                firstShard + count <= plan.shards(),
                "the range must end before shard %d, but is %d shards from %d on",
                plan.shards(),
                count,
                firstShard);
    }

    private ShardPass pass(Shard shard) {
        int rows = ShardStep.mostRows(shard.size(), steps);
        if (pass == null || passRows < rows) {
            passRows = rows + rows / SPARE_PART;
            pass = new ShardPass(Kernels.best(), spec, plan, passRows);
        }
        return pass;
    }
}
