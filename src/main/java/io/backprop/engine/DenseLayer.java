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
     * {@code z = x·W + b} for a range of the rows of a batch.
     *
     * @param parameters parameters of the network. Not modified.
     * @param x batch × inputs, from {@code xOffset}. Not modified.
     * @param z logits, batch × units. Modified.
     */
    void logits(Execution execution, float[] parameters, float[] x, int xOffset, int first, int rows, float[] z) {
        execution
                .product()
                .startFrom(parameters, biasesOffset)
                .depth(inputs)
                .a(x, xOffset + first * inputs, inputs, 1)
                .b(parameters, weightsOffset, units, 1)
                .c(z, first * units, units);
        execution.multiply(rows, units);
    }

    /**
     * {@code g·Wᵀ}, the gradient with respect to the inputs of the layer, for a range of the rows of a batch.
     *
     * @param parameters parameters of the network. Not modified.
     * @param g gradient with respect to the logits, batch × units. Not modified.
     * @param below receives the gradient, batch × inputs. Modified.
     */
    void inputGradient(Execution execution, float[] parameters, float[] g, int first, int rows, float[] below) {
        execution
                .product()
                .accumulate(false)
                .depth(units)
                .a(g, first * units, units, 1)
                .b(parameters, weightsOffset, 1, units)
                .c(below, first * inputs, inputs);
        execution.multiply(rows, inputs);
    }

    /**
     * {@code xᵀ·g}, the gradient with respect to the weights, for a range of the inputs.
     *
     * @param x rows × inputs, from {@code xOffset}. Not modified.
     * @param g gradient with respect to the logits, rows × units, from {@code gOffset}. Not modified.
     * @param add whether to add to the gradient instead of overwriting it
     * @param gradient gradient with respect to these weights, from {@code offset}. Modified.
     */
    void weightGradient(
            Execution execution,
            float[] x,
            int xOffset,
            int rows,
            float[] g,
            int gOffset,
            boolean add,
            int firstInput,
            int count,
            float[] gradient,
            int offset) {
        execution
                .product()
                .accumulate(add)
                .depth(rows)
                .a(x, xOffset + firstInput, 1, inputs)
                .b(g, gOffset, units, 1)
                .c(gradient, offset, units);
        execution.multiply(count, units);
    }

    /**
     * {@code Σ g} over the rows, the gradient with respect to the biases, for a range of the units.
     *
     * @param g gradient with respect to the logits, rows × units, from {@code gOffset}. Not modified.
     * @param add whether to add to the gradient instead of overwriting it
     * @param gradient gradient with respect to these biases, from {@code offset}. Modified.
     */
    void biasGradient(
            Execution execution,
            int rows,
            float[] g,
            int gOffset,
            boolean add,
            int firstUnit,
            int count,
            float[] gradient,
            int offset) {
        if (!add) {
            Arrays.fill(gradient, offset, offset + count, 0);
        }
        execution.kernels().addColumnSums(rows, count, g, gOffset + firstUnit, units, gradient, offset);
    }
}
