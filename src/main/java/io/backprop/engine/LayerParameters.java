package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

/**
 * Weights and biases of one layer.
 *
 * @param weights units × inputs
 * @param biases one per unit
 */
public record LayerParameters(Matrix weights, Vector biases) {

    /** Throws unless the parameters have the shape of the given layer. */
    public void requireShape(int layer, int units, int inputs) {
        requireArgument(
                weights.rows() == units && weights.columns() == inputs,
                "weights of layer %d must be %d × %d, one row per unit, but are %d × %d",
                layer,
                units,
                inputs,
                weights.rows(),
                weights.columns());
        requireArgument(
                biases.size() == units, "layer %d must have %d biases, but has %d", layer, units, biases.size());
    }
}
