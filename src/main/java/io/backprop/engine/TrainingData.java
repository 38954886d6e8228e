package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a training learns from, and optionally what it is checked against after each epoch.
 *
 * @param validation examples that no step is taken on
 */
public record TrainingData(Examples training, @Nullable Examples validation) {

    private static final long SPLIT = 0x73706c6974L; // branch of the seed

    public static TrainingData of(Examples training) {
        return new TrainingData(training, null);
    }

    /** A share of the examples, drawn at random, kept for validation; the others stay in the order given. */
    public static TrainingData split(Examples examples, float validationShare, long seed) {
        return split(examples, validationShare, seed, new int[examples.size()]);
    }

    /** As {@link #split}, with each class of targets in proportion. */
    public static TrainingData splitStratified(Examples examples, float validationShare, long seed) {
        Matrix targets = examples.targets();
        int[] classes = IntStream.range(0, targets.rows())
                .map(row -> ClassificationMetrics.classOf(targets, row))
                .toArray();
        return split(examples, validationShare, seed, classes);
    }

    private static TrainingData split(Examples examples, float validationShare, long seed, int[] classes) {
        requireArgument(
                validationShare > 0 && validationShare < 1,
                "validationSplit must be at least 0 and less than 1, but was %s",
                validationShare);
        SplitMix64 random = new SplitMix64(SplitMix64.derive(seed, SPLIT));
        boolean[] kept = new boolean[classes.length];
        List<int[]> membersByClass = membersByClass(classes);
        for (int[] members : membersByClass) {
            random.shuffle(members);
            int count = (int) Math.round((double) members.length * validationShare);
            Arrays.stream(members, 0, Math.min(count, members.length - 1)).forEach(row -> kept[row] = true);
        }
        int[] validation =
                IntStream.range(0, kept.length).filter(row -> kept[row]).toArray();
        int[] training =
                IntStream.range(0, kept.length).filter(row -> !kept[row]).toArray();
        requireArgument(
                validation.length >= 1,
                "validationSplit %s of %d rows leaves no row for validation%s",
                validationShare,
                classes.length,
                membersByClass.size() > 1 ? ", as each class gives its own share" : "");
        return new TrainingData(examples.select(training), examples.select(validation));
    }

    /** The rows of each class, classes and rows rising. */
    private static List<int[]> membersByClass(int[] classes) {
        Map<Integer, IntStream.Builder> members = new TreeMap<>();
        for (int row = 0; row < classes.length; row++) {
            members.computeIfAbsent(classes[row], name -> IntStream.builder()).add(row);
        }
        return members.values().stream().map(rows -> rows.build().toArray()).toList();
    }
}
