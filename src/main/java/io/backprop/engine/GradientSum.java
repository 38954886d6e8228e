package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * The sum of the gradients of a range of shards in one step, and of their losses. The range is a subtree of the binary tree
 * over all shards: a power of two of them, beginning at a multiple of their number. All sums are added by this tree, so their
 * bits do not depend on who adds which of them.
 */
public final class GradientSum {

    private static final float[] NOTHING = new float[0];

    private final int firstShard;
    private final int shards;
    private final float[] gradient; // with respect to all parameters; empty without rows
    private final double lossSum;
    private final long rows;

    private GradientSum(int firstShard, int shards, float[] gradient, double lossSum, long rows) {
        this.firstShard = firstShard;
        this.shards = shards;
        this.gradient = gradient;
        this.lossSum = lossSum;
        this.rows = rows;
    }

    /**
     * Creates a sum from its parts.
     *
     * @param firstShard a multiple of {@code shards}
     * @param shards a power of two
     * @param gradient sum over the rows, not divided by their number; empty without rows. Must not be accessed by the caller
     *     afterwards
     * @param lossSum sum of the weighted losses
     * @param rows number of rows
     */
    public static GradientSum of(int firstShard, int shards, float[] gradient, double lossSum, long rows) {
        requireRange(firstShard, shards);
        requireArgument(rows >= 0, "rows must be at least 0, but was %d", rows);
        requireArgument(
                (rows == 0) == (gradient.length == 0),
                "gradient must be empty if and only if there are no rows, but has %d values for %d rows",
                gradient.length,
                rows);
        return new GradientSum(firstShard, shards, gradient, lossSum, rows);
    }

    /** The sum of shards that have no rows in the step. */
    static GradientSum empty(int firstShard, int shards) {
        return new GradientSum(firstShard, shards, NOTHING, 0, 0);
    }

    static void requireRange(int firstShard, int shards) {
        requireArgument(
                shards >= 1 && Integer.bitCount(shards) == 1, "shards must be a power of two, but was %d", shards);
        requireArgument(
                firstShard >= 0 && firstShard % shards == 0,
                "firstShard must be a multiple of the %d shards, but was %d",
                shards,
                firstShard);
    }

    /**
     * Adds up sums that together cover a range of shards without gaps or overlaps, in any order.
     *
     * @param parts their gradients must not be accessed by the caller afterwards
     * @throws InvalidArgumentException if they do not make up one subtree
     */
    public static GradientSum total(Collection<GradientSum> parts) {
        List<GradientSum> sorted = parts.stream()
                .sorted(Comparator.comparingInt(GradientSum::firstShard))
                .toList();
        Deque<GradientSum> sums = new ArrayDeque<>();
        for (GradientSum part : sorted) {
            GradientSum sum = part;
            while (!sums.isEmpty() && sums.peek().isLeftSiblingOf(sum)) {
                sum = sums.pop().plus(sum);
            }
            sums.push(sum);
        }
        requireArgument(
                sums.size() == 1,
                "parts must cover a power of two of shards without gaps or overlaps, but cover %s",
                sorted.stream()
                        .map(part -> part.firstShard + " to " + (part.firstShard + part.shards - 1))
                        .toList());
        return sums.pop();
    }

    private boolean isLeftSiblingOf(GradientSum other) {
        return shards == other.shards && other.firstShard == firstShard + shards && firstShard % (2 * shards) == 0;
    }

    /** Adds the right sibling of this subtree. The gradient of one of them becomes that of the result. */
    GradientSum plus(GradientSum right) {
        float[] sum = rows == 0 ? right.gradient : gradient;
        if (rows > 0 && right.rows > 0) {
            requireArgument(
                    right.gradient.length == gradient.length,
                    "gradients must have equal lengths, but have %d and %d values",
                    gradient.length,
                    right.gradient.length);
            add(right.gradient, gradient, gradient.length);
        }
        return new GradientSum(firstShard, 2 * shards, sum, lossSum + right.lossSum, rows + right.rows);
    }

    /** {@code sum += gradient} for the first {@code length} elements. */
    static void add(float[] gradient, float[] sum, int length) {
        for (int i = 0; i < length; i++) {
            sum[i] += gradient[i];
        }
    }

    /** The first shard of the range. */
    public int firstShard() {
        return firstShard;
    }

    /** The number of shards of the range. */
    public int shards() {
        return shards;
    }

    /** The sum of the gradients of the rows with respect to all parameters; empty without rows. Not a copy. */
    public float[] gradient() {
        return gradient;
    }

    /** The sum of the weighted losses of the rows. */
    public double lossSum() {
        return lossSum;
    }

    /** The number of rows. */
    public long rows() {
        return rows;
    }
}
