package io.backprop.engine;

/**
 * A pseudorandom permutation of the numbers from 0 to {@code size} − 1, of which every element is computed by itself: a
 * Feistel network over pairs of numbers. Numbers from {@code size} on are permuted again until one below it results. Black
 * and Rogaway, "Ciphers with arbitrary finite domains", CT-RSA 2002.
 */
final class Permutation {

    private static final int FEW = 64; // elements, which need more rounds until all orders are about equally frequent
    private static final int ROUNDS_OF_FEW = 24;
    private static final int ROUNDS = 6;

    private final long seed;
    private final int size;
    private final int lefts; // a number is left · rights + right, and lefts · rights is at least the size
    private final int rights;
    private final int rounds;

    /** @param size at least 1 */
    Permutation(long seed, int size) {
        this.seed = seed;
        this.size = size;
        this.lefts = (int) Math.ceil(Math.sqrt(size));
        this.rights = (int) (((long) size + lefts - 1) / lefts);
        this.rounds = size < FEW ? ROUNDS_OF_FEW : ROUNDS;
    }

    /** The element at a position, which must be at least 0 and less than the size. */
    int at(int position) {
        long element = position;
        do {
            element = next(element);
        } while (element >= size);
        return (int) element;
    }

    private long next(long element) {
        int left = (int) (element / rights);
        int right = (int) (element % rights);
        for (int round = 0; round < rounds; round += 2) {
            left = add(left, round, right, lefts);
            right = add(right, round + 1, left, rights);
        }
        return (long) left * rights + right;
    }

    /** Adds a random number that depends on the other half, modulo {@code bound}. */
    private int add(int half, int round, int other, int bound) {
        long random = SplitMix64.longAt(seed, ((long) round << Integer.SIZE) | other) >>> Integer.SIZE;
        int sum = half + (int) ((random * bound) >>> Integer.SIZE);
        return sum < bound ? sum : sum - bound;
    }
}
