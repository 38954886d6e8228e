package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SplitTests {

    @Test
    void shareAppliesToEachClass() {
        int[] classes = IntStream.range(0, 1_000).map(row -> row < 900 ? 5 : 2).toArray();
        Split split = Split.stratified(classes, 0.1f, 7);

        assertThat(Arrays.stream(split.validation()).filter(row -> row < 900)).hasSize(90);
        assertThat(Arrays.stream(split.validation()).filter(row -> row >= 900)).hasSize(10);
        assertThat(split.training()).hasSize(900).isSorted().doesNotContain(split.validation());
    }

    @Test
    void distributesTheShareByLargestRemainders() {
        int[] pairs = IntStream.range(0, 40).map(row -> row / 2).toArray(); // 20 classes

        Split quarter = Split.stratified(pairs, 0.25f, 7);

        assertThat(quarter.validation()).hasSize(10);
        assertThat(Arrays.stream(quarter.validation()).map(row -> pairs[row])).doesNotHaveDuplicates();
        assertThat(Split.stratified(pairs, 0.25f, 8).validation()).isNotEqualTo(quarter.validation());
        assertThat(validationByClass(Split.stratified(classes(7, 6, 2), 0.3f, 7), classes(7, 6, 2)))
                .containsExactly(2, 2, 1); // of 2.1, 1.8 and 0.6
    }

    private static int[] classes(int... sizes) {
        return IntStream.range(0, sizes.length)
                .flatMap(name -> IntStream.generate(() -> name).limit(sizes[name]))
                .toArray();
    }

    private static int[] validationByClass(Split split, int[] classes) {
        int[] counts = new int[1 + Arrays.stream(classes).max().orElseThrow()];
        Arrays.stream(split.validation()).forEach(row -> counts[classes[row]]++);
        return counts;
    }

    @Test
    void leavesARowOfEachClassForTraining() {
        int[] classes = classes(1, 1, 10, 2);

        for (float share : new float[] {0.1f, 0.5f, 0.9f, 0.99999994f}) {
            Split split = Split.stratified(classes, share, 7);
            assertThat(Arrays.stream(split.training()).map(row -> classes[row]).distinct())
                    .hasSize(4);
        }
        assertThatThrownBy(() -> Split.stratified(classes(1, 1, 1), 0.5f, 7))
                .hasMessage(
                        "validationShare 0.5 of 3 rows leaves no row for validation, because one of each class is kept"
                                + " for training");
        assertThatThrownBy(() -> Split.stratified(classes(2, 1), 0.1f, 7))
                .hasMessage("validationShare 0.1 of 3 rows leaves no row for validation");
    }

    @Test
    void groupsAreNeverOnBothSides() {
        Random random = new Random(5);
        for (long seed = 0; seed < 300; seed++) {
            int rows = 2 + random.nextInt(200);
            int[] groups = random.ints(rows, 0, 1 + random.nextInt(rows)).toArray();
            groups[0] = rows; // at least two groups
            groups[1] = 2 * rows;
            int[] classes = random.ints(rows, 0, 1 + random.nextInt(4)).toArray();
            classes[0] = classes[1];
            float share = 0.01f + 0.98f * random.nextFloat();

            Split split = grouped(classes, groups, share, seed);
            if (split != null) {
                assertThat(Arrays.stream(split.validation())
                                .map(row -> groups[row])
                                .distinct())
                        .isNotEmpty()
                        .doesNotContainAnyElementsOf(Arrays.stream(split.training())
                                .map(row -> groups[row])
                                .distinct()
                                .boxed()
                                .toList());
                assertThat(Arrays.stream(split.training())
                                .map(row -> classes[row])
                                .distinct())
                        .as("classes for training")
                        .hasSameSizeAs(Arrays.stream(classes).distinct().toArray());
                assertThat(split.training().length + split.validation().length).isEqualTo(rows);
                assertThat(Split.grouped(classes, groups, share, seed).validation())
                        .isEqualTo(split.validation());
            }
        }
    }

    /** Null if every group has the only rows of a class. */
    private static @Nullable Split grouped(int[] classes, int[] groups, float share, long seed) {
        try {
            return Split.grouped(classes, groups, share, seed);
        } catch (InvalidArgumentException e) {
            assertThat(e).hasMessageStartingWith("groups must leave a group for validation");
            for (int group : groups) {
                assertThat(Arrays.stream(classes).distinct())
                        .anyMatch(name -> IntStream.range(0, groups.length)
                                .filter(row -> classes[row] == name)
                                .allMatch(row -> groups[row] == group));
            }
            return null;
        }
    }

    @Test
    void groupedSplitIsCloseToTheShareOfEachClass() {
        Random random = new Random(6);
        int[] groups = random.ints(2_000, 0, 100).toArray();
        int[] classes = Arrays.stream(groups)
                .map(group -> random.nextInt(10) == 0 ? 1 : group % 4 == 0 ? 2 : 0)
                .toArray();
        int[] sizes = new int[3];
        Arrays.stream(classes).forEach(name -> sizes[name]++);

        for (long seed = 0; seed < 20; seed++) {
            int[] counts = validationByClass(Split.grouped(classes, groups, 0.2f, seed), classes);
            for (int name = 0; name < 3; name++) {
                assertThat(counts[name] / (double) sizes[name])
                        .as("class %d with seed %d", name, seed)
                        .isBetween(0.17, 0.23);
            }
        }
    }

    @Test
    void groupedSplitDependsOnTheSeed() {
        int[] groups = IntStream.range(0, 300).map(row -> row / 3).toArray();
        int[] first = Split.grouped(new int[300], groups, 0.2f, 3).validation();

        assertThat(first).hasSize(60);
        assertThat(Split.grouped(new int[300], groups, 0.2f, 4).validation()).isNotEqualTo(first);
    }

    @Test
    void groupedSplitHasAnEmptySideNever() {
        int[] halves = IntStream.range(0, 10).map(row -> row / 5).toArray();

        assertThat(Split.grouped(new int[10], halves, 0.01f, 3).validation()).hasSize(5);
        assertThat(Split.grouped(new int[10], halves, 0.99f, 3).training()).hasSize(5);
        assertThatThrownBy(() -> Split.grouped(new int[10], new int[10], 0.5f, 3))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("groups must leave a group for validation and one row of each class for training, but the 1"
                        + " groups do not");
        assertThatThrownBy(() -> Split.grouped(new int[10], new int[9], 0.5f, 3))
                .hasMessage("classes and groups must be equally many, but are 10 and 9");
    }

    @Test
    void largeGroupsDoNotExceedTheShare() {
        int[] groups = IntStream.range(0, 1_000).map(row -> row < 600 ? 0 : row).toArray();

        assertThat(Split.grouped(new int[1_000], groups, 0.2f, 3).validation())
                .hasSize(200)
                .doesNotContain(0);
    }

    @Test
    void rejectsNegativeNumberOfRows() {
        assertThatThrownBy(() -> Split.random(-1, 0.5f, 7))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("rows must be at least 0, but was -1");
    }

    @Test
    void isImmutable() {
        Split split = Split.random(10, 0.5f, 7);
        split.training()[0] = 99;
        split.validation()[0] = 99;

        assertThat(split.training()).doesNotContain(99);
        assertThat(split.validation()).doesNotContain(99);
    }

    @Test
    void rejectsNegativeClassesAndGroups() {
        assertThatThrownBy(() -> Split.grouped(new int[] {0, -1}, new int[2], 0.5f, 3))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("classes must be at least 0, but that of row 1 is -1");
        assertThatThrownBy(() -> Split.grouped(new int[2], new int[] {-2, 0}, 0.5f, 3))
                .hasMessage("groups must be at least 0, but that of row 0 is -2");
    }
}
