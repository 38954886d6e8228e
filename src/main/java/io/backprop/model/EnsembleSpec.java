package io.backprop.model;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.SplitMix64;

/**
 * How many networks a model averages, and how they differ. Each has its own initial parameters, order of examples and
 * dropout.
 *
 * @param size number of networks, from 1 to {@value #MAX_SIZE}; default 1
 * @param by what else distinguishes them; default SEED
 */
public record EnsembleSpec(int size, By by) {

    /** What distinguishes the networks of an ensemble. */
    public enum By {
        /** Nothing but their seeds: all are trained on the same rows. */
        SEED,
        /** The rows are divided into as many folds. Each network is validated on its own and trained on all others. */
        FOLD
    }

    public static final int MAX_SIZE = 100;

    /** A single network. */
    public static final EnsembleSpec SINGLE = new EnsembleSpec(1, By.SEED);

    private static final long BRANCH = 0x656e73656d626c65L; // of the seed

    public EnsembleSpec {
        requireArgument(
                size >= 1 && size <= MAX_SIZE, "size must be at least 1 and at most %d, but was %d", MAX_SIZE, size);
        requireArgument(
                size > 1 || by != By.FOLD,
                "size must be at least 2 by fold, since each network leaves a fold out, but was 1");
    }

    /** The number of folds that the rows are divided into; 0 if all networks are trained on the same rows. */
    public int folds() {
        return by == By.FOLD ? size : 0;
    }

    /** The seed of one network, from 0; that of the first is the given one. */
    public static long seed(long seed, int network) {
        return network == 0 ? seed : SplitMix64.derive(SplitMix64.derive(seed, BRANCH), network);
    }
}
