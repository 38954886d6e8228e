package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.util.Arrays;

/** A division of rows into the folds of a cross-validation: each row is a validation row in exactly one of them. */
public final class Folds {

    private static final long BRANCH = 0x666f6c6473L; // of the seed

    private final int count;
    private final int[] foldOf; // by row

    private Folds(int count, int[] foldOf) {
        this.count = count;
        this.foldOf = foldOf;
    }

    /**
     * Restores folds.
     *
     * @param foldOf the fold of each row, from 0. Not modified.
     */
    public static Folds of(int count, int[] foldOf) {
        requireCount(count, foldOf.length, "rows");
        requireArgument(
                Arrays.stream(foldOf).allMatch(fold -> fold >= 0 && fold < count),
                "folds of rows must be from 0 to %d",
                count - 1);
        return new Folds(count, foldOf.clone());
    }

    /**
     * Draws folds of equal size, each class in proportion.
     *
     * @param classes class of each row; all equal for no stratification. Not modified.
     * @param count from 2 to the number of rows
     */
    public static Folds stratified(int[] classes, int count, long seed) {
        requireCount(count, classes.length, "rows");
        SplitMix64 random = new SplitMix64(SplitMix64.derive(seed, BRANCH));
        int[] foldOf = new int[classes.length];
        int next = 0;
        for (int[] members : Split.membersByClass(classes)) {
            random.shuffle(members);
            for (int row : members) {
                foldOf[row] = next++ % count;
            }
        }
        return new Folds(count, foldOf);
    }

    /**
     * Like {@link #stratified}, but all rows of a group are in the same fold, so that folds have only about the same size.
     *
     * @param classes class of each row, from 0; all equal for no stratification. Not modified.
     * @param groups group of each row, from 0. Not modified.
     * @param count from 2 to the number of groups
     */
    public static Folds grouped(int[] classes, int[] groups, int count, long seed) {
        RowGroups rows = new RowGroups(classes, groups, new SplitMix64(SplitMix64.derive(seed, BRANCH)));
        requireCount(count, rows.count(), "groups");
        return new Folds(count, rows.divide(count));
    }

    private static void requireCount(int count, int most, String what) {
        requireArgument(
                count >= 2 && count <= most,
                "folds must be at least 2 and at most the number of %s, %d, but was %d",
                what,
                most,
                count);
    }

    public int count() {
        return count;
    }

    public int rows() {
        return foldOf.length;
    }

    /** The fold in which a row is a validation row. */
    public int foldOf(int row) {
        return foldOf[row];
    }

    /** The rows of a fold for validation, all others for training. */
    public Split split(int fold) {
        return Split.of(foldOf.length, row -> foldOf[row] == fold);
    }
}
