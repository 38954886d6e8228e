package io.backprop.engine;

import org.jspecify.annotations.Nullable;

/** A view of some consecutive rows of examples; reused to avoid allocation. */
final class Batch {

    float[] inputs = new float[0];
    int inputsOffset;
    float[] targets = new float[0];
    int targetsOffset;
    float @Nullable [] weights;
    int weightsOffset;
    int rows;

    /** Selects rows {@code first} to {@code first + rows} of the examples, without copying. */
    void view(Examples examples, int first, int rows) {
        inputs = examples.inputs().values();
        inputsOffset = first * examples.inputs().columns();
        targets = examples.targets().values();
        targetsOffset = first * examples.targets().columns();
        weights = examples.weights() == null ? null : examples.weights().values();
        weightsOffset = first;
        this.rows = rows;
    }

    float weight(int row) {
        return weights == null ? 1 : weights[weightsOffset + row];
    }
}
