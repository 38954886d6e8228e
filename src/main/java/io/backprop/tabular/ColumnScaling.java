package io.backprop.tabular;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

/**
 * {@code z = (value − offset) / factor}, for the numbers of one column, and with a smooth clip {@code z / √(1 + (z/3)²)},
 * which is nearly z around 0 and never beyond ±3. Holzmüller et al., "Better by default", 2024.
 *
 * @param factor greater than 0
 */
public record ColumnScaling(double offset, double factor, boolean smoothClip) {

    private static final double CLIP = 3;

    /** Leaves values as they are. */
    static final ColumnScaling NONE = new ColumnScaling(0, 1);

    public ColumnScaling {
        requireArgument(Double.isFinite(offset), "offset must be finite, but was %s", offset);
        requireArgument(
                factor > 0 && Double.isFinite(factor), "factor must be finite and greater than 0, but was %s", factor);
    }

    /** Without a clip. */
    public ColumnScaling(double offset, double factor) {
        this(offset, factor, false);
    }

    /** Scales to mean 0 and standard deviation 1; equal numbers to 0. */
    static ColumnScaling standard(NumberSummary numbers) {
        double deviation = numbers.deviation();
        return new ColumnScaling(numbers.mean(), deviation > 0 ? deviation : 1);
    }

    /**
     * Scales the median to 0 and the interquartile range, or if it is 0 half the range, to 1, with a smooth clip. Equal
     * numbers become 0.
     */
    static ColumnScaling robust(Quartiles quartiles) {
        double spread = quartiles.upper() - quartiles.lower();
        double factor = spread > 0 ? spread : (quartiles.maximum() - quartiles.minimum()) / 2;
        return new ColumnScaling(quartiles.median(), factor > 0 ? factor : 1, true);
    }

    /** The scaled value. */
    public float apply(double value) {
        double z = (value - offset) / factor;
        return (float) (smoothClip ? clip(z) : z);
    }

    static double clip(double z) {
        double share = z / CLIP;
        return z / Math.sqrt(1 + share * share);
    }

    /** The value that was scaled. There must be no clip. */
    public float invert(float scaled) {
        return (float) (scaled * factor + offset);
    }
}
