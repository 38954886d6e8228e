package io.backprop.engine;

/**
 * The rows of each shard that a step of a sharded training takes. An epoch of n rows has {@code K = ⌈n / batchSize⌉} steps,
 * and step k takes rows {@code ⌊k·nₛ/K + φₛ⌋} to before {@code ⌊(k + 1)·nₛ/K + φₛ⌋} of the nₛ rows of shard s, in a new random
 * order in each epoch. For S shards, the phases φₛ are 0, 1/S, …, (S − 1)/S, with the bits of s in reverse order, so that
 * neither steps nor ranges of shards differ much in their number of rows, even if a step takes less than one row of a shard.
 *
 * @param steps number of steps of an epoch
 * @param inEpoch number of the step, from 0
 */
record ShardStep(TrainingPlan plan, int steps, int epoch, int inEpoch) {

    private static final long SHUFFLE = 0x73686472736866L; // branch of the seed

    /**
     * The number of steps of an epoch.
     *
     * @param rows of all shards
     */
    static int steps(TrainingPlan plan, long rows) {
        long steps = (rows + plan.batchSize() - 1) / plan.batchSize();
        InvalidArgumentException.requireArgument(
                steps <= Integer.MAX_VALUE,
                "batchSize must be at least %d for %d rows, but was %d",
                rows / Integer.MAX_VALUE + 1,
                rows,
                plan.batchSize());
        return (int) steps;
    }

    /** The maximum number of rows that a step takes of a shard. */
    static int mostRows(int size, int steps) {
        return (int) (((long) size + steps - 1) / steps);
    }

    /** The first position that this step takes of a shard. */
    int begin(Shard shard) {
        return begin(shard, inEpoch);
    }

    /** The position after the last one that this step takes of a shard. */
    int end(Shard shard) {
        return begin(shard, inEpoch + 1);
    }

    private int begin(Shard shard, long step) {
        long rows = step * shard.size();
        int shift = Integer.numberOfTrailingZeros(plan.shards());
        int phase = Integer.reverse(shard.index()) >>> (Integer.SIZE - shift);
        boolean oneMore = ((rows % steps) << shift) + (long) phase * steps >= (long) steps << shift;
        return (int) (rows / steps) + (oneMore ? 1 : 0);
    }

    /** The order in which this epoch takes the rows of a shard. */
    Permutation order(Shard shard) {
        long ofEpoch = SplitMix64.derive(SplitMix64.derive(plan.seed(), SHUFFLE), epoch);
        return new Permutation(SplitMix64.derive(ofEpoch, shard.index()), shard.size());
    }
}
