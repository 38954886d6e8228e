package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

/**
 * A dense layer.
 *
 * @param dropout share of the layer's activations set to 0 at each training step, in [0, 1); the others are scaled by
 *     1 / (1 − dropout). Srivastava et al. 2014.
 */
public record LayerSpec(int units, Activation activation, float dropout) {

    public LayerSpec {
        requireArgument(units >= 1, "units must be at least 1, but was %d", units);
        requireArgument(dropout >= 0 && dropout < 1, "dropout must be at least 0 and less than 1, but was %s", dropout);
        requireArgument(
                activation != Activation.SOFTMAX || units >= 2,
                "units of a softmax layer must be at least 2, but was %d; for one output take sigmoid",
                units);
    }

    public LayerSpec(int units, Activation activation) {
        this(units, activation, 0);
    }
}
