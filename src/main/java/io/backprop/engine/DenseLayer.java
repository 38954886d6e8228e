package io.backprop.engine;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A layer as the passes see it.
 *
 * @param weightsOffset where its weights, inputs × units, begin among the network's parameters
 * @param biasesOffset where its biases begin
 */
record DenseLayer(int inputs, int units, Activation activation, float dropout, int weightsOffset, int biasesOffset) {

    static DenseLayer[] of(NetworkSpec spec) {
        return IntStream.range(0, spec.layers().size())
                .mapToObj(layer -> {
                    LayerSpec shape = spec.layers().get(layer);
                    return new DenseLayer(
                            spec.inputsOf(layer),
                            shape.units(),
                            shape.activation(),
                            shape.dropout(),
                            spec.weightsOffset(layer),
                            spec.biasesOffset(layer));
                })
                .toArray(DenseLayer[]::new);
    }

    /**
     * {@code z = x·W + b}.
     *
     * @param x rows × inputs, from {@code xOffset}
     * @param z logits, rows × units. Modified.
     */
    void logits(Processor processor, float[] parameters, float[] x, int xOffset, int rows, float[] z) {
        for (int row = 0; row < rows; row++) {
            System.arraycopy(parameters, biasesOffset, z, row * units, units);
        }
        processor.multiplyAdd(
                rows, units, inputs, x, xOffset, inputs, 1, parameters, weightsOffset, units, z, 0, units);
    }

    /**
     * Adds {@code xᵀ·g} to the weights' gradient and g's column sums to the biases'.
     *
     * @param g gradient with respect to the logits, rows × units
     * @param gradient of all parameters. Modified.
     */
    void addGradient(Processor processor, float[] x, int xOffset, int rows, float[] g, float[] gradient) {
        processor.multiplyAdd(inputs, units, rows, x, xOffset, 1, inputs, g, 0, units, gradient, weightsOffset, units);
        processor.kernels().addColumnSums(rows, units, g, 0, gradient, biasesOffset);
    }

    /**
     * {@code g·Wᵀ}, the gradient with respect to what the layer takes.
     *
     * @param transposed room for the transposed weights. Modified.
     * @param below rows × inputs. Modified.
     */
    void inputGradient(
            Processor processor, float[] parameters, float[] g, int rows, float[] transposed, float[] below) {
        processor.kernels().transpose(inputs, units, parameters, weightsOffset, transposed, 0);
        Arrays.fill(below, 0, rows * inputs, 0);
        processor.multiplyAdd(rows, inputs, units, g, 0, units, 1, transposed, 0, inputs, below, 0, inputs);
    }
}
