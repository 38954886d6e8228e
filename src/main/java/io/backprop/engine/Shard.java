package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * The examples of one shard of a sharded training, in rising order of their {@link RowHash}. Immutable, so that several
 * threads may use it.
 */
public final class Shard {

    private final int index;
    private final Examples examples;
    private final int[] rows; // of the examples of all shards; empty if all examples are those of this shard
    private final int first; // in rows
    private final int size;

    private Shard(int index, Examples examples, int[] rows, int first, int size) {
        this.index = index;
        this.examples = examples;
        this.rows = rows;
        this.first = first;
        this.size = size;
    }

    /**
     * Creates a shard that consists of all the given examples.
     *
     * @param index number of the shard, from 0
     * @param examples in rising order of {@link RowHash#ofExample}
     */
    public static Shard of(int index, Examples examples) {
        requireArgument(
                index >= 0 && index < TrainingPlan.MAX_SHARDS,
                "index must be at least 0 and less than %d, but was %d",
                TrainingPlan.MAX_SHARDS,
                index);
        return new Shard(index, examples, new int[0], 0, examples.size());
    }

    /** The examples in rising order of their hashes, which does not depend on the order that they were in. */
    public static Examples sort(Examples examples, long seed) {
        return examples.select(sorted(examples.size(), hashes(examples, seed)));
    }

    private static IntFunction<RowHash> hashes(Examples examples, long seed) {
        return row -> RowHash.ofExample(seed, examples, row);
    }

    /** Divides examples into the shards of a plan, some of which may be empty. */
    static Shard[] divide(Examples examples, TrainingPlan plan) {
        IntFunction<RowHash> hashes = hashes(examples, plan.seed());
        int[] rows = sorted(examples.size(), hashes);
        Shard[] shards = new Shard[plan.shards()];
        int first = 0;
        for (int index = 0; index < shards.length; index++) {
            int end = end(index, shards.length, rows, first, hashes);
            shards[index] = new Shard(index, examples, rows, first, end - first);
            first = end;
        }
        return shards;
    }

    /** The number of rows of the first shards up to {@code index}, by binary search from {@code first} on. */
    private static int end(int index, int shards, int[] rows, int first, IntFunction<RowHash> hashes) {
        int low = first;
        int high = rows.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (hashes.apply(rows[middle]).shard(shards) <= index) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * The rows in rising order of their hashes. Sorts by the first half of the hash, whose last bits are replaced by the row;
     * the few rows that are equal without these bits are put into order afterwards.
     */
    static int[] sorted(int count, IntFunction<RowHash> hashes) {
        long mask = Integer.toUnsignedLong(-1) >>> Integer.numberOfLeadingZeros(count);
        long[] keys = new long[count];
        for (int row = 0; row < count; row++) {
            keys[row] = ((hashes.apply(row).high() & ~mask) | row) ^ Long.MIN_VALUE; // in the order of signed numbers
        }
        Arrays.sort(keys);
        int[] rows = new int[count];
        for (int i = 0; i < count; i++) {
            int row = (int) (keys[i] & mask);
            int place = i;
            if (i > 0 && (keys[i - 1] | mask) == (keys[i] | mask)) {
                RowHash hash = hashes.apply(row);
                while (place > 0 && hashes.apply(rows[place - 1]).compareTo(hash) > 0) {
                    rows[place] = rows[place - 1];
                    place--;
                }
            }
            rows[place] = row;
        }
        return rows;
    }

    /** The number of the shard, from 0. */
    public int index() {
        return index;
    }

    /** The number of examples. */
    public int size() {
        return size;
    }

    /** Throws unless the examples have the widths of the network, and its loss is defined for their targets. */
    public void requireFit(NetworkSpec spec) {
        examples.requireFit(spec);
    }

    void requireWidths(NetworkSpec spec) {
        examples.requireWidths(spec);
    }

    Examples examples() {
        return examples;
    }

    /** The row of {@link #examples} at a position in the order of hashes. */
    int row(int position) {
        return rows.length == 0 ? position : rows[first + position];
    }
}
