package io.backprop.tabular;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

/**
 * {@code scaled = (value − offset) / factor}, for the numbers of one column.
 *
 * @param factor above 0
 */
public record Scale(double offset, double factor) {

    public Scale {
        requireArgument(Double.isFinite(offset), "offset must be finite, but was %s", offset);
        requireArgument(factor > 0 && Double.isFinite(factor), "factor must be above 0, but was %s", factor);
    }

    public float apply(float value) {
        return (float) ((value - offset) / factor);
    }

    /** The value that was scaled. */
    public float invert(float scaled) {
        return (float) (scaled * factor + offset);
    }
}
