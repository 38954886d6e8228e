package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FoldsTests {

    @ParameterizedTest
    @CsvSource({"100, 5", "101, 5", "7, 7", "9, 2"})
    void eachRowIsInOneFoldAndFoldsHaveEqualSize(int rows, int count) {
        List<Split> folds = splits(Folds.stratified(new int[rows], count, 3));

        assertThat(folds).hasSize(count);
        assertThat(folds.stream().flatMapToInt(fold -> Arrays.stream(fold.validation())))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, rows).boxed().toList());
        for (Split fold : folds) {
            assertThat(fold.validation())
                    .hasSizeBetween(rows / count, rows / count + 1)
                    .isSorted();
            assertThat(IntStream.concat(Arrays.stream(fold.training()), Arrays.stream(fold.validation())))
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, rows).boxed().toList());
        }
    }

    private static List<Split> splits(Folds folds) {
        return IntStream.range(0, folds.count()).mapToObj(folds::split).toList();
    }

    @Test
    void foldsAreStratified() {
        int[] classes = IntStream.range(0, 90).map(row -> row < 60 ? 0 : 1).toArray();

        for (Split fold : splits(Folds.stratified(classes, 5, 3))) {
            assertThat(Arrays.stream(fold.validation()).filter(row -> row < 60)).hasSize(12);
            assertThat(Arrays.stream(fold.validation()).filter(row -> row >= 60))
                    .hasSize(6);
        }
    }

    @Test
    void foldsDependOnTheSeed() {
        int[] first = Folds.stratified(new int[100], 5, 3).split(0).validation();

        assertThat(Folds.stratified(new int[100], 5, 3).split(0).validation()).isEqualTo(first);
        assertThat(Folds.stratified(new int[100], 5, 4).split(0).validation()).isNotEqualTo(first);
    }

    @Test
    void rejectsInvalidNumberOfFolds() {
        assertThatThrownBy(() -> Folds.stratified(new int[4], 5, 3))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("folds must be at least 2 and at most the number of rows, 4, but was 5");
        assertThatThrownBy(() -> Folds.stratified(new int[4], 1, 3)).isInstanceOf(InvalidArgumentException.class);
    }

    @Test
    void groupsAreInOneFoldAndNoFoldIsEmpty() {
        Random random = new Random(5);
        for (long seed = 0; seed < 300; seed++) {
            int count = 2 + random.nextInt(8);
            int rows = count + random.nextInt(100);
            int[] groups = random.ints(rows, 0, count + random.nextInt(rows)).toArray();
            Arrays.setAll(groups, row -> row < count ? row : groups[row]); // at least as many groups as folds
            int[] classes = random.ints(rows, 0, 1 + random.nextInt(4)).toArray();

            Folds folds = Folds.grouped(classes, groups, count, seed);

            int[] foldOf = IntStream.range(0, rows).map(folds::foldOf).toArray();
            assertThat(Arrays.stream(foldOf).distinct()).hasSize(count);
            for (int row = 0; row < rows; row++) {
                int same = Arrays.stream(groups).boxed().toList().indexOf(groups[row]);
                assertThat(foldOf[row]).isEqualTo(foldOf[same]);
            }
        }
    }

    @Test
    void groupedFoldsHaveAboutTheSameSizeAndClasses() {
        Random random = new Random(6);
        int[] groups = random.ints(3_000, 0, 200).toArray();
        int[] classes =
                Arrays.stream(groups).map(group -> group % 5 == 0 ? 1 : 0).toArray(); // one class a group
        long rare = Arrays.stream(classes).filter(name -> name == 1).count();

        for (Split fold : splits(Folds.grouped(classes, groups, 5, 3))) {
            assertThat(fold.validation().length).isBetween(580, 620);
            assertThat(Arrays.stream(fold.validation())
                            .filter(row -> classes[row] == 1)
                            .count())
                    .isBetween(rare / 5 - 8, rare / 5 + 8);
        }
    }

    @Test
    void groupedFoldsDependOnTheSeed() {
        int[] groups = IntStream.range(0, 300).map(row -> row / 3).toArray();
        int[] first = Folds.grouped(new int[300], groups, 5, 3).split(0).validation();

        assertThat(Folds.grouped(new int[300], groups, 5, 3).split(0).validation())
                .isEqualTo(first);
        assertThat(Folds.grouped(new int[300], groups, 5, 4).split(0).validation())
                .isNotEqualTo(first);
    }

    @Test
    void rejectsMoreFoldsThanGroups() {
        assertThatThrownBy(() -> Folds.grouped(new int[6], new int[] {1, 1, 2, 2, 3, 3}, 4, 3))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("folds must be at least 2 and at most the number of groups, 3, but was 4");
    }

    @Test
    void monitoredRowsAreAStratifiedShareOfTheOtherFolds() {
        int[] classes = IntStream.range(0, 200).map(row -> row < 150 ? 0 : 1).toArray();
        Folds folds = Folds.stratified(classes, 5, 3).monitoring(0.1f, classes, null, 7);

        for (int fold = 0; fold < 5; fold++) {
            int[] monitored = folds.monitored(fold).stream().toArray();
            assertThat(monitored).hasSize(16);
            assertThat(Arrays.stream(monitored).filter(row -> row < 150)).hasSize(12);
            Split split = folds.split(fold);
            assertThat(split.validation()).hasSize(40).doesNotContain(monitored);
            assertThat(split.training()).hasSize(144).doesNotContain(monitored).doesNotContain(split.validation());
        }
        assertThat(folds.monitored(0)).isNotEqualTo(folds.monitored(1));
    }

    @Test
    void monitoredRowsDependOnTheSeedAndKeepTheFolds() {
        Folds folds = Folds.stratified(new int[100], 5, 3);
        Folds first = folds.monitoring(0.2f, new int[100], null, 7);

        assertThat(first.split(2).validation()).isEqualTo(folds.split(2).validation());
        assertThat(folds.monitoring(0.2f, new int[100], null, 7).monitored(2)).isEqualTo(first.monitored(2));
        assertThat(folds.monitoring(0.2f, new int[100], null, 8).monitored(2)).isNotEqualTo(first.monitored(2));
    }

    @Test
    void groupsAreMonitoredAsAWhole() {
        int[] groups = IntStream.range(0, 300).map(row -> row / 10).toArray();
        Folds folds = Folds.grouped(new int[300], groups, 3, 3).monitoring(0.25f, new int[300], groups, 7);

        for (int fold = 0; fold < 3; fold++) {
            int[] monitored = folds.monitored(fold).stream().toArray();
            assertThat(monitored).hasSize(50);
            assertThat(Arrays.stream(monitored).map(row -> groups[row]).distinct())
                    .hasSize(5);
        }
    }

    @Test
    void rejectsTooFewRowsToMonitor() {
        Folds folds = Folds.stratified(new int[4], 2, 3);
        assertThatThrownBy(() -> folds.monitoring(0.1f, new int[4], null, 7))
                .hasMessageContaining("leaves no row for validation");
        BitSet own = new BitSet();
        own.set(folds.split(0).validation()[0]);
        assertThatThrownBy(() -> folds.withMonitored(List.of(own, own)))
                .hasMessage("monitored rows of fold 0 must be rows of other folds");
    }

    @Test
    void canBeRestored() {
        int[] foldOf = {0, 1, 1, 0};

        assertThat(Folds.of(2, foldOf).split(1).validation()).containsExactly(1, 2);
        assertThatThrownBy(() -> Folds.of(2, new int[] {0, 2}))
                .hasMessage("foldOf[1] must be at least 0 and less than 2, but was 2");
    }
}
