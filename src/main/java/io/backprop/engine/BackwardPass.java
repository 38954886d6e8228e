package io.backprop.engine;

import io.backprop.engine.Execution.RangeTask;

/** Computes the gradient of the loss by backpropagation, after a {@link ForwardPass} over the same rows. */
final class BackwardPass {

    private final Execution execution;
    private final LossFunction loss;
    private final boolean usesLogits;
    private final ForwardPass forward;
    private final Dropout dropout;
    private final OutputRow outputRow;
    private final float[][] gradients; // per layer, with respect to its logits, rows × units
    private final RangeTask[] multiplyByDerivative; // per layer
    private int examples;
    private boolean begun;
    private double lossSum;

    BackwardPass(Execution execution, NetworkSpec spec, ForwardPass forward, Dropout dropout) {
        this.execution = execution;
        this.loss = LossFunction.of(spec);
        this.usesLogits = spec.loss().usesLogits();
        this.forward = forward;
        this.dropout = dropout;
        this.outputRow = forward.outputRow();
        this.gradients = new float[forward.layers.length][];
        this.multiplyByDerivative = new RangeTask[gradients.length];
        for (int layer = 0; layer < gradients.length; layer++) {
            gradients[layer] = new float[forward.activations(layer).length];
            multiplyByDerivative[layer] = multiplyByDerivative(layer);
        }
    }

    private RangeTask multiplyByDerivative(int layer) {
        DenseLayer dense = forward.layers[layer];
        int units = dense.units();
        float[] source = forward.derivativeSource(layer);
        return (first, rows) -> dense.activation()
                .multiplyByDerivative(execution.kernels(), source, gradients[layer], first * units, rows * units);
    }

    /** Begins a step, whose loss is the mean over {@code examples}; they may be processed in several batches. */
    void begin(int examples) {
        this.examples = examples;
        this.begun = false;
        this.lossSum = 0;
    }

    /** The sum of the weighted losses of the step's examples so far, added in their order. */
    double lossSum() {
        return lossSum;
    }

    /**
     * Adds the contribution of a batch to the gradient of the step's mean loss. The first batch of a step overwrites the
     * gradient.
     *
     * @param parameters Not modified.
     * @param gradient gradient with respect to all parameters. Modified.
     */
    void run(float[] parameters, Batch batch, float[] gradient) {
        outputGradient(batch);
        for (int layer = forward.layers.length - 1; layer >= 0; layer--) {
            DenseLayer dense = forward.layers[layer];
            float[] g = gradients[layer];
            if (layer == 0) {
                dense.gradient(execution, batch.inputs, batch.inputsOffset, batch.rows, g, begun, gradient);
            } else {
                float[] x = dropout.applied(layer - 1, forward.activations(layer - 1));
                dense.gradient(execution, x, 0, batch.rows, g, begun, gradient);
                dense.inputGradient(execution, parameters, g, batch.rows, gradients[layer - 1]);
                dropout.applyToGradient(layer - 1, gradients[layer - 1], batch.rows);
                multiplyByDerivative(layer - 1, batch.rows);
            }
        }
        begun = true;
    }

    private void outputGradient(Batch batch) {
        int outputs = outputRow.outputs;
        int last = gradients.length - 1;
        for (int row = 0; row < batch.rows; row++) {
            outputRow.at(row, batch.targets, batch.targetsOffset);
            float weight = batch.weight(row);
            lossSum += weight * loss.of(outputRow);
            loss.gradient(outputRow, weight / examples, gradients[last], row * outputs);
        }
        if (!usesLogits) {
            multiplyByDerivative(last, batch.rows);
        }
    }

    private void multiplyByDerivative(int layer, int rows) {
        execution.overRows(rows, forward.layers[layer].units(), multiplyByDerivative[layer]);
    }
}
