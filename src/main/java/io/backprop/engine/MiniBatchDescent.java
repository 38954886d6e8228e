package io.backprop.engine;

import io.backprop.engine.Execution.Phase;
import io.backprop.engine.kernel.Kernels;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Gradient descent for any batch size and optimizer, with regularization and clipping. */
final class MiniBatchDescent implements GradientDescent {
    /*
     * A batch that is too large for the workspace is processed in slices. Each sum over the batch continues from the value
     * of the previous slice, so the bits are the same as for the whole batch.
     *
     * A step has a phase over rows, which computes the gradients with respect to the logits, and a phase over parameters,
     * which sums them up over the rows and updates the parameters of each layer immediately. Only clipping needs the whole
     * gradient first. Smaller blocks than those of a part would keep their gradient in the cache until the update, but the
     * product would pack its operands for each of them, which takes longer. If the parameters do not fit into the cache of a
     * core, threads divide every product of the first phase, as in a ForwardPass.
     */

    /** Columns that are summed up at a time. */
    private static final int SUM_COLUMNS = 64;

    private static final int PASSES = 3; // multiplications per parameter and row: forward, and backward to x and to W

    private final Execution execution;
    private final TrainingPlan plan;
    private final ForwardPass forward;
    private final BackwardPass backward;
    private final Dropout dropout;
    private final BatchSampler sampler;
    private final float[] parameters;
    private final float[] gradient;
    private final double[] squares; // of each block of the gradient; empty without clipping
    private final Updater updater;
    private final @Nullable FrontScale frontScale;
    private final LearningRateFactors.Layer[] factors; // of each layer
    private final int sliceRows;
    private final int mostInputs; // of a layer
    private final Phase backpropagate = this::backpropagate;
    private final Phase differentiate = this::differentiate;
    private final Phase sumSquares = this::sumSquares;
    private final Phase updateClipped = this::updateClipped;
    private Batch slice = new Batch(); // of the current step
    private boolean complete; // whether the current slice is the last one of the step
    private float learningRate; // of the current step
    private float scale; // of the clipped gradient
    private double gradientNorm;

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
        this.plan = plan;
        this.sliceRows = sliceRows;
        this.parameters = parameters;
        this.forward = ForwardPass.forTraining(execution, spec, sliceRows);
        this.dropout = new Dropout(forward.layers, sliceRows, plan.seed());
        this.backward = new BackwardPass(execution, spec, forward, dropout);
        this.sampler = new BatchSampler(examples, plan.shuffle(), sliceRows, plan.seed());
        this.gradient = new float[spec.parameterCount()];
        this.squares = new double[clips() ? (gradient.length + Kernels.SUM_BLOCK - 1) / Kernels.SUM_BLOCK : 0];
        this.updater = plan.optimizer().updaterFor(gradient.length);
        this.frontScale = plan.frontScale() == 0 ? null : new FrontScale(forward.layers[0], plan, parameters);
        this.factors = new LearningRateFactors.Layer[forward.layers.length];
        Arrays.setAll(factors, plan.learningRateFactors()::layer);
        this.mostInputs =
                Arrays.stream(forward.layers).mapToInt(DenseLayer::inputs).max().orElseThrow();
    }

    @Override
    public void beginEpoch(int epoch) {
        sampler.begin(epoch);
    }

    @Override
    public boolean take(Step step, StopSignal stopSignal) {
        learningRate = step.learningRate;
        updater.begin(step.number + 1);
        if (frontScale != null) {
            frontScale.begin(step.number + 1);
        }
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
            execution.run(differentiate, work, mostInputs);
            backward.end(slice);
        }
        if (clips()) {
            long work = (long) step.rows * gradient.length * PASSES;
            clip(work);
            execution.run(updateClipped, work, mostInputs);
        }
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
            int input = firstInput(dense, part, parts);
            int inputs = firstInput(dense, part + 1, parts) - input;
            backward.addWeightGradient(thread, slice, layer, input, inputs, gradient);
            int unit = firstUnit(dense, part, parts);
            int units = firstUnit(dense, part + 1, parts) - unit;
            backward.addBiasGradient(thread, slice, layer, unit, units, gradient);
            if (complete) {
                if (layer == 0 && frontScale != null) {
                    frontScale.differentiate(gradient, input, inputs);
                }
                addPenalty(layer, input, inputs);
            }
            if (complete && !clips()) {
                updateWeights(layer, input, inputs);
                updateBiases(layer, unit, units);
            }
        }
    }

    private static int firstInput(DenseLayer layer, int part, int parts) {
        return Execution.begin(layer.inputs(), Execution.TILE_ROWS, part, parts);
    }

    private static int firstUnit(DenseLayer layer, int part, int parts) {
        return Execution.begin(layer.units(), SUM_COLUMNS, part, parts);
    }

    private void addPenalty(int layer, int input, int inputs) {
        Regularization regularization = plan.regularization();
        if (regularization.penalizes()) {
            DenseLayer dense = forward.layers[layer];
            int offset = dense.weightsOffset() + input * dense.units();
            int length = inputs * dense.units();
            float l1 = regularization.l1();
            float l2 = regularization.l2();
            execution.kernels().addPenalty(l1, l2, weights(layer), offset, gradient, offset, length);
        }
    }

    /** The array that holds the weights of a layer that are updated, at their offset. */
    private float[] weights(int layer) {
        return layer == 0 && frontScale != null ? frontScale.weights() : parameters;
    }

    private void updateWeights(int layer, int input, int inputs) {
        DenseLayer dense = forward.layers[layer];
        int offset = dense.weightsOffset() + input * dense.units();
        float rate = learningRate * factors[layer].weights();
        updater.updateWeights(rate, gradient, weights(layer), offset, inputs * dense.units());
        if (layer == 0 && frontScale != null) {
            frontScale.update(learningRate, parameters, input, inputs);
        }
    }

    private void updateBiases(int layer, int unit, int units) {
        float rate = learningRate * factors[layer].biases();
        updater.updateBiases(rate, gradient, parameters, forward.layers[layer].biasesOffset() + unit, units);
    }

    private boolean clips() {
        return plan.regularization().clips();
    }

    private void clip(long work) {
        execution.run(sumSquares, work, squares.length);
        double sum = 0;
        for (double square : squares) {
            sum += square;
        }
        if (frontScale != null) {
            sum += frontScale.sumOfSquares(execution.kernels());
        }
        gradientNorm = Math.sqrt(sum);
        float limit = plan.regularization().globalClipNorm();
        scale = gradientNorm > limit ? (float) (limit / gradientNorm) : 1;
    }

    private void sumSquares(Execution thread, int part, int parts) {
        int end = Execution.begin(squares.length, 1, part + 1, parts);
        for (int block = Execution.begin(squares.length, 1, part, parts); block < end; block++) {
            int first = block * Kernels.SUM_BLOCK;
            int length = Math.min(Kernels.SUM_BLOCK, gradient.length - first);
            squares[block] = thread.kernels().sumOfSquares(gradient, first, length);
        }
    }

    private void updateClipped(Execution thread, int part, int parts) {
        for (int layer = 0; layer < forward.layers.length; layer++) {
            DenseLayer dense = forward.layers[layer];
            int input = firstInput(dense, part, parts);
            int inputs = firstInput(dense, part + 1, parts) - input;
            scale(dense.weightsOffset() + input * dense.units(), inputs * dense.units());
            if (layer == 0 && frontScale != null && scale < 1) {
                frontScale.scaleGradient(execution.kernels(), scale, input, inputs);
            }
            updateWeights(layer, input, inputs);
            int unit = firstUnit(dense, part, parts);
            int units = firstUnit(dense, part + 1, parts) - unit;
            scale(dense.biasesOffset() + unit, units);
            updateBiases(layer, unit, units);
        }
    }

    private void scale(int offset, int length) {
        if (scale < 1) {
            execution.kernels().scale(scale, gradient, offset, length);
        }
    }

    @Override
    public double gradientNorm() {
        return gradientNorm;
    }

    @Override
    public StateArrays state() {
        return frontScale == null ? updater.state() : updater.state().and(frontScale.state());
    }
}
