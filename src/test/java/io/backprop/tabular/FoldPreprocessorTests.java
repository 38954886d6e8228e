package io.backprop.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.engine.InvalidArgumentException;
import io.backprop.engine.Matrix;
import java.util.List;
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
