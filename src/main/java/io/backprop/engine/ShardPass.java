package io.backprop.engine;

import io.backprop.engine.kernel.Kernels;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/** Computes the gradients of shards on one thread, each by one chain over the shard's rows, and adds them to a tree. */
final class ShardPass {
    /*
     * Shards of few rows are processed in groups, subtrees of which all rows fit into the workspace. Rows are independent in
     * the forward and the backward pass. The sums over the rows of each shard are computed for one block of the gradient
     * after the other, so that the partial sums of a block remain in the cache.
     *
     * As in MiniBatchDescent, the rows of a shard that are too many for the workspace are processed in slices. Neither groups
     * nor slices change any bit.
     */

    /** Rows of a group, at most: many enough for fast products. */
    private static final int ROWS_OF_GROUP = 512;

    /** Elements of a block of the gradient, at most, if it has more inputs than fit a tile: 64 KiB. */
    private static final int BLOCK = 1 << 14;

    private final Execution execution;
    private final TrainingPlan plan;
    private final ForwardPass forward;
    private final Dropout dropout;
    private final BackwardPass backward;
    private final Batch slice;
    private final boolean hasDropout;
    private final int[] firstRows; // of each shard of a group in the slice, and the number of all rows
    private final float[][] sums; // of a block, for the subtrees of a group that wait for their sibling
    private final boolean[] exists; // which of these have rows
    private long unpolled; // multiplications since the last poll for a stop

    /** @param mostRows maximum number of rows of a shard in a step */
    ShardPass(Kernels kernels, NetworkSpec spec, TrainingPlan plan, int mostRows) {
        this(kernels, spec, plan, mostRows, Math.min(ROWS_OF_GROUP, plan.batchSize()));
    }

    /** @param rowsOfGroup maximum number of rows of a group of shards, if they are more than {@code mostRows} */
    ShardPass(Kernels kernels, NetworkSpec spec, TrainingPlan plan, int mostRows, int rowsOfGroup) {
        int depth = Integer.numberOfTrailingZeros(plan.shards());
        this.execution = new Execution(kernels);
        this.plan = plan;
        this.forward = ForwardPass.forTraining(execution, spec, rows(spec, mostRows, rowsOfGroup));
        this.dropout = new Dropout(forward.layers, forward.rows, plan.seed());
        this.backward = new BackwardPass(execution, spec, forward, dropout);
        this.slice = Batch.allocate(forward.rows, spec.inputs(), spec.outputs());
        this.hasDropout = spec.layers().stream().anyMatch(layer -> layer.dropout() > 0);
        this.firstRows = new int[plan.shards() + 1];
        this.sums = new float[depth + 1][];
        this.exists = new boolean[depth + 1];
        int block = Arrays.stream(forward.layers)
                .mapToInt(layer -> Math.max(1, Math.min(layer.inputs(), inputsOfBlock(layer))) * layer.units())
                .max()
                .orElseThrow();
        Arrays.setAll(sums, i -> new float[block]);
    }

    private static int rows(NetworkSpec spec, int mostRows, int rowsOfGroup) {
        return ForwardPass.maxRows(spec, Math.max(mostRows, rowsOfGroup));
    }

    /** The number of floats that a pass allocates. */
    static long floats(NetworkSpec spec, TrainingPlan plan, int mostRows) {
        long rows = rows(spec, mostRows, Math.min(ROWS_OF_GROUP, plan.batchSize()));
        int widest = spec.layers().stream().mapToInt(LayerSpec::units).max().orElseThrow();
        long block = Math.min(spec.parameterCount(), Math.max(BLOCK, (long) Execution.TILE_ROWS * widest));
        return ForwardPass.floatsOfTraining(spec, (int) rows)
                + rows * (spec.inputs() + spec.outputs() + 1L)
                + (Integer.numberOfTrailingZeros(plan.shards()) + 1) * block;
    }

    private static int inputsOfBlock(DenseLayer layer) {
        int tiles = BLOCK / layer.units() / Execution.TILE_ROWS;
        return Math.max(1, tiles) * Execution.TILE_ROWS;
    }

    /**
     * Adds the gradient of the rows that a step takes of a shard.
     *
     * @param stop polled after some millions of multiplications
     * @return whether the gradient is complete, which it is unless the step was stopped
     */
    boolean add(Shard shard, ShardStep step, float[] parameters, GradientTree tree, BooleanSupplier stop) {
        int rows = step.end(shard) - step.begin(shard);
        if (rows == 0) {
            tree.add(GradientSum.empty(shard.index(), 1));
            return true;
        }
        float[] gradient = tree.acquire(parameters.length);
        if (!sumRows(shard, step, parameters, gradient, stop)) {
            tree.release(gradient);
            return false;
        }
        tree.add(GradientSum.of(shard.index(), 1, gradient, backward.lossSum(), rows));
        return true;
    }

    /**
     * Adds the gradients of a range of shards, in groups of as many of them as have room.
     *
     * @param shards all shards, of which a subtree is added
     * @param first a multiple of {@code count}
     * @param count a power of two
     */
    boolean addAll(
            Shard[] shards,
            int first,
            int count,
            ShardStep step,
            float[] parameters,
            GradientTree tree,
            BooleanSupplier stop) {
        if (count == 1) {
            return add(shards[first], step, parameters, tree, stop);
        }
        int rows = rows(shards, first, count, step);
        if (rows == 0) {
            tree.add(GradientSum.empty(first, count));
            return true;
        }
        if (rows > forward.rows) {
            int half = count / 2;
            return addAll(shards, first, half, step, parameters, tree, stop)
                    && addAll(shards, first + half, half, step, parameters, tree, stop);
        }
        if (isStopped((long) rows * parameters.length, stop)) {
            return false;
        }
        float[] gradient = tree.acquire(parameters.length);
        sumGroup(shards, first, count, step, parameters, gradient);
        tree.add(GradientSum.of(first, count, gradient, lossSum(0, count), rows));
        return true;
    }

    /** The number of rows that a step takes of a group; determines {@link #firstRows}, too. */
    private int rows(Shard[] shards, int first, int count, ShardStep step) {
        int rows = 0;
        for (int i = 0; i < count; i++) {
            Shard shard = shards[first + i];
            firstRows[i] = rows;
            rows += step.end(shard) - step.begin(shard);
        }
        firstRows[count] = rows;
        return rows;
    }

    private boolean isStopped(long work, BooleanSupplier stop) {
        unpolled += work;
        if (unpolled < Trainer.WORK_BETWEEN_STOP_CHECKS) {
            return false;
        }
        unpolled = 0;
        return stop.getAsBoolean();
    }

    /** Copies rows of a shard to the slice. */
    private void load(Shard shard, ShardStep step, int begin, int rows, int firstRow) {
        Permutation order = step.order(shard);
        for (int i = 0; i < rows; i++) {
            int position = plan.shuffle() ? order.at(begin + i) : begin + i;
            slice.copyRow(shard.examples(), shard.row(position), firstRow + i);
        }
    }

    /** Computes the gradient of one shard; returns false if the step was stopped. */
    private boolean sumRows(Shard shard, ShardStep step, float[] parameters, float[] gradient, BooleanSupplier stop) {
        int begin = step.begin(shard);
        int rows = step.end(shard) - begin;
        backward.begin(execution, 1);
        for (int done = 0; done < rows; done += forward.rows) {
            slice.rows = Math.min(forward.rows, rows - done);
            if (isStopped((long) slice.rows * parameters.length, stop)) {
                return false;
            }
            load(shard, step, begin + done, slice.rows, 0);
            dropout.at(step.epoch(), step.inEpoch(), shard.index(), done);
            forward.run(execution, parameters, slice.inputs, 0, 0, slice.rows, dropout);
            backward.run(execution, parameters, slice, 0, slice.rows);
            for (int layer = 0; layer < forward.layers.length; layer++) {
                DenseLayer dense = forward.layers[layer];
                backward.addWeightGradient(execution, slice, layer, 0, dense.inputs(), gradient);
                backward.addBiasGradient(execution, slice, layer, 0, dense.units(), gradient);
            }
            backward.end(slice);
        }
        return true;
    }

    /** Computes the gradient of a group of shards, whose rows fit into the slice. */
    private void sumGroup(Shard[] shards, int first, int count, ShardStep step, float[] parameters, float[] gradient) {
        slice.rows = firstRows[count];
        for (int i = 0; i < count; i++) {
            Shard shard = shards[first + i];
            int rows = firstRows[i + 1] - firstRows[i];
            if (rows > 0) {
                load(shard, step, step.begin(shard), rows, firstRows[i]);
                if (hasDropout) {
                    dropout.at(step.epoch(), step.inEpoch(), first + i, -firstRows[i]);
                    forward.run(execution, parameters, slice.inputs, 0, firstRows[i], rows, dropout);
                }
            }
        }
        if (!hasDropout) {
            forward.run(execution, parameters, slice.inputs, 0, 0, slice.rows, dropout);
        }
        backward.begin(execution, 1);
        backward.run(execution, parameters, slice, 0, slice.rows);
        for (int layer = 0; layer < forward.layers.length; layer++) {
            DenseLayer dense = forward.layers[layer];
            int block = inputsOfBlock(dense);
            for (int input = 0; input < dense.inputs(); input += block) {
                int inputs = Math.min(block, dense.inputs() - input);
                int offset = dense.weightsOffset() + input * dense.units();
                sumBlock(count, layer, input, inputs, gradient, offset, inputs * dense.units());
            }
            sumBlock(count, layer, 0, 0, gradient, dense.biasesOffset(), dense.units());
        }
    }

    /**
     * Adds up a block of the gradients of a group by the tree.
     *
     * @param inputs number of inputs of the layer; 0 for its biases
     * @param gradient receives the sum from {@code offset} on. Modified.
     */
    private void sumBlock(int count, int layer, int input, int inputs, float[] gradient, int offset, int length) {
        int waiting = 0; // subtrees, with the current one as the last
        for (int i = 0; i < count; i++) {
            int rows = firstRows[i + 1] - firstRows[i];
            exists[waiting] = rows > 0;
            if (rows > 0) {
                backward.gradient(execution, slice, firstRows[i], rows, layer, input, inputs, sums[waiting]);
            }
            for (int shards = i; shards % 2 == 1; shards /= 2) {
                waiting--;
                addSibling(waiting, length);
            }
            waiting++;
        }
        System.arraycopy(sums[0], 0, gradient, offset, length);
    }

    /** Adds the sum at the next index. */
    private void addSibling(int left, int length) {
        if (exists[left] && exists[left + 1]) {
            GradientSum.add(sums[left + 1], sums[left], length);
        } else if (exists[left + 1]) {
            float[] sum = sums[left + 1];
            sums[left + 1] = sums[left];
            sums[left] = sum;
            exists[left] = true;
        }
    }

    /** The sum of the losses of a range of the shards of a group, by the tree. */
    private double lossSum(int first, int count) {
        int half = count / 2;
        return count == 1
                ? backward.lossSum(firstRows[first], firstRows[first + 1] - firstRows[first])
                : lossSum(first, half) + lossSum(first + half, half);
    }
}
