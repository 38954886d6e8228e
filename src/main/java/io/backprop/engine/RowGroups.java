package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Assigns groups of rows to parts, so that each part gets about its share of the rows of each class. */
final class RowGroups {
    /*
     * Greedy, as in scikit-learn's StratifiedGroupKFold. Let k(g, c) be the number of rows of class c in group g, n(c) that
     * of all rows of the class, and m(p, c) that of those already assigned to part p, which has the share s(p). The error
     *
     *   E = Σ_p Σ_c m(p, c)² / (n(c)² · s(p))
     *
     * is least where m(p, c) = s(p) · n(c). Each group goes to the part where E grows least; of equal ones, to the part
     * with the fewest rows for its share, then to the first. Groups of large weight w(g) = Σ_c (k(g, c) / n(c))² come
     * first, because later ones can still balance them; groups whose weights have the same binary exponent come in random
     * order. Only the classes of a group are looked at, which takes O(rows × parts) for any number of classes.
     */

    private final int[] groupOf; // by row
    private final int[] starts; // by group, in classes
    private final int[] classes; // of the rows, by group, then ascending
    private final double[] rowsOfClass;
    private final int[] order; // of the groups that have rows

    /**
     * @param classOf class of each row, from 0. Not modified.
     * @param groupOf group of each row, from 0. Not modified.
     */
    RowGroups(int[] classOf, int[] groupOf, SplitMix64 random) {
        requireArgument(
                classOf.length == groupOf.length,
                "classes and groups must be equally many, but are %d and %d",
                classOf.length,
                groupOf.length);
        requireNumbers("classes", classOf);
        requireNumbers("groups", groupOf);
        this.groupOf = groupOf;
        this.rowsOfClass = new double[1 + Arrays.stream(classOf).max().orElse(-1)];
        Arrays.stream(classOf).forEach(number -> rowsOfClass[number]++);
        this.starts = new int[2 + Arrays.stream(groupOf).max().orElse(-1)];
        this.classes = byGroup(classOf);
        this.order = order(random);
    }

    private static void requireNumbers(String name, int[] numbers) {
        for (int row = 0; row < numbers.length; row++) {
            requireArgument(
                    numbers[row] >= 0, "%s must be at least 0, but that of row %d is %d", name, row, numbers[row]);
        }
    }

    /** Sorts classes by group, by counting, and sets the starts. */
    private int[] byGroup(int[] classOf) {
        for (int group : groupOf) {
            starts[group + 1]++;
        }
        for (int group = 0; group < starts.length - 1; group++) {
            starts[group + 1] += starts[group];
        }
        int[] ends = starts.clone();
        int[] sorted = new int[classOf.length];
        for (int row = 0; row < sorted.length; row++) {
            sorted[ends[groupOf[row]]++] = classOf[row];
        }
        for (int group = 0; group < starts.length - 1; group++) {
            Arrays.sort(sorted, starts[group], starts[group + 1]);
        }
        return sorted;
    }

    private int[] order(SplitMix64 random) {
        int[] shuffled = IntStream.range(0, starts.length - 1)
                .filter(group -> starts[group + 1] > starts[group])
                .toArray();
        random.shuffle(shuffled);
        double[] none = new double[rowsOfClass.length];
        long[] keys = new long[shuffled.length];
        Arrays.setAll(keys, i -> (long) -Math.getExponent(growth(shuffled[i], none)) << Integer.SIZE | i);
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> shuffled[(int) key]).toArray();
    }

    /** Number of groups that have rows. */
    int count() {
        return order.length;
    }

    /**
     * Divides the groups into equal parts, none of which is empty.
     *
     * @param parts at most the number of groups
     * @return the part of each row
     */
    int[] divide(int parts) {
        double[] shares = new double[parts];
        Arrays.fill(shares, 1.0 / parts);
        return rowsOf(assign(shares, false)); // an empty part comes first, as there E grows least
    }

    /**
     * Chooses groups with about a share of the rows, at least one group. At least one row of each class is not chosen.
     *
     * @return 1 for a chosen row, else 0; all 0 if there is no such choice
     */
    int[] choose(double share) {
        int[] partOf = assign(new double[] {1 - share, share}, true);
        if (Arrays.stream(partOf).sum() == 0) {
            double[] none = new double[rowsOfClass.length];
            Arrays.stream(order)
                    .filter(group -> leavesEachClass(group, none))
                    .reduce((first, second) -> second)
                    .ifPresent(lightest -> partOf[lightest] = 1);
        }
        return rowsOf(partOf);
    }

    /**
     * Assigns each group to a part.
     *
     * @param shares of the parts
     * @param firstHasEachClass whether the other parts, together, must not get all rows of a class
     */
    private int[] assign(double[] shares, boolean firstHasEachClass) {
        int[] partOf = new int[starts.length - 1];
        double[][] assigned = new double[shares.length][rowsOfClass.length]; // m
        double[] rows = new double[shares.length];
        for (int group : order) {
            boolean free = !firstHasEachClass || leavesEachClass(group, assigned[1]);
            int part = free ? bestPart(group, shares, assigned, rows) : 0;
            partOf[group] = part;
            for (int row = starts[group]; row < starts[group + 1]; row++) {
                rows[part]++;
                assigned[part][classes[row]]++;
            }
        }
        return partOf;
    }

    private int bestPart(int group, double[] shares, double[][] assigned, double[] rows) {
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int part = 0; part < shares.length; part++) {
            double growth = growth(group, assigned[part]) / shares[part];
            if (growth < least || (growth == least && rows[part] / shares[part] < rows[best] / shares[best])) {
                least = growth;
                best = part;
            }
        }
        return best;
    }

    /** The growth of E, times the part's share, if a group is assigned to a part: Σ_c k(2m + k) / n². */
    private double growth(int group, double[] assigned) {
        double growth = 0;
        for (int start = starts[group], end; start < starts[group + 1]; start = end) {
            end = endOfClass(group, start);
            int number = classes[start];
            double rows = end - start;
            growth += rows * (2 * assigned[number] + rows) / (rowsOfClass[number] * rowsOfClass[number]);
        }
        return growth;
    }

    /** Whether each class of a group has another row than those of the group and those already assigned. */
    private boolean leavesEachClass(int group, double[] assigned) {
        for (int start = starts[group], end; start < starts[group + 1]; start = end) {
            end = endOfClass(group, start);
            int number = classes[start];
            if (assigned[number] + (end - start) == rowsOfClass[number]) {
                return false;
            }
        }
        return true;
    }

    /** The end of the rows of the class at {@code start} in a group. */
    private int endOfClass(int group, int start) {
        int end = start + 1;
        while (end < starts[group + 1] && classes[end] == classes[start]) {
            end++;
        }
        return end;
    }

    private int[] rowsOf(int[] partOf) {
        return Arrays.stream(groupOf).map(group -> partOf[group]).toArray();
    }
}
