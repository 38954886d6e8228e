package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;
import static io.backprop.engine.InvalidArgumentException.requireAtLeast;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** A division of rows into training and validation rows, each in ascending order. */
public final class Split {

    private static final long BRANCH = 0x73706c6974L; // of the seed

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
     * Like {@link #random}, but draws the share from each class: {@code round(share · rows)} rows in all, distributed to the
     * classes by largest remainders, of equal ones to random classes. At least one row of each class remains for training.
     *
     * @param classes class of each row. Not modified.
     */
    public static Split stratified(int[] classes, float validationShare, long seed) {
        requireValid(validationShare);
        SplitMix64 random = new SplitMix64(SplitMix64.derive(seed, BRANCH));
        List<int[]> membersByClass = membersByClass(classes);
        membersByClass.forEach(random::shuffle);
        int[] counts = counts(membersByClass, validationShare, random);
        boolean[] kept = new boolean[classes.length];
        for (int i = 0; i < counts.length; i++) {
            Arrays.stream(membersByClass.get(i), 0, counts[i]).forEach(row -> kept[row] = true);
        }
        Split split = of(kept.length, row -> kept[row]);
        requireArgument(
                split.validation.length >= 1,
                "validationShare %s of %d rows leaves no row for validation%s",
                validationShare,
                classes.length,
                Math.round((double) classes.length * validationShare) > 0
                        ? ", because one of each class is kept for training"
                        : "");
        return split;
    }

    /** The number of validation rows of each class. */
    private static int[] counts(List<int[]> membersByClass, float share, SplitMix64 random) {
        int[] counts = new int[membersByClass.size()];
        double[] remainders = new double[counts.length];
        long rows = 0;
        for (int i = 0; i < counts.length; i++) {
            int members = membersByClass.get(i).length;
            double quota = (double) members * share;
            counts[i] = (int) quota;
            remainders[i] = quota - counts[i];
            rows += members;
        }
        int[] classes = IntStream.range(0, counts.length).toArray();
        random.shuffle(classes);
        long missing = Math.round((double) rows * share) - Arrays.stream(counts).sum();
        Arrays.stream(classes)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -remainders[i]))
                .filter(i -> counts[i] < membersByClass.get(i).length - 1)
                .limit(Math.max(0, missing))
                .forEach(i -> counts[i]++);
        return counts;
    }

    /**
     * Draws about a share of the rows at random for validation, so that all rows of a group are on the same side and each
     * side has about its share of each class. At least one row of each class remains for training.
     *
     * @param classes class of each row, from 0; all equal for no stratification. Not modified.
     * @param groups group of each row, from 0. Not modified.
     */
    public static Split grouped(int[] classes, int[] groups, float validationShare, long seed) {
        requireValid(validationShare);
        RowGroups rows = new RowGroups(classes, groups, new SplitMix64(SplitMix64.derive(seed, BRANCH)));
        int[] chosen = rows.choose(validationShare);
        Split split = of(chosen.length, row -> chosen[row] == 1);
        requireArgument(
                split.validation.length >= 1,
                "groups must leave a group for validation and one row of each class for training, but the %d groups do"
                        + " not",
                rows.count());
        return split;
    }

    private static void requireValid(float validationShare) {
        requireArgument(
                validationShare > 0 && validationShare < 1,
                "validationShare must be greater than 0 and less than 1, but was %s",
                validationShare);
    }

    /**
     * Divides rows by a rule.
     *
     * @param validation whether a row is for validation
     */
    public static Split of(int rows, IntPredicate validation) {
        return new Split(
                IntStream.range(0, rows).filter(validation.negate()).toArray(),
                IntStream.range(0, rows).filter(validation).toArray());
    }

    /** Wraps rows without copying them. */
    static Split of(int[] training, int[] validation) {
        return new Split(training, validation);
    }

    /** The rows of each class, classes and rows in ascending order. */
    static List<int[]> membersByClass(int[] classes) {
        Map<Integer, IntStream.Builder> members = new TreeMap<>();
        for (int row = 0; row < classes.length; row++) {
            members.computeIfAbsent(classes[row], key -> IntStream.builder()).add(row);
        }
        return members.values().stream().map(rows -> rows.build().toArray()).toList();
    }

    /** The number of rows that are divided. */
    public int rows() {
        return training.length + validation.length;
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
