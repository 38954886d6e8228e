package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.util.Arrays;

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

    /** Divides examples into the shards of a plan, some of which may be empty. */
    static Shard[] divide(Examples examples, TrainingPlan plan) {
        long[] hashes = new long[examples.size()];
        int[] rows = sorted(examples, plan.seed(), hashes);
        Shard[] shards = new Shard[plan.shards()];
        int end = 0;
        for (int index = 0; index < shards.length; index++) {
            int first = end;
            while (end < rows.length && new RowHash(hashes[rows[end]], 0).shard(shards.length) == index) {
                end++;
            }
            shards[index] = new Shard(index, examples, rows, first, end - first);
        }
        return shards;
    }

    /** The examples in rising order of their hashes, which does not depend on the order that they were in. */
    public static Examples sort(Examples examples, long seed) {
        return examples.select(sorted(examples, seed, new long[examples.size()]));
    }

    /**
     * The rows of examples in rising order of their hashes. Sorts by the first half of the hash, whose last bits are
     * replaced by the row; the few rows that are equal without these bits are put into order afterwards.
     *
     * @param hashes the first half of the hash of each row. Modified.
     */
    private static int[] sorted(Examples examples, long seed, long[] hashes) {
        long mask = Integer.toUnsignedLong(-1) >>> Integer.numberOfLeadingZeros(hashes.length);
        long[] keys = new long[hashes.length];
        for (int row = 0; row < hashes.length; row++) {
            hashes[row] = RowHash.ofExample(seed, examples, row).high();
            keys[row] = ((hashes[row] & ~mask) | row) ^ Long.MIN_VALUE; // in the order of signed numbers
        }
        Arrays.sort(keys);
        int[] rows = new int[hashes.length];
        for (int i = 0; i < rows.length; i++) {
            int row = (int) (keys[i] & mask);
            int place = i;
            if (i > 0 && (keys[i - 1] | mask) == (keys[i] | mask)) {
                RowHash hash = RowHash.ofExample(seed, examples, row);
                while (place > 0
                        && RowHash.ofExample(seed, examples, rows[place - 1]).compareTo(hash) > 0) {
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
