package io.backprop.engine;

import io.backprop.engine.kernel.Kernels;

/** From the loss back to every parameter, by the chain rule; follows a {@link ForwardPass} over the same rows. */
final class BackwardPass {

    private final Kernels kernels;
    private final Loss loss;
    private final ForwardPass forward;
    private final Dropout dropout;
    private final OutputRow outputRow;
    private final float[][] gradients; // per layer, with respect to its logits: rows × units
    private final float[] transposed; // weights of one layer, units × inputs

    BackwardPass(Kernels kernels, NetworkSpec spec, ForwardPass forward, Dropout dropout) {
        this.kernels = kernels;
        this.loss = spec.loss();
        this.forward = forward;
        this.dropout = dropout;
        this.outputRow = forward.outputRow();
        this.gradients = new float[forward.layers.length][];
        int largest = 0;
        for (int layer = 0; layer < gradients.length; layer++) {
            DenseLayer dense = forward.layers[layer];
            gradients[layer] = new float[forward.activations(layer).length];
            largest = layer == 0 ? 0 : Math.max(largest, dense.inputs() * dense.units());
        }
        this.transposed = new float[largest];
    }

    /**
     * Adds the gradient of the batch's mean loss.
     *
     * @param examples number of examples the mean is over; the batch may be a part of them
     * @param gradient of all parameters. Modified.
     * @return sum of the losses of the batch's examples, each times its weight
     */
    double run(float[] parameters, Batch batch, int examples, float[] gradient) {
        double lossSum = outputGradient(batch, examples);
        for (int layer = forward.layers.length - 1; layer >= 0; layer--) {
            DenseLayer dense = forward.layers[layer];
            float[] g = gradients[layer];
            if (layer == 0) {
                dense.addGradient(kernels, batch.inputs, batch.inputsOffset, batch.rows, g, gradient);
            } else {
                float[] x = dropout.applied(layer - 1, forward.activations(layer - 1));
                dense.addGradient(kernels, x, 0, batch.rows, g, gradient);
                dense.inputGradient(kernels, parameters, g, batch.rows, transposed, gradients[layer - 1]);
                dropout.applyToGradient(layer - 1, gradients[layer - 1], batch.rows);
                multiplyByDerivative(layer - 1, batch.rows);
            }
        }
        return lossSum;
    }

    private double outputGradient(Batch batch, int examples) {
        int outputs = outputRow.outputs;
        int last = gradients.length - 1;
        double lossSum = 0;
        for (int row = 0; row < batch.rows; row++) {
            outputRow.at(row, batch.targets, batch.targetsOffset);
            float weight = batch.weight(row);
            lossSum += weight * loss.of(outputRow);
            for (int i = 0; i < outputs; i++) {
                float derivative = loss.gradient(outputRow.prediction(i), outputRow.target(i), outputs);
                gradients[last][row * outputs + i] = weight / examples * derivative;
            }
        }
        if (!loss.isOfLogits()) {
            multiplyByDerivative(last, batch.rows);
        }
        return lossSum;
    }

    private void multiplyByDerivative(int layer, int rows) {
        DenseLayer dense = forward.layers[layer];
        dense.activation()
                .multiplyByDerivative(kernels, forward.derivativeSource(layer), gradients[layer], rows * dense.units());
    }
}
