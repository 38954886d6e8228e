package io.backprop.engine;

import io.backprop.engine.Execution.Phase;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Computes the gradients of shards of examples that are in memory, on the threads of the training. */
final class LocalGradients implements GradientSource {
    /*
     * Each part of a phase is a range of shards, which consists of a few subtrees. Only the training's own thread polls for a
     * stop, and tells the others.
     */

    private static final float[] NO_PARAMETERS = new float[0];

    private final Execution execution;
    private final NetworkSpec spec;
    private final TrainingPlan plan;
    private final long rows;
    private final Shard[] shards;
    private final int steps; // per epoch
    private final GradientTree tree;
    private final Phase sumPart = this::sumPart;
    private @Nullable ShardPass[] passes = new ShardPass[0]; // of each thread, if it has already computed a gradient
    private float[] parameters = NO_PARAMETERS; // of the current step, like all that follows
    private ShardStep step;
    private BooleanSupplier stop = () -> false;
    private volatile boolean abandoned;
    private @Nullable GradientSum last;

    LocalGradients(Execution execution, NetworkSpec spec, TrainingPlan plan, Examples examples) {
        this.execution = execution;
        this.spec = spec;
        this.plan = plan;
        this.rows = examples.size();
        this.shards = Shard.divide(examples, plan);
        this.steps = ShardStep.steps(plan, rows);
        this.step = new ShardStep(plan, steps, 0, 0);
        this.tree = new GradientTree(0, shards.length, new ConcurrentLinkedDeque<>());
    }

    /** The number of floats that it allocates at most, besides the examples. */
    static long floats(NetworkSpec spec, TrainingPlan plan, int rows, int threads) {
        int steps = ShardStep.steps(plan, rows);
        int ofShard = Math.min(rows, 2 * (rows / plan.shards()) + 64); // more are hardly possible, but for equal rows
        int mostRows = ShardStep.mostRows(ofShard, steps);
        int depth = Integer.numberOfTrailingZeros(plan.shards());
        long ofThread = ShardPass.floats(spec, plan, mostRows) + (depth + 2L) * spec.parameterCount();
        long order = 3L * rows; // rows, and their keys while the examples are divided
        return Math.min(threads, plan.shards()) * ofThread + order;
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public @Nullable GradientSum gradient(int epoch, int inEpoch, float[] current, BooleanSupplier stopRequested) {
        if (last != null) {
            tree.release(last.gradient());
            last = null;
        }
        if (passes.length != execution.threads()) {
            passes = new ShardPass[execution.threads()];
        }
        step = new ShardStep(plan, steps, epoch, inEpoch);
        parameters = current;
        stop = stopRequested;
        abandoned = false;
        tree.begin();
        long work = Math.min(plan.batchSize(), rows) * current.length * MiniBatchDescent.PASSES;
        execution.runEach(sumPart, work, shards.length);
        if (abandoned) {
            return null;
        }
        last = tree.total();
        return last;
    }

    private void sumPart(Execution thread, int part, int parts) {
        ShardPass pass = pass(thread.thread());
        BooleanSupplier isStopped = thread.thread() == 0 ? this::isStopRequested : () -> abandoned;
        int first = Execution.begin(shards.length, 1, part, parts);
        int end = Execution.begin(shards.length, 1, part + 1, parts);
        while (first < end && !abandoned) {
            int subtree = first == 0 ? shards.length : Integer.lowestOneBit(first);
            int count = Math.min(subtree, Integer.highestOneBit(end - first));
            pass.addAll(shards, first, count, step, parameters, tree, isStopped);
            first += count;
        }
    }

    private boolean isStopRequested() {
        abandoned = abandoned || stop.getAsBoolean();
        return abandoned;
    }

    private ShardPass pass(int thread) {
        ShardPass pass = passes[thread];
        if (pass == null) {
            int largest = Arrays.stream(shards).mapToInt(Shard::size).max().orElseThrow();
            pass = new ShardPass(execution.kernels(), spec, plan, ShardStep.mostRows(largest, steps));
            passes[thread] = pass;
        }
        return pass;
    }
}
