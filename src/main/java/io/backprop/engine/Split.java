package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;
import static io.backprop.engine.InvalidArgumentException.requireAtLeast;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** A division of rows into training and validation rows, each in ascending order. */
public final class Split {

    private static final long BRANCH = 0x73706c6974L; // of the seed
    private static final long FOLDS = 0x666f6c6473L; // of the seed

    private final int[] training;
    private final int[] validation;

    private Split(int[] training, int[] validation) {
        this.training = training;
        this.validation = validation;
    }

    /**
     * Draws a share of the rows at random for validation.
     *
     * @param validationShare in (0, 1); must select at least one row
     */
    public static Split random(int rows, float validationShare, long seed) {
        requireAtLeast(0, rows, "rows");
        return stratified(new int[rows], validationShare, seed);
    }

    /**
     * Like {@link #random}, but draws the share from each class. At least one row of each class remains for training.
     *
     * @param classes class of each row. Not modified.
     */
    public static Split stratified(int[] classes, float validationShare, long seed) {
        requireArgument(
                validationShare > 0 && validationShare < 1,
                "validationShare must be greater than 0 and less than 1, but was %s",
                validationShare);
        SplitMix64 random = new SplitMix64(SplitMix64.derive(seed, BRANCH));
        boolean[] kept = new boolean[classes.length];
        List<int[]> membersByClass = membersByClass(classes);
        for (int[] members : membersByClass) {
            random.shuffle(members);
            int count = (int) Math.round((double) members.length * validationShare);
            Arrays.stream(members, 0, Math.min(count, members.length - 1)).forEach(row -> kept[row] = true);
        }
        int[] validation = rows(kept.length, row -> kept[row]);
        requireArgument(
                validation.length >= 1,
                "validationShare %s of %d rows leaves no row for validation%s",
                validationShare,
                classes.length,
                membersByClass.size() > 1 ? ", as it applies to each class separately" : "");
        return new Split(rows(kept.length, row -> !kept[row]), validation);
    }

    /**
     * Creates the splits of a stratified cross-validation: each row is a validation row in exactly one of them.
     *
     * @param classes class of each row; all equal for no stratification. Not modified.
     * @param folds from 2 to the number of rows
     */
    public static List<Split> folds(int[] classes, int folds, long seed) {
        requireArgument(
                folds >= 2 && folds <= classes.length,
                "folds must be at least 2 and at most the number of rows, %d, but was %d",
                classes.length,
                folds);
        SplitMix64 random = new SplitMix64(SplitMix64.derive(seed, FOLDS));
        int[] foldOf = new int[classes.length];
        int next = 0;
        for (int[] members : membersByClass(classes)) {
            random.shuffle(members);
            for (int row : members) {
                foldOf[row] = next++ % folds;
            }
        }
        return IntStream.range(0, folds)
                .mapToObj(fold -> new Split(
                        rows(foldOf.length, row -> foldOf[row] != fold),
                        rows(foldOf.length, row -> foldOf[row] == fold)))
                .toList();
    }

    private static int[] rows(int count, IntPredicate chosen) {
        return IntStream.range(0, count).filter(chosen).toArray();
    }

    /** The rows of each class, classes and rows in ascending order. */
    private static List<int[]> membersByClass(int[] classes) {
        Map<Integer, IntStream.Builder> members = new TreeMap<>();
        for (int row = 0; row < classes.length; row++) {
            members.computeIfAbsent(classes[row], name -> IntStream.builder()).add(row);
        }
        return members.values().stream().map(rows -> rows.build().toArray()).toList();
    }

    /** A copy of the training rows. */
    public int[] training() {
        return training.clone();
    }

    /** A copy of the validation rows. */
    public int[] validation() {
        return validation.clone();
    }
}
