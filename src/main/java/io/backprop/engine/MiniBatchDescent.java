package io.backprop.engine;

import io.backprop.engine.Execution.Phase;

/** Gradient descent for any batch size and optimizer, with regularization and clipping. */
final class MiniBatchDescent implements GradientDescent {
    /*
     * A batch that is too large for the workspace is processed in slices. Each sum over the batch continues from the value
     * of the previous slice, so the bits are the same as for the whole batch.
     *
     * A step has a phase over rows, which computes the gradients with respect to the logits, and a phase over parameters,
     * which sums them up over the rows and updates the parameters of each layer immediately (ParameterUpdate).
     * Smaller blocks than those of a part would keep their gradient in the cache until the update, but the product would pack
     * its operands for each of them, which takes longer. If the parameters do not fit into the cache of a core, threads divide
     * every product of the first phase, as in a ForwardPass.
     */

    static final int PASSES = 3; // multiplications per parameter and row: forward, and backward to x and to W

    private final Execution execution;
    private final ForwardPass forward;
    private final BackwardPass backward;
    private final Dropout dropout;
    private final BatchSampler sampler;
    private final float[] parameters;
    private final float[] gradient;
    private final ParameterUpdate update;
    private final int sliceRows;
    private final Phase backpropagate = this::backpropagate;
    private final Phase differentiate = this::differentiate;
    private Batch slice = new Batch(); // of the current step
    private boolean complete; // whether the current slice is the last one of the step

    MiniBatchDescent(Execution execution, NetworkSpec spec, TrainingPlan plan, Examples examples, float[] parameters) {
        this(
                execution,
                spec,
                plan,
                examples,
                parameters,
                ForwardPass.maxRows(spec, Math.min(plan.batchSize(), examples.size())));
    }

    MiniBatchDescent(
            Execution execution,
            NetworkSpec spec,
            TrainingPlan plan,
            Examples examples,
            float[] parameters,
            int sliceRows) {
        this.execution = execution;
        this.sliceRows = sliceRows;
        this.parameters = parameters;
        this.forward = ForwardPass.forTraining(execution, spec, sliceRows);
        this.dropout = new Dropout(forward.layers, sliceRows, plan.seed());
        this.backward = new BackwardPass(execution, spec, forward, dropout);
        this.sampler = new BatchSampler(examples, plan.shuffle(), sliceRows, plan.seed());
        this.gradient = new float[spec.parameterCount()];
        this.update = new ParameterUpdate(execution, forward.layers, plan, parameters);
    }

    @Override
    public void beginEpoch(int epoch) {
        sampler.begin(epoch);
    }

    @Override
    public boolean take(Step step, StopSignal stopSignal) {
        update.begin(step, gradient);
        backward.begin(execution, step.rows);
        for (int done = 0; done < step.rows; done += sliceRows) {
            if (done > 0 && stopSignal.requested()) {
                return false;
            }
            slice = sampler.rows(step.firstRow + done, Math.min(sliceRows, step.rows - done));
            dropout.at(step.epoch, step.inEpoch, done);
            complete = done + slice.rows == step.rows;
            long work = (long) slice.rows * gradient.length * PASSES;
            if (gradient.length < ForwardPass.LARGE) {
                execution.run(backpropagate, work, slice.rows);
            } else {
                backpropagate(execution, 0, 1);
            }
            execution.run(differentiate, work, update.units);
            backward.end(slice);
        }
        update.end((long) step.rows * gradient.length * PASSES);
        return true;
    }

    @Override
    public double lossSum() {
        return backward.lossSum();
    }

    /** Computes the losses of the slice, and their gradients with respect to the logits, by rows. */
    private void backpropagate(Execution thread, int part, int parts) {
        int first = Execution.begin(slice.rows, ForwardPass.EVEN_ROWS, part, parts);
        int rows = Execution.begin(slice.rows, ForwardPass.EVEN_ROWS, part + 1, parts) - first;
        sampler.load(thread, first, rows);
        forward.run(thread, parameters, slice.inputs, slice.inputsOffset, first, rows, dropout);
        backward.run(thread, parameters, slice, first, rows);
    }

    /** Adds up the gradient with respect to the parameters of a part, and updates them if that is all they wait for. */
    private void differentiate(Execution thread, int part, int parts) {
        for (int layer = 0; layer < forward.layers.length; layer++) {
            DenseLayer dense = forward.layers[layer];
            int input = ParameterUpdate.firstInput(dense, part, parts);
            int inputs = ParameterUpdate.firstInput(dense, part + 1, parts) - input;
            backward.addWeightGradient(thread, slice, layer, input, inputs, gradient);
            int unit = ParameterUpdate.firstUnit(dense, part, parts);
            int units = ParameterUpdate.firstUnit(dense, part + 1, parts) - unit;
            backward.addBiasGradient(thread, slice, layer, unit, units, gradient);
            if (complete) {
                update.update(layer, part, parts);
            }
        }
    }

    @Override
    public double gradientNorm() {
        return update.gradientNorm();
    }

    @Override
    public StateArrays state() {
        return update.state();
    }
}
