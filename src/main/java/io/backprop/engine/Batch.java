package io.backprop.engine;

import org.jspecify.annotations.Nullable;

/** A view of some consecutive rows of examples, or a copy of some rows; reused to avoid allocation. */
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

    /** Creates a batch with arrays of its own. */
    static Batch allocate(int rows, int features, int outputs) {
        Batch batch = new Batch();
        batch.inputs = new float[rows * features];
        batch.targets = new float[rows * outputs];
        batch.weights = new float[rows];
        batch.rows = rows;
        return batch;
    }

    /** Copies a row of examples to a row of this batch, which must have arrays of its own. */
    void copyRow(Examples examples, int from, int to) {
        examples.inputs().copyRow(from, this.inputs, to * examples.inputs().columns());
        examples.targets().copyRow(from, targets, to * examples.targets().columns());
        if (weights != null) {
            weights[to] = examples.weight(from);
        }
    }

    float weight(int row) {
        return weights == null ? 1 : weights[weightsOffset + row];
    }
}
