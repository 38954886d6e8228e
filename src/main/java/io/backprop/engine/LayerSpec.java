package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;
import static io.backprop.engine.InvalidArgumentException.requireAtLeast;
import static io.backprop.engine.InvalidArgumentException.requireShare;

/**
 * A dense layer.
 *
 * @param units at least 1, for softmax at least 2
 * @param dropout share of the layer's activations set to 0 in each training step, in [0, 1); the others are scaled by
 *     1 / (1 − dropout). Default 0. Srivastava et al. 2014.
 */
public record LayerSpec(int units, Activation activation, float dropout) {

    public LayerSpec {
        requireAtLeast(1, units, "units");
        requireShare(dropout, "dropout");
        requireArgument(
                activation != Activation.SOFTMAX || units >= 2,
                "units of a softmax layer must be at least 2, but was %d; use sigmoid for a single output",
                units);
    }

    /** A layer without dropout. */
    public LayerSpec(int units, Activation activation) {
        this(units, activation, 0);
    }
}
