package io.backprop.engine;

import io.backprop.engine.kernel.Kernels;
import java.util.function.BooleanSupplier;

/** Computes the gradients of single shards on one thread, each by one chain over the shard's rows. */
final class ShardPass {
    /* As in MiniBatchDescent, rows that are too many for the workspace are processed in slices with the same bits. */

    private final Execution execution;
    private final ForwardPass forward;
    private final Dropout dropout;
    private final BackwardPass backward;
    private final Batch slice;
    private final boolean shuffle;
    private long unpolled; // multiplications since the last poll for a stop

    /** @param mostRows maximum number of rows of a shard in a step */
    ShardPass(Kernels kernels, NetworkSpec spec, TrainingPlan plan, int mostRows) {
        this.execution = new Execution(kernels);
        this.forward = ForwardPass.forTraining(execution, spec, ForwardPass.maxRows(spec, mostRows));
        this.dropout = new Dropout(forward.layers, forward.rows, plan.seed());
        this.backward = new BackwardPass(execution, spec, forward, dropout);
        this.slice = Batch.allocate(forward.rows, spec.inputs(), spec.outputs());
        this.shuffle = plan.shuffle();
    }

    /**
     * Computes the gradient of the rows that a step takes of a shard, at least one.
     *
     * @param gradient with respect to all parameters. Modified.
     * @param stop polled after some millions of multiplications
     * @return whether the gradient is complete, which it is unless the step was stopped
     */
    boolean run(Shard shard, ShardStep step, float[] parameters, float[] gradient, BooleanSupplier stop) {
        Permutation order = step.order(shard);
        int begin = step.begin(shard);
        int rows = step.end(shard) - begin;
        backward.begin(execution, 1);
        for (int done = 0; done < rows; done += forward.rows) {
            slice.rows = Math.min(forward.rows, rows - done);
            if (isStopped((long) slice.rows * parameters.length, stop)) {
                return false;
            }
            for (int i = 0; i < slice.rows; i++) {
                int position = begin + done + i;
                slice.copyRow(shard.examples(), shard.row(shuffle ? order.at(position) : position), i);
            }
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

    private boolean isStopped(long work, BooleanSupplier stop) {
        unpolled += work;
        if (unpolled < Trainer.WORK_BETWEEN_STOP_CHECKS) {
            return false;
        }
        unpolled = 0;
        return stop.getAsBoolean();
    }

    /** The sum of the weighted losses of the last rows, added in their order. */
    double lossSum() {
        return backward.lossSum();
    }
}
