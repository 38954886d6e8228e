package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A division of rows into the folds of a cross-validation: each row is a validation row in exactly one of them. Of the other
 * rows of a fold, some may be set apart to be monitored, for example by early stopping, which must not look at the rows
 * that are measured.
 */
public final class Folds {

    private static final long BRANCH = 0x666f6c6473L; // of the seed

    private final int count;
    private final int[] foldOf; // by row
    private final List<BitSet> monitored; // rows by fold; empty if none are set apart

    private Folds(int count, int[] foldOf, List<BitSet> monitored) {
        this.count = count;
        this.foldOf = foldOf;
        this.monitored = monitored;
    }

    /**
     * Restores folds.
     *
     * @param foldOf the fold of each row, from 0. Not modified.
     */
    public static Folds of(int count, int[] foldOf) {
        requireCount(count, foldOf.length, "rows");
        for (int row = 0; row < foldOf.length; row++) {
            requireArgument(
                    foldOf[row] >= 0 && foldOf[row] < count,
                    "foldOf[%d] must be at least 0 and less than %d, but was %d",
                    row,
                    count,
                    foldOf[row]);
        }
        return new Folds(count, foldOf.clone(), List.of());
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
        return new Folds(count, foldOf, List.of());
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
        return new Folds(count, rows.divide(count), List.of());
    }

    /** Sets rows of each fold apart to be monitored: for each fold some that are not of it. Not modified. */
    public Folds withMonitored(List<BitSet> rows) {
        requireArgument(
                rows.isEmpty() || rows.size() == count,
                "monitored must be for %d folds, but is for %d",
                count,
                rows.size());
        for (int fold = 0; fold < rows.size(); fold++) {
            BitSet monitoredRows = rows.get(fold);
            int number = fold;
            requireArgument(
                    monitoredRows.stream().allMatch(row -> row < foldOf.length && foldOf[row] != number),
                    "monitored rows of fold %d must be rows of other folds",
                    fold);
        }
        return new Folds(
                count, foldOf, rows.stream().map(set -> (BitSet) set.clone()).toList());
    }

    /**
     * Sets a share of the training rows of each fold apart to be monitored, drawn like the validation rows of {@link
     * Split#stratified} or {@link Split#grouped}.
     *
     * @param classes class of each row; all equal for no stratification. Not modified.
     * @param groups group of each row; null for none. Not modified.
     */
    public Folds monitoring(float share, int[] classes, int @Nullable [] groups, long seed) {
        List<BitSet> rows = new ArrayList<>();
        for (int fold = 0; fold < count; fold++) {
            int[] training = split(fold).training();
            int[] trainingClasses =
                    Arrays.stream(training).map(row -> classes[row]).toArray();
            long foldSeed = SplitMix64.derive(seed, fold);
            Split split = groups == null
                    ? Split.stratified(trainingClasses, share, foldSeed)
                    : Split.grouped(
                            trainingClasses,
                            Arrays.stream(training).map(row -> groups[row]).toArray(),
                            share,
                            foldSeed);
            BitSet chosen = new BitSet();
            Arrays.stream(split.validation()).forEach(row -> chosen.set(training[row]));
            rows.add(chosen);
        }
        return withMonitored(rows);
    }

    private static void requireCount(int count, int most, String what) {
        requireArgument(
                count >= 2 && count <= most,
                "folds must be at least 2 and at most the number of %s, %d, but was %d",
                what,
                most,
                count);
    }

    /** The number of folds. */
    public int count() {
        return count;
    }

    /** The number of rows that are divided. */
    public int rows() {
        return foldOf.length;
    }

    /** The fold in which a row is a validation row. */
    public int foldOf(int row) {
        return foldOf[row];
    }

    /** The rows of a fold for validation, all others for training but those that are set apart. */
    public Split split(int fold) {
        BitSet apart = monitored(fold);
        return Split.of(
                IntStream.range(0, foldOf.length)
                        .filter(row -> foldOf[row] != fold && !apart.get(row))
                        .toArray(),
                IntStream.range(0, foldOf.length)
                        .filter(row -> foldOf[row] == fold)
                        .toArray());
    }

    /** The rows that are set apart to be monitored in the training of a fold; empty for none. */
    public BitSet monitored(int fold) {
        return monitored.isEmpty() ? new BitSet() : (BitSet) monitored.get(fold).clone();
    }
}
