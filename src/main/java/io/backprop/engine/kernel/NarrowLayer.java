package io.backprop.engine.kernel;

import static io.backprop.engine.kernel.Fma.fma;

/**
 * A dense layer of few inputs and units that processes one example at a time, with its parameters and its state for the
 * current example.
 *
 * <p>Every number results from the same operations in the same order as with {@link Kernels}.
 */
public class NarrowLayer {

    /** Activations that are computed by the layer, including their derivatives; for NONE the caller computes them. */
    public enum FusedActivation {
        NONE,
        SIGMOID,
        RELU
    }

    /** Logits of the example; units, padded to whole vectors. Padding lanes are undefined. */
    public final float[] logits;

    /** Activations of the example, with the same length. */
    public final float[] activations;

    /** Gradient with respect to the logits, with the same length. */
    public final float[] gradient;

    final int inputs;
    final int units;
    final int stride; // inputs, padded to whole vectors
    final float[] rows; // units × inputs, each row padded to the stride
    final float[] biases; // units, padded
    final FusedActivation activation;

    NarrowLayer(int inputs, int units, int lanes, FusedActivation activation) {
        int width = wholeVectors(units, lanes);
        this.inputs = inputs;
        this.units = units;
        this.stride = wholeVectors(inputs, lanes);
        this.activation = activation;
        this.logits = new float[width];
        this.activations = new float[width];
        this.gradient = new float[width];
        this.biases = new float[width];
        this.rows = new float[units * stride];
    }

    private static int wholeVectors(int length, int lanes) {
        return (length + lanes - 1) / lanes * lanes;
    }

    public final FusedActivation activation() {
        return activation;
    }

    /** Copies the parameters from an array: weights, inputs × units, from {@code offset} on, then biases. Not modified. */
    public final void load(float[] parameters, int offset) {
        for (int k = 0; k < inputs; k++) {
            for (int u = 0; u < units; u++) {
                setWeight(k, u, parameters[offset + k * units + u]);
            }
        }
        System.arraycopy(parameters, offset + inputs * units, biases, 0, units);
    }

    /** Copies the parameters to an array in the same layout. Modified. */
    public final void store(float[] parameters, int offset) {
        for (int k = 0; k < inputs; k++) {
            for (int u = 0; u < units; u++) {
                parameters[offset + k * units + u] = weight(k, u);
            }
        }
        System.arraycopy(biases, 0, parameters, offset + inputs * units, units);
    }

    float weight(int input, int unit) {
        return rows[unit * stride + input];
    }

    void setWeight(int input, int unit, float weight) {
        rows[unit * stride + input] = weight;
    }

    /** {@code x·W + b}, the logits; also computes a fused activation. */
    public void forward(float[] x, int xOffset) {
        int row = 0;
        for (int u = 0; u < units; u++) {
            float sum = biases[u];
            for (int k = 0; k < inputs; k++) {
                sum = fma(x[xOffset + k], rows[row + k], sum);
            }
            logits[u] = sum;
            if (activation == FusedActivation.SIGMOID) {
                activations[u] = FloatMath.sigmoid(sum);
            } else if (activation == FusedActivation.RELU) {
                activations[u] = sum <= 0 ? 0 : sum;
            }
            row += stride;
        }
    }

    /** {@code g·Wᵀ}, the gradient of the layer below, multiplied by the derivative of its fused activation. */
    public void backward(NarrowLayer below) {
        for (int k = 0; k < inputs; k++) {
            float sum = 0;
            for (int u = 0; u < units; u++) {
                sum = fma(gradient[u], rows[u * stride + k], sum);
            }
            below.gradient[k] = below.timesDerivative(sum, below.activations[k]);
        }
    }

    private float timesDerivative(float g, float y) {
        return switch (activation) {
            case NONE -> g;
            case SIGMOID -> g * (y * (1 - y));
            case RELU -> y > 0 ? g : 0 * g;
        };
    }

    /** {@code W ← rate·xᵀ·g + W} and {@code b ← rate·g + b}. */
    public void update(float rate, float[] x, int xOffset) {
        int row = 0;
        for (int u = 0; u < units; u++) {
            float g = gradient[u];
            for (int k = 0; k < inputs; k++) {
                rows[row + k] = fma(rate, fma(x[xOffset + k], g, 0), rows[row + k]);
            }
            row += stride;
        }
        updateBiases(rate);
    }

    final void updateBiases(float rate) {
        for (int u = 0; u < units; u++) {
            biases[u] = fma(rate, gradient[u] + 0, biases[u]);
        }
    }
}
