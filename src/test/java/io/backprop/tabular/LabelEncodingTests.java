package io.backprop.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.Matrix;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabelEncodingTests {

    private static final LabelEncoding COLORS = new LabelEncoding(List.of("red", "green", "blue"));
    private static final LabelEncoding ANSWERS = new LabelEncoding(List.of("no", "yes"));

    @Test
    void ordersClassesByFirstAppearance() {
        assertThat(LabelEncoding.from(List.of("b", "a", "b", "c", "a")).labels())
                .containsExactly("b", "a", "c");
    }

    @Test
    void ordersBooleansFalseThenTrue() {
        assertThat(LabelEncoding.from(List.of("true", "false")).labels()).containsExactly("false", "true");
        assertThat(LabelEncoding.from(List.of("true", "maybe", "false")).labels())
                .containsExactly("true", "maybe", "false");
    }

    @Test
    void givesEachOfManyClassesAnOutput() {
        assertThat(COLORS.outputs()).isEqualTo(3);
        assertThat(COLORS.encode(List.of("blue", "red"), 3)).isEqualTo(Matrix.of(new float[][] {{0, 0, 1}, {1, 0, 0}}));
    }

    @Test
    void givesTwoClassesOneOutput() {
        assertThat(ANSWERS.outputs()).isEqualTo(1);
        assertThat(ANSWERS.encode(List.of("yes", "no"), 1)).isEqualTo(Matrix.of(new float[][] {{1}, {0}}));
    }

    @Test
    void encodesTwoClassesInTwoOutputs() {
        assertThat(ANSWERS.encode(List.of("yes", "no"), 2)).isEqualTo(Matrix.of(new float[][] {{0, 1}, {1, 0}}));
    }

    @Test
    void fitsOneOutputForTwoClassesElseOnePerClass() {
        assertThat(ANSWERS.fits(1)).isTrue();
        assertThat(ANSWERS.fits(2)).isTrue();
        assertThat(ANSWERS.fits(3)).isFalse();
        assertThat(COLORS.fits(3)).isTrue();
        assertThat(COLORS.fits(1)).isFalse();
    }

    @Test
    void decodesMostProbableClass() {
        assertThat(COLORS.decode(Matrix.of(new float[][] {{0.2f, 0.5f, 0.3f}, {0.4f, 0.3f, 0.3f}})))
                .containsExactly("green", "red");
        assertThat(ANSWERS.decode(Matrix.of(new float[][] {{0.5f}, {0.6f}}))).containsExactly("no", "yes");
    }

    @Test
    void decodingUndoesEncoding() {
        List<String> column = List.of("blue", "green", "red", "green");
        assertThat(COLORS.decode(COLORS.encode(column, 3))).isEqualTo(column);
    }

    @Test
    void rejectsUnknownClassAndNamesItsRow() {
        assertThatThrownBy(() -> COLORS.encode(List.of("red", "mauve"), 3))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("row 1 is \"mauve\", but the labels are [red, green, blue]");
    }

    @Test
    void rejectsTooFewRepeatedOrUnstorableLabels() {
        assertThatThrownBy(() -> new LabelEncoding(List.of("a")))
                .hasMessage("labels must name at least 2 classes, but are [a]");
        assertThatThrownBy(() -> LabelEncoding.from(List.of("true", "true")))
                .hasMessage("labels must name at least 2 classes, but are [true]");
        assertThatThrownBy(() -> new LabelEncoding(List.of("a", "b", "a")))
                .hasMessage("labels must differ from one another, but are [a, b, a]");
        assertThatThrownBy(() -> new LabelEncoding(List.of("a", "\ud83d")))
                .hasMessage("labels must not contain NUL characters or unpaired surrogates, but label 1 does");
    }

    @Test
    void rejectsUnsuitableNumberOfOutputs() {
        assertThatThrownBy(() -> COLORS.encode(List.of("blue"), 1))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("outputs must fit 3 labels, but are 1");
        assertThatThrownBy(() -> COLORS.decode(Matrix.of(new float[][] {{0.2f, 0.5f}})))
                .hasMessage("outputs must fit 3 labels, but are 2");
    }
}
