package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;
import static io.backprop.engine.InvalidArgumentException.requireNotNegative;

/**
 * Penalties on the weights w, and gradient clipping. The minimized objective is {@code loss + l1·Σ|w| + l2·Σw²}; reported
 * losses do not include the penalties.
 *
 * @param l1 at least 0
 * @param l2 at least 0
 * @param globalClipNorm maximum Euclidean norm of the gradient, which is scaled down if it is larger; infinite for no clipping
 */
public record Regularization(float l1, float l2, float globalClipNorm) {

    public static final Regularization NONE = new Regularization(0, 0, Float.POSITIVE_INFINITY);

    public Regularization {
        requireNotNegative(l1, "l1");
        requireNotNegative(l2, "l2");
        requireArgument(globalClipNorm > 0, "globalClipNorm must be greater than 0, but was %s", globalClipNorm);
    }

    boolean penalizes() {
        return l1 > 0 || l2 > 0;
    }

    /** Whether gradients are clipped. */
    public boolean clips() {
        return globalClipNorm < Float.POSITIVE_INFINITY;
    }
}
