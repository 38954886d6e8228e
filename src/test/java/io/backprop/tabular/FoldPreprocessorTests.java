package io.backprop.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.Matrix;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FoldPreprocessorTests {

    private static final Preprocessing.Columns COLUMNS = new Preprocessing.Columns(
            List.of(
                    new Feature.Numeric("age", new ColumnScaling(99, 7), new NumberRange(1, 2, 4), false),
                    new Feature.Categorical("color", List.of("red", "blue"), false),
                    new Feature.Numeric("constant", new ColumnScaling(0, 1), new NumberRange(1, 2, 4), false)),
            "y",
            TargetUnit.NUMBER,
            Scaling.NONE,
            CellFormat.DEFAULT);

    @Test
    void fitsToTheTrainingRowsAlone() {
        Matrix training =
                Matrix.of(new float[] {1, 1, 0, 5}, new float[] {3, 1, 0, 5}, new float[] {Float.NaN, 1, 0, 5});
        Matrix held = Matrix.of(new float[] {4, 0, 1, 6}, new float[] {Float.NaN, 1, 0, 5});

        FoldPreprocessor preprocessor = FoldPreprocessor.fitted(COLUMNS, ScalingMethod.STANDARD, training);

        assertThat(preprocessor.apply(training))
                .isEqualTo(Matrix.of(new float[] {-1, 1, 0, 0}, new float[] {1, 1, 0, 0}, new float[] {0, 1, 0, 0}));
        assertThat(preprocessor.apply(held)).isEqualTo(Matrix.of(new float[] {2, 0, 0, 0}, new float[] {0, 1, 0, 0}));
    }

    @Test
    void leavesUnscaledNumbersAsTheyAreAndFillsInTheMeanOfTheTrainingRows() {
        Matrix training = Matrix.of(new float[] {1, 1, 0, 5}, new float[] {3, 1, 0, Float.NaN});

        Matrix applied = FoldPreprocessor.fitted(COLUMNS, null, training)
                .apply(Matrix.of(new float[] {4, 0, 1, 6}, new float[] {Float.NaN, 1, 0, Float.NaN}));

        assertThat(applied).isEqualTo(Matrix.of(new float[] {4, 0, 0, 6}, new float[] {2, 1, 0, 5}));
    }

    private static final ColumnScaling MODEL = new ColumnScaling(2, 4, true);
    private static final Preprocessing.Columns ROBUST = new Preprocessing.Columns(
            List.of(
                    new Feature.Numeric("age", 5, 1, new NumberRange(1, 2, 4), false, MODEL, MODEL),
                    new Feature.Categorical("color", List.of("red", "blue"), false, List.of(MODEL)),
                    new Feature.Categorical("size", List.of("s", "m", "l"), false, List.of(MODEL, MODEL, MODEL))),
            "y",
            TargetUnit.NUMBER,
            Scaling.NONE,
            CellFormat.DEFAULT);
    private static final Matrix ROBUST_ROWS = Matrix.of(
            new float[] {1, 0, -1, 1, 0, 0},
            new float[] {2, 0, 1, 1, 0, 0},
            new float[] {Float.NaN, 1, 0, 0, 1, 0},
            new float[] {6, 0, -1, 1, 0, 0});

    /** The numbers of NumPy for {@code [1, 2, 6]}, {@code [0, 0, 1, 0]}, {@code [-1, 1, 0, -1]} and {@code [1, 1, 0, 1]}. */
    @Test
    void fitsRobustScalesToTheTrainingRowsAlone() {
        FoldPreprocessor preprocessor = FoldPreprocessor.fitted(ROBUST, ScalingMethod.ROBUST, ROBUST_ROWS);

        List<ColumnScaling> scales =
                IntStream.range(0, 5).mapToObj(preprocessor::scale).toList();
        assertThat(scales)
                .containsExactly(
                        new ColumnScaling(2, 2.5, true),
                        new ColumnScaling(0, 0.25, true),
                        new ColumnScaling(-0.5, 1.25, true),
                        new ColumnScaling(1, 0.25, true),
                        new ColumnScaling(0, 0.25, true));
        assertThat(preprocessor.scale(5)).isNull(); // a size that no row has
        assertThat(preprocessor.apply(ROBUST_ROWS).get(2, 0))
                .isEqualTo(scales.get(0).apply(3)); // the mean
        assertThat(preprocessor.apply(ROBUST_ROWS).get(2, 1))
                .isEqualTo(scales.get(1).apply(1));
    }

    @Test
    void leavesOutWhatIsConstantInAFold() {
        Matrix fold = ROBUST_ROWS.select(new int[] {0, 1, 3}); // without gaps, all sizes are s

        FoldPreprocessor shared = FoldPreprocessor.of(ROBUST, 6).withoutConstants(fold);

        assertThat(IntStream.range(0, 6).filter(input -> shared.scale(input) == null))
                .containsExactly(1, 3, 4, 5);
        float[] gap = shared.apply(ROBUST_ROWS).row(2);
        assertThat(gap).containsExactly(MODEL.apply(5), 0, MODEL.apply(0), 0, 0, 0);
    }

    @Test
    void robustNumbersThatAreConstantBecome0() {
        Matrix constant = Matrix.of(new float[] {1, 5}, new float[] {2, 5}, new float[] {9, 5});

        FoldPreprocessor fitted =
                FoldPreprocessor.fitted(Preprocessing.Standardized.UNKNOWN, ScalingMethod.ROBUST, constant);

        assertThat(fitted.scale(0)).isEqualTo(new ColumnScaling(2, 4, true));
        assertThat(fitted.apply(Matrix.of(new float[] {2, 7}))).isEqualTo(Matrix.of(new float[] {0, 0}));
    }

    @Test
    void rejectsRowsOfAnotherTable() {
        Matrix wider = Matrix.wrap(1, 5, new float[5]);
        FoldPreprocessor preprocessor =
                FoldPreprocessor.fitted(COLUMNS, ScalingMethod.STANDARD, Matrix.wrap(1, 4, new float[4]));

        assertThatThrownBy(() -> FoldPreprocessor.fitted(COLUMNS, ScalingMethod.STANDARD, wider))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("rows have 5 numbers, but the columns become 4 inputs");
        assertThatThrownBy(() -> preprocessor.apply(wider))
                .hasMessage("rows have 5 numbers, but the columns become 4 inputs");
    }
}
