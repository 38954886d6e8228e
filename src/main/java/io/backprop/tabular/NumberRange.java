package io.backprop.tabular;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

/** The smallest, the middle and the largest of some numbers. */
public record NumberRange(float minimum, float median, float maximum) {
    public NumberRange {
        requireArgument(
                Float.isFinite(minimum) && minimum <= median && median <= maximum && Float.isFinite(maximum),
                "a range must have a finite minimum, median and maximum in this order, but has %s, %s and %s",
                minimum,
                median,
                maximum);
    }
}
