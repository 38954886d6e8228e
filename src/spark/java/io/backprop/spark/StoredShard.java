package io.backprop.spark;

import io.backprop.engine.Examples;
import io.backprop.engine.Matrix;
import io.backprop.engine.Shard;
import io.backprop.engine.Vector;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** The rows of a shard, or those for validation, in their canonical order. Spark moves it between memory and disk. */
final class StoredShard implements Serializable {

    private static final long serialVersionUID = 1;

    private final int index;
    private final int rows;
    private final float[] inputs; // rows × features
    private final float[] targets; // rows × outputs
    private final float @Nullable [] weights; // rows

    /**
     * Takes the arrays, which must not be modified afterwards.
     *
     * @param inputs rows × features, row-major
     * @param targets rows × outputs, row-major
     * @param weights one per row; null if all are 1
     */
    StoredShard(int index, int rows, float[] inputs, float[] targets, float @Nullable [] weights) {
        this.index = index;
        this.rows = rows;
        this.inputs = inputs;
        this.targets = targets;
        this.weights = weights;
    }

    int index() {
        return index;
    }

    int rows() {
        return rows;
    }

    /** The rows; null if there are none. */
    @Nullable
    Examples examples() {
        if (rows == 0) {
            return null;
        }
        Examples examples = Examples.of(
                Matrix.wrap(rows, inputs.length / rows, inputs), Matrix.wrap(rows, targets.length / rows, targets));
        return weights == null ? examples : examples.withWeights(Vector.wrap(weights));
    }

    /** The shard; null if it has no rows. */
    @Nullable
    Shard shard() {
        Examples examples = examples();
        return examples == null ? null : Shard.of(index, examples);
    }
}
