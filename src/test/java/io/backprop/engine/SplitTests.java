package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplitTests {

    @ParameterizedTest
    @CsvSource({"100, 5", "101, 5", "7, 7", "9, 2"})
    void eachRowIsInOneFoldAndFoldsHaveEqualSize(int rows, int count) {
        List<Split> folds = Split.folds(new int[rows], count, 3);

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

    @Test
    void foldsAreStratified() {
        int[] classes = IntStream.range(0, 90).map(row -> row < 60 ? 0 : 1).toArray();

        for (Split fold : Split.folds(classes, 5, 3)) {
            assertThat(Arrays.stream(fold.validation()).filter(row -> row < 60)).hasSize(12);
            assertThat(Arrays.stream(fold.validation()).filter(row -> row >= 60))
                    .hasSize(6);
        }
    }

    @Test
    void foldsDependOnTheSeed() {
        int[] first = Split.folds(new int[100], 5, 3).get(0).validation();

        assertThat(Split.folds(new int[100], 5, 3).get(0).validation()).isEqualTo(first);
        assertThat(Split.folds(new int[100], 5, 4).get(0).validation()).isNotEqualTo(first);
    }

    @Test
    void rejectsInvalidNumberOfFolds() {
        assertThatThrownBy(() -> Split.folds(new int[4], 5, 3))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("folds must be at least 2 and at most the number of rows, 4, but was 5");
        assertThatThrownBy(() -> Split.folds(new int[4], 1, 3)).isInstanceOf(InvalidArgumentException.class);
    }

    @Test
    void shareAppliesToEachClass() {
        int[] classes = IntStream.range(0, 1_000).map(row -> row < 900 ? 5 : 2).toArray();
        Split split = Split.stratified(classes, 0.1f, 7);

        assertThat(Arrays.stream(split.validation()).filter(row -> row < 900)).hasSize(90);
        assertThat(Arrays.stream(split.validation()).filter(row -> row >= 900)).hasSize(10);
        assertThat(split.training()).hasSize(900).isSorted().doesNotContain(split.validation());
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
}
