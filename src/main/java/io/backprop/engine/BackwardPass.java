package io.backprop.engine;

import io.backprop.engine.Execution.RangeTask;
import io.backprop.engine.kernel.Kernels;
import java.util.stream.Stream;

/** Computes the gradient of the loss by backpropagation, after a {@link ForwardPass} over the same rows. */
final class BackwardPass {
    /*
     * The gradients with respect to the logits are independent for each row, the sums over the rows for each parameter. Each
     * element of these sums is a chain in the order of the rows, and so is the sum of the losses.
     */

    private static final int SPACING = 4;

    private final LossFunction loss;
    private final boolean usesLogits;
    private final ForwardPass forward;
    private final Dropout dropout;
    private final double[] losses; // per row
    private final float[][] gradients; // per layer, with respect to its logits, rows × units
    private final RangeTask[] multiplyByDerivative; // per layer
    private OutputRow[] outputRows = new OutputRow[0]; // every fourth one is that of a thread, on its own cache line
    private int examples;
    private boolean begun;
    private double lossSum;

    BackwardPass(Execution execution, NetworkSpec spec, ForwardPass forward, Dropout dropout) {
        this.loss = LossFunction.of(spec);
        this.usesLogits = spec.loss().usesLogits();
        this.forward = forward;
        this.dropout = dropout;
        this.losses = new double[forward.rows];
        this.gradients = new float[forward.layers.length][];
        this.multiplyByDerivative = new RangeTask[gradients.length];
        for (int layer = 0; layer < gradients.length; layer++) {
            gradients[layer] = new float[forward.activations(layer).length];
            multiplyByDerivative[layer] = multiplyByDerivative(execution.kernels(), layer);
        }
    }

    private RangeTask multiplyByDerivative(Kernels kernels, int layer) {
        DenseLayer dense = forward.layers[layer];
        int units = dense.units();
        float[] source = forward.derivativeSource(layer);
        return (first, rows) ->
                dense.activation().multiplyByDerivative(kernels, source, gradients[layer], first * units, rows * units);
    }

    /** Begins a step, whose loss is the mean over {@code examples}; they may be processed in several batches. */
    void begin(Execution execution, int examples) {
        this.examples = examples;
        this.begun = false;
        this.lossSum = 0;
        if (outputRows.length < execution.threads() * SPACING) {
            outputRows = Stream.generate(forward::outputRow)
                    .limit((long) execution.threads() * SPACING)
                    .toArray(OutputRow[]::new);
        }
    }

    /**
     * Computes the losses of a range of the rows of a batch, and their gradients with respect to the logits of all layers.
     *
     * @param parameters Not modified.
     */
    void run(Execution execution, float[] parameters, Batch batch, int first, int rows) {
        outputGradient(execution, batch, first, rows);
        for (int layer = gradients.length - 1; layer > 0; layer--) {
            float[] below = gradients[layer - 1];
            forward.layers[layer].inputGradient(execution, parameters, gradients[layer], first, rows, below);
            dropout.applyToGradient(execution, layer - 1, below, first, rows);
            multiplyByDerivative(execution, layer - 1, first, rows);
        }
    }

    private void outputGradient(Execution execution, Batch batch, int first, int rows) {
        OutputRow outputRow = outputRows[execution.thread() * SPACING];
        int outputs = outputRow.outputs;
        int last = gradients.length - 1;
        for (int row = first; row < first + rows; row++) {
            outputRow.at(row, batch.targets, batch.targetsOffset);
            float weight = batch.weight(row);
            losses[row] = weight * loss.of(outputRow);
            loss.gradient(outputRow, weight / examples, gradients[last], row * outputs);
        }
        if (!usesLogits) {
            multiplyByDerivative(execution, last, first, rows);
        }
    }

    private void multiplyByDerivative(Execution execution, int layer, int first, int rows) {
        execution.overRows(first, rows, forward.layers[layer].units(), multiplyByDerivative[layer]);
    }

    /**
     * Adds the contribution of a batch to the gradient of the step's mean loss with respect to the weights of a range of a
     * layer's inputs. The first batch of a step overwrites the gradient.
     *
     * @param gradient gradient with respect to all parameters. Modified.
     */
    void addWeightGradient(Execution execution, Batch batch, int layer, int firstInput, int inputs, float[] gradient) {
        DenseLayer dense = forward.layers[layer];
        int offset = dense.weightsOffset() + firstInput * dense.units();
        weightGradient(execution, batch, 0, batch.rows, begun, layer, firstInput, inputs, gradient, offset);
    }

    private void weightGradient(
            Execution execution,
            Batch batch,
            int first,
            int rows,
            boolean add,
            int layer,
            int firstInput,
            int inputs,
            float[] gradient,
            int offset) {
        DenseLayer dense = forward.layers[layer];
        boolean lowest = layer == 0;
        float[] x = lowest ? batch.inputs : dropout.applied(layer - 1, forward.activations(layer - 1));
        int xOffset = (lowest ? batch.inputsOffset : 0) + first * dense.inputs();
        int gOffset = first * dense.units();
        dense.weightGradient(
                execution, x, xOffset, rows, gradients[layer], gOffset, add, firstInput, inputs, gradient, offset);
    }

    /** Adds the contribution of a batch to the gradient with respect to the biases of a range of a layer's units. */
    void addBiasGradient(Execution execution, Batch batch, int layer, int firstUnit, int units, float[] gradient) {
        DenseLayer dense = forward.layers[layer];
        int offset = dense.biasesOffset() + firstUnit;
        dense.biasGradient(execution, batch.rows, gradients[layer], 0, begun, firstUnit, units, gradient, offset);
    }

    /**
     * The sum over some rows of a batch of their gradients with respect to the weights of a range of a layer's inputs, or
     * with respect to its biases.
     *
     * @param inputs number of inputs; 0 for the biases
     * @param gradient inputs × units, or units. Modified.
     */
    void gradient(
            Execution execution,
            Batch batch,
            int first,
            int rows,
            int layer,
            int firstInput,
            int inputs,
            float[] gradient) {
        DenseLayer dense = forward.layers[layer];
        if (inputs > 0) {
            weightGradient(execution, batch, first, rows, false, layer, firstInput, inputs, gradient, 0);
        } else {
            int gOffset = first * dense.units();
            dense.biasGradient(execution, rows, gradients[layer], gOffset, false, 0, dense.units(), gradient, 0);
        }
    }

    /** Ends a batch, after all of its gradients and losses have been computed. */
    void end(Batch batch) {
        lossSum = lossSum(lossSum, 0, batch.rows);
        begun = true;
    }

    /** The sum of the weighted losses of some rows of the last batch, added in their order. */
    double lossSum(int first, int rows) {
        return lossSum(0, first, rows);
    }

    private double lossSum(double before, int first, int rows) {
        double sum = before;
        for (int row = first; row < first + rows; row++) {
            sum += losses[row];
        }
        return sum;
    }

    /** The sum of the weighted losses of the step's examples so far, added in their order. */
    double lossSum() {
        return lossSum;
    }
}
