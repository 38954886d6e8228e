package io.backprop.engine;

import io.backprop.engine.Execution.RangeTask;

/**
 * Sets a share of a layer's activations to 0 in each training step and scales up the others.
 *
 * <p>Which activations are dropped depends only on the seed, the epoch, the step, the layer and the position in the batch,
 * so a resumed training drops the same ones. In a sharded training, the position is that in the step's rows of the shard.
 */
final class Dropout {

    private final DenseLayer[] layers;
    private final long seed;
    private final float[][] masks; // per layer rows × units, empty without dropout
    private final float[][] dropped; // per layer, activations times masks
    private final RangeTask[] draw; // per layer
    private long stepSeed;
    private int firstRow;

    Dropout(DenseLayer[] layers, int rows, long seed) {
        this.layers = layers;
        this.seed = seed;
        this.masks = new float[layers.length][];
        this.dropped = new float[layers.length][];
        this.draw = new RangeTask[layers.length];
        for (int layer = 0; layer < layers.length; layer++) {
            int length = layers[layer].dropout() > 0 ? rows * layers[layer].units() : 0;
            masks[layer] = new float[length];
            dropped[layer] = new float[length];
            draw[layer] = draw(layer);
        }
    }

    /** Moves to a step, and to the rows of its batch from {@code firstRow} on. */
    void at(int epoch, int step, int firstRow) {
        this.stepSeed = SplitMix64.derive(SplitMix64.derive(seed, epoch), step);
        this.firstRow = firstRow;
    }

    /** Moves to a step of a sharded training, and to those of its rows of a shard from {@code firstRow} on. */
    void at(int epoch, int step, int shard, int firstRow) {
        at(epoch, step, firstRow);
        this.stepSeed = SplitMix64.derive(stepSeed, shard);
    }

    /**
     * Multiplies a range of rows of a layer's activations by a new mask.
     *
     * @param activations batch × units. Not modified.
     * @return batch × units; the array itself for a layer without dropout
     */
    float[] apply(Execution execution, int layer, float[] activations, int first, int rows) {
        if (layers[layer].dropout() == 0) {
            return activations;
        }
        int units = layers[layer].units();
        execution.overRows(first, rows, units, draw[layer]);
        System.arraycopy(activations, first * units, dropped[layer], first * units, rows * units);
        execution.kernels().multiply(masks[layer], first * units, dropped[layer], first * units, rows * units);
        return dropped[layer];
    }

    private RangeTask draw(int layer) {
        int units = layers[layer].units();
        float rate = layers[layer].dropout();
        float kept = 1 / (1 - rate);
        float[] mask = masks[layer];
        return (first, rows) -> {
            long layerSeed = SplitMix64.derive(stepSeed, layer);
            long before = (long) firstRow * units;
            for (int i = first * units; i < (first + rows) * units; i++) {
                mask[i] = SplitMix64.floatAt(layerSeed, before + i) < rate ? 0 : kept;
            }
        };
    }

    /** The result of {@link #apply} for the current rows. */
    float[] applied(int layer, float[] activations) {
        return layers[layer].dropout() == 0 ? activations : dropped[layer];
    }

    /**
     * Multiplies a range of rows of a gradient by their mask.
     *
     * @param gradient batch × units. Modified.
     */
    void applyToGradient(Execution execution, int layer, float[] gradient, int first, int rows) {
        int units = layers[layer].units();
        if (layers[layer].dropout() > 0) {
            execution.kernels().multiply(masks[layer], first * units, gradient, first * units, rows * units);
        }
    }
}
