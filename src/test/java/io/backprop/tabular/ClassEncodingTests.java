package io.backprop.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.Matrix;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClassEncodingTests {

    private static final ClassEncoding COLORS = new ClassEncoding(List.of("red", "green", "blue"));
    private static final ClassEncoding ANSWERS = new ClassEncoding(List.of("no", "yes"));

    @Test
    void sortsNumbersByValue() {
        assertThat(ClassEncoding.from(List.of("10", "9", "-1", "9", "1e1")).names())
                .containsExactly("-1", "9", "10", "1e1");
    }

    @Test
    void sortsWordsByCodePoint() {
        assertThat(ClassEncoding.from(List.of("yes", "no")).names()).containsExactly("no", "yes");
        assertThat(ClassEncoding.from(List.of("b", "a", "Z", "10", "9")).names())
                .containsExactly("10", "9", "Z", "a", "b");
        assertThat(ClassEncoding.from(List.of("🟥", "｡")).names()).containsExactly("｡", "🟥");
        assertThat(ClassEncoding.from(List.of("true", "false")).names()).containsExactly("false", "true");
    }

    @Test
    void decodesTheSecondOfTwoClassesAboveTheThreshold() {
        Matrix one = Matrix.of(new float[][] {{0.25f}, {0.26f}, {0.75f}});
        assertThat(ANSWERS.decode(one, 0.25f)).containsExactly("no", "yes", "yes");
        assertThat(ANSWERS.decode(one, 0.75f)).containsExactly("no", "no", "no");
        Matrix two = Matrix.of(new float[][] {{0.75f, 0.25f}, {0.7f, 0.3f}});
        assertThat(ANSWERS.decode(two, 0.25f)).containsExactly("no", "yes");
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
        assertThat(COLORS.decode(Matrix.of(new float[][] {{0.2f, 0.5f, 0.3f}, {0.4f, 0.3f, 0.3f}}), null))
                .containsExactly("green", "red");
        assertThat(ANSWERS.decode(Matrix.of(new float[][] {{0.5f}, {0.6f}}), null))
                .containsExactly("no", "yes");
    }

    @Test
    void decodingUndoesEncoding() {
        List<String> column = List.of("blue", "green", "red", "green");
        assertThat(COLORS.decode(COLORS.encode(column, 3), null)).isEqualTo(column);
    }

    @Test
    void rejectsUnknownClassAndNamesItsRow() {
        assertThatThrownBy(() -> COLORS.encode(List.of("red", "mauve"), 3))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("row 1 is \"mauve\", but the classes are [red, green, blue]");
    }

    @Test
    void rejectsTooFewRepeatedOrUnstorableLabels() {
        assertThatThrownBy(() -> new ClassEncoding(List.of("a"))).hasMessage("classes must be at least 2, but are [a]");
        assertThatThrownBy(() -> ClassEncoding.from(List.of("true", "true")))
                .hasMessage("classes must be at least 2, but are [true]");
        assertThatThrownBy(() -> new ClassEncoding(List.of("a", "b", "a")))
                .hasMessage("classes must differ from one another, but are [a, b, a]");
        assertThatThrownBy(() -> new ClassEncoding(List.of("a", "\ud83d")))
                .hasMessage("classes must not contain NUL characters or unpaired surrogates, but class 1 does");
    }

    @Test
    void rejectsUnsuitableNumberOfOutputs() {
        assertThatThrownBy(() -> COLORS.encode(List.of("blue"), 1))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("outputs must fit 3 classes, but are 1");
        assertThatThrownBy(() -> COLORS.decode(Matrix.of(new float[][] {{0.2f, 0.5f}}), null))
                .hasMessage("outputs must fit 3 classes, but are 2");
    }
}
