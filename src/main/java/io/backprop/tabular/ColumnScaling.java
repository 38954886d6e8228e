package io.backprop.tabular;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.RunningVariance;

/**
 * {@code scaled = (value − offset) / factor}, for the numbers of one column.
 *
 * @param factor greater than 0
 */
public record ColumnScaling(double offset, double factor) {

    /** Leaves values as they are. */
    static final ColumnScaling NONE = new ColumnScaling(0, 1);

    public ColumnScaling {
        requireArgument(Double.isFinite(offset), "offset must be finite, but was %s", offset);
        requireArgument(
                factor > 0 && Double.isFinite(factor), "factor must be finite and greater than 0, but was %s", factor);
    }

    /** Scales to mean 0 and standard deviation 1; equal numbers to 0. */
    static ColumnScaling standard(RunningVariance numbers) {
        double deviation = Math.sqrt(numbers.sumOfSquares() / numbers.count());
        return new ColumnScaling(numbers.mean(), deviation > 0 ? deviation : 1);
    }

    public float apply(float value) {
        return (float) ((value - offset) / factor);
    }

    /** The value that was scaled. */
    public float invert(float scaled) {
        return (float) (scaled * factor + offset);
    }
}
