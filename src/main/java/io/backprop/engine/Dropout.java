package io.backprop.engine;

import io.backprop.engine.kernel.Kernels;

/**
 * Sets a share of a layer's activations to 0 in each training step and scales up the others.
 *
 * <p>Whether an activation is dropped depends on nothing but the seed, the epoch, the step, the layer and its place in
 * the batch, so that a training gone on with elsewhere drops the same ones.
 */
final class Dropout {

    private final Kernels kernels;
    private final DenseLayer[] layers;
    private final long seed;
    private final float[][] masks; // per layer rows × units, empty without dropout
    private final float[][] dropped; // activations times masks
    private long stepSeed;
    private int firstRow;

    Dropout(Kernels kernels, DenseLayer[] layers, int rows, long seed) {
        this.kernels = kernels;
        this.layers = layers;
        this.seed = seed;
        this.masks = new float[layers.length][];
        this.dropped = new float[layers.length][];
        for (int layer = 0; layer < layers.length; layer++) {
            int length = layers[layer].dropout() > 0 ? rows * layers[layer].units() : 0;
            masks[layer] = new float[length];
            dropped[layer] = new float[length];
        }
    }

    /** Moves to the rows of a step's batch that begin with {@code firstRow}. */
    void at(int epoch, int step, int firstRow) {
        this.stepSeed = SplitMix64.derive(SplitMix64.derive(seed, epoch), step);
        this.firstRow = firstRow;
    }

    /** What the layer above gets. */
    float[] apply(int layer, float[] activations, int rows) {
        float rate = layers[layer].dropout();
        if (rate == 0) {
            return activations;
        }
        int length = rows * layers[layer].units();
        draw(layer, rate, length);
        System.arraycopy(activations, 0, dropped[layer], 0, length);
        kernels.multiply(masks[layer], 0, dropped[layer], 0, length);
        return dropped[layer];
    }

    private void draw(int layer, float rate, int length) {
        long layerSeed = SplitMix64.derive(stepSeed, layer);
        long first = (long) firstRow * layers[layer].units();
        float kept = 1 / (1 - rate);
        float[] mask = masks[layer];
        for (int i = 0; i < length; i++) {
            mask[i] = SplitMix64.floatAt(layerSeed, first + i) < rate ? 0 : kept;
        }
    }

    /** What {@link #apply} gave for the current rows. */
    float[] applied(int layer, float[] activations) {
        return layers[layer].dropout() == 0 ? activations : dropped[layer];
    }

    /** Takes a gradient with respect to what {@link #apply} gave back to the activations. Modified. */
    void applyToGradient(int layer, float[] gradient, int rows) {
        if (layers[layer].dropout() > 0) {
            kernels.multiply(masks[layer], 0, gradient, 0, rows * layers[layer].units());
        }
    }
}
