package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;
import static io.backprop.engine.InvalidArgumentException.requireNotNegative;

/**
 * What keeps parameters and steps small.
 *
 * @param l1 adds {@code l1·Σ|w|} over all weights to what is minimized, not to the loss that is reported
 * @param l2 adds {@code l2·Σw²} likewise
 * @param clipNorm a gradient whose Euclidean norm is larger is scaled down to it; infinite for none
 */
public record Regularization(float l1, float l2, float clipNorm) {

    public static final Regularization NONE = new Regularization(0, 0, Float.POSITIVE_INFINITY);

    public Regularization {
        requireNotNegative(l1, "l1");
        requireNotNegative(l2, "l2");
        requireArgument(clipNorm > 0, "clipNorm must be greater than 0, but was %s", clipNorm);
    }

    boolean penalizes() {
        return l1 > 0 || l2 > 0;
    }

    boolean clips() {
        return clipNorm < Float.POSITIVE_INFINITY;
    }
}
