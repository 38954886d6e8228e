package io.backprop.engine;

import java.util.Objects;

/**
 * A 128-bit hash of the content of a row: MurmurHash3_x64_128 (Appleby 2011) with a seed of 64 bits. It decides where a row
 * belongs, independent of the order and division of a table.
 *
 * @param high the first 64 bits, which decide first; as an unsigned number, uniform over different rows
 * @param low the other 64 bits
 */
public record RowHash(long high, long low) implements Comparable<RowHash> {

    private static final long PLACEMENT = 0x73686172647321L; // branch of the seed

    /**
     * Hashes a range of bytes.
     *
     * @param bytes Not modified.
     */
    public static RowHash ofBytes(long seed, byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        Murmur3 murmur = new Murmur3(seed);
        int end = offset + length;
        for (int first = offset; first < end; first += Integer.BYTES) {
            int word = 0;
            for (int i = Math.min(end, first + Integer.BYTES) - 1; i >= first; i--) {
                word = (word << Byte.SIZE) | (bytes[i] & 0xFF);
            }
            murmur.add(word);
        }
        return murmur.hash(length);
    }

    /**
     * The place of an example in a sharded training: it belongs to the shard {@link #shard}, within which the examples are in
     * rising order of their hashes. Examples of equal hashes are equal.
     *
     * @param seed of the {@link TrainingPlan}
     * @param inputs values that the network gets, without NaN; −0 has the hash of 0. Not modified.
     * @param targets values that the loss gets. Not modified.
     * @param weight factor of the loss, including the weight of a class; 1 if examples have no weights
     */
    public static RowHash ofExample(long seed, float[] inputs, float[] targets, float weight) {
        return ofExample(seed, inputs, 0, inputs.length, targets, 0, targets.length, weight);
    }

    static RowHash ofExample(long seed, Examples examples, int row) {
        Matrix inputs = examples.inputs();
        Matrix targets = examples.targets();
        int features = inputs.columns();
        int outputs = targets.columns();
        return ofExample(
                seed,
                inputs.values(),
                row * features,
                features,
                targets.values(),
                row * outputs,
                outputs,
                examples.weight(row));
    }

    private static RowHash ofExample(
            long seed,
            float[] inputs,
            int inputsOffset,
            int features,
            float[] targets,
            int targetsOffset,
            int outputs,
            float weight) {
        Murmur3 murmur = new Murmur3(SplitMix64.derive(seed, PLACEMENT));
        murmur.add(inputs, inputsOffset, features);
        murmur.add(targets, targetsOffset, outputs);
        murmur.add(bits(weight));
        return murmur.hash((features + outputs + 1L) * Float.BYTES);
    }

    private static int bits(float value) {
        return Float.floatToRawIntBits(value + 0f); // −0 + 0 is 0
    }

    /** The index of the shard to which a row belongs. */
    public int shard(int shards) {
        return (int) (((high >>> Integer.SIZE) * shards) >>> Integer.SIZE);
    }

    /** The hash as a number in [0, 1), a multiple of 2⁻⁵³: less than a share for that share of all different rows. */
    public double fraction() {
        return (high >>> 11) * 0x1p-53;
    }

    /** Compares hashes as unsigned numbers. */
    @Override
    public int compareTo(RowHash other) {
        int order = Long.compareUnsigned(high, other.high);
        return order == 0 ? Long.compareUnsigned(low, other.low) : order;
    }

    /** Collects words of 32 bits, the first byte in the lowest bits, to blocks of four. */
    private static final class Murmur3 {

        private static final int WORDS = 4; // of a block
        private static final long FACTOR_1 = 0x87C37B91114253D5L;
        private static final long FACTOR_2 = 0x4CF5AD432745937FL;

        private long hash1;
        private long hash2;
        private long block1;
        private long block2;
        private int words; // of the block

        Murmur3(long seed) {
            hash1 = seed;
            hash2 = seed;
        }

        void add(float[] values, int offset, int length) {
            for (int i = offset; i < offset + length; i++) {
                add(bits(values[i]));
            }
        }

        void add(int word) {
            if (words == WORDS) {
                mixBlock();
            }
            long bits = Integer.toUnsignedLong(word) << (words % 2 * Integer.SIZE);
            if (words < 2) {
                block1 |= bits;
            } else {
                block2 |= bits;
            }
            words++;
        }

        private void mixBlock() {
            mixFirst();
            hash1 = (Long.rotateLeft(hash1, 27) + hash2) * 5 + 0x52DCE729;
            mixSecond();
            hash2 = (Long.rotateLeft(hash2, 31) + hash1) * 5 + 0x38495AB5;
            block1 = 0;
            block2 = 0;
            words = 0;
        }

        private void mixFirst() {
            hash1 ^= Long.rotateLeft(block1 * FACTOR_1, 31) * FACTOR_2;
        }

        private void mixSecond() {
            hash2 ^= Long.rotateLeft(block2 * FACTOR_2, 33) * FACTOR_1;
        }

        /** @param bytes number of all bytes; an incomplete block is padded with 0 and mixed less */
        RowHash hash(long bytes) {
            if (words == WORDS && bytes % (WORDS * Integer.BYTES) == 0) {
                mixBlock();
            }
            mixFirst();
            mixSecond();
            hash1 ^= bytes;
            hash2 ^= bytes;
            hash1 += hash2;
            hash2 += hash1;
            hash1 = finish(hash1);
            hash2 = finish(hash2);
            hash1 += hash2;
            hash2 += hash1;
            return new RowHash(hash1, hash2);
        }

        private static long finish(long hash) {
            long mixed = (hash ^ (hash >>> 33)) * 0xFF51AFD7ED558CCDL;
            mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
            return mixed ^ (mixed >>> 33);
        }
    }
}
