package io.backprop.engine;

import java.util.Arrays;

/**
 * A dense layer and the position of its parameters.
 *
 * @param weightsOffset offset of its weights, inputs × units, in the network's parameters
 * @param biasesOffset offset of its biases, units
 */
record DenseLayer(int inputs, int units, Activation activation, float dropout, int weightsOffset, int biasesOffset) {

    static DenseLayer[] of(NetworkSpec spec) {
        DenseLayer[] layers = new DenseLayer[spec.layers().size()];
        int offset = 0;
        for (int i = 0; i < layers.length; i++) {
            LayerSpec layer = spec.layers().get(i);
            int inputs = spec.inputsOf(i);
            int biasesOffset = offset + inputs * layer.units();
            layers[i] =
                    new DenseLayer(inputs, layer.units(), layer.activation(), layer.dropout(), offset, biasesOffset);
            offset += spec.parameterCount(i);
        }
        return layers;
    }

    /**
     * {@code z = x·W + b}.
     *
     * @param parameters parameters of the network. Not modified.
     * @param x rows × inputs, from {@code xOffset}. Not modified.
     * @param z logits, rows × units. Modified.
     */
    void logits(Execution execution, float[] parameters, float[] x, int xOffset, int rows, float[] z) {
        execution
                .product()
                .startFrom(parameters, biasesOffset)
                .depth(inputs)
                .a(x, xOffset, inputs, 1)
                .b(parameters, weightsOffset, units, 1)
                .c(z, 0, units);
        execution.multiply(rows, units);
    }

    /**
     * {@code xᵀ·g}, the gradient with respect to the weights, and {@code Σ g} over the rows, that of the biases.
     *
     * @param x rows × inputs, from {@code xOffset}. Not modified.
     * @param g gradient with respect to the logits, rows × units. Not modified.
     * @param add whether to add to the gradient instead of overwriting it
     * @param gradient gradient with respect to all parameters of the network. Modified.
     */
    void gradient(Execution execution, float[] x, int xOffset, int rows, float[] g, boolean add, float[] gradient) {
        execution
                .product()
                .accumulate(add)
                .depth(rows)
                .a(x, xOffset, 1, inputs)
                .b(g, 0, units, 1)
                .c(gradient, weightsOffset, units);
        execution.multiply(inputs, units);
        if (!add) {
            Arrays.fill(gradient, biasesOffset, biasesOffset + units, 0);
        }
        execution.kernels().addColumnSums(rows, units, g, 0, units, gradient, biasesOffset);
    }

    /**
     * {@code g·Wᵀ}, the gradient with respect to the inputs of the layer.
     *
     * @param parameters parameters of the network. Not modified.
     * @param g gradient with respect to the logits, rows × units. Not modified.
     * @param below receives the gradient, rows × inputs. Modified.
     */
    void inputGradient(Execution execution, float[] parameters, float[] g, int rows, float[] below) {
        execution
                .product()
                .accumulate(false)
                .depth(units)
                .a(g, 0, units, 1)
                .b(parameters, weightsOffset, 1, units)
                .c(below, 0, inputs);
        execution.multiply(rows, inputs);
    }
}
