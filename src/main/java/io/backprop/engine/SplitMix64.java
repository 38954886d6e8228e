package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireAtLeast;

/**
 * A random generator whose state is a single {@code long}: the n-th number is a hash of {@code seed + n·γ}.
 *
 * <p>Each kind of random decision has a separate stream ({@link #derive}), so none depends on the number of values drawn
 * for another. Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
 */
public final class SplitMix64 {

    private static final long GAMMA = 0x9E3779B97F4A7C15L;
    private static final float FLOAT_UNIT = 0x1p-24f;
    private static final double DOUBLE_UNIT = 0x1p-53;
    private static final long LOW_WORD = 0xFFFFFFFFL;

    private long state;

    /** Creates a generator of the stream with this seed. */
    public SplitMix64(long seed) {
        this.state = seed;
    }

    /** Derives the seed of an independent stream from a seed and the number of a branch. */
    public static long derive(long seed, long branch) {
        return mix(mix(seed + GAMMA) + branch * GAMMA);
    }

    /** The value that {@link #nextLong} returns after {@code index} other values. */
    static long longAt(long seed, long index) {
        return mix(seed + (index + 1) * GAMMA);
    }

    /** The value that {@link #nextFloat} returns after {@code index} other values. */
    static float floatAt(long seed, long index) {
        return toFloat(longAt(seed, index));
    }

    /** Uniform in all 2⁶⁴ values. */
    public long nextLong() {
        state += GAMMA;
        return mix(state);
    }

    /** Uniform in [0, 1), a multiple of 2⁻²⁴. */
    public float nextFloat() {
        return toFloat(nextLong());
    }

    /** Uniform in [0, bound), by multiplication and rejection (Lemire 2019), without bias. */
    public int nextInt(int bound) {
        requireAtLeast(1, bound, "bound");
        return below(bound);
    }

    private int below(int bound) {
        long product = (nextLong() >>> 32) * bound;
        long low = product & LOW_WORD;
        if (low < bound) { // the threshold is less than the bound
            long threshold = ((1L << 32) - bound) % bound;
            while (low < threshold) {
                product = (nextLong() >>> 32) * bound;
                low = product & LOW_WORD;
            }
        }
        return (int) (product >>> 32);
    }

    /** Standard normal, by Marsaglia's polar method. {@code StrictMath} gives the same bits on every platform. */
    public double nextGaussian() {
        double x;
        double squaredRadius;
        do {
            x = 2 * nextDouble() - 1;
            double y = 2 * nextDouble() - 1;
            squaredRadius = x * x + y * y;
        } while (squaredRadius >= 1 || squaredRadius == 0);
        return x * StrictMath.sqrt(-2 * StrictMath.log(squaredRadius) / squaredRadius);
    }

    /**
     * Shuffles an array (Fisher and Yates).
     *
     * @param values Modified.
     */
    public void shuffle(int[] values) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = below(i + 1);
            int swapped = values[i];
            values[i] = values[j];
            values[j] = swapped;
        }
    }

    private static float toFloat(long bits) {
        return (bits >>> 40) * FLOAT_UNIT;
    }

    private double nextDouble() {
        return (nextLong() >>> 11) * DOUBLE_UNIT;
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
