package io.backprop.engine.kernel;

import static java.lang.Math.fma;

/**
 * A dense layer of few inputs and units that takes one example at a time, and what it remembers of it.
 *
 * <p>Every number is the result of the same operations in the same order as with {@link Kernels}.
 */
public class NarrowLayer {

    /** Activations that a layer takes care of by itself, both ways; all others are left to the caller. */
    public enum FusedActivation {
        NONE,
        SIGMOID,
        RELU
    }

    /** Of one example; units, padded to whole vectors. Whatever is in the excess stays there. */
    public final float[] logits;

    public final float[] activations;

    /** With respect to the logits. */
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

    /** Takes over parameters: weights, inputs × units, from {@code offset}, then the biases. */
    public final void load(float[] parameters, int offset) {
        for (int k = 0; k < inputs; k++) {
            for (int u = 0; u < units; u++) {
                setWeight(k, u, parameters[offset + k * units + u]);
            }
        }
        System.arraycopy(parameters, offset + inputs * units, biases, 0, units);
    }

    /** Gives the parameters back, in the same order. */
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

    /** The logits {@code x·W + b}, and the activations if they are this layer's own. */
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
                activations[u] = sum > 0 ? sum : fma(0, sum, 0);
            }
            row += stride;
        }
    }

    /** {@code g·Wᵀ} for the layer below, times the derivative of its activation if that is its own. */
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
    public void change(float rate, float[] x, int xOffset) {
        int row = 0;
        for (int u = 0; u < units; u++) {
            float g = gradient[u];
            for (int k = 0; k < inputs; k++) {
                rows[row + k] = fma(rate, fma(x[xOffset + k], g, 0), rows[row + k]);
            }
            row += stride;
        }
        changeBiases(rate);
    }

    final void changeBiases(float rate) {
        for (int u = 0; u < units; u++) {
            biases[u] = fma(rate, gradient[u] + 0, biases[u]);
        }
    }
}
