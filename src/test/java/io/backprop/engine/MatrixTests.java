package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class MatrixTests {

    private static final Matrix MATRIX = Matrix.of(new float[][] {{1, 2, 3}, {4, 5, 6}});

    @Test
    void isRowMajor() {
        assertThat(MATRIX.rows()).isEqualTo(2);
        assertThat(MATRIX.columns()).isEqualTo(3);
        assertThat(MATRIX.get(1, 0)).isEqualTo(4);
        assertThat(MATRIX).isEqualTo(Matrix.wrap(2, 3, new float[] {1, 2, 3, 4, 5, 6}));
    }

    @Test
    void copiesRows() {
        float[][] rows = {{1, 2}, {3, 4}};
        Matrix matrix = Matrix.of(rows);
        rows[0][0] = 99;
        matrix.row(1)[0] = 99;
        assertThat(matrix.get(0, 0)).isEqualTo(1);
        assertThat(matrix.row(1)).containsExactly(3, 4);
    }

    @Test
    void selectsRowsInTheGivenOrder() {
        assertThat(MATRIX.select(new int[] {1, 0, 1})).isEqualTo(Matrix.of(new float[][] {
            {4, 5, 6}, {1, 2, 3}, {4, 5, 6}
        }));
    }

    @Test
    void copiesConsecutiveRows() {
        assertThat(MATRIX.rows(1, 1)).isEqualTo(Matrix.of(new float[][] {{4, 5, 6}}));
        assertThat(MATRIX.rows(0, 2)).isSameAs(MATRIX);
        assertThatThrownBy(() -> MATRIX.rows(1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void matricesOfDifferentShapesAreNotEqual() {
        assertThat(MATRIX)
                .isNotEqualTo(Matrix.wrap(3, 2, new float[] {1, 2, 3, 4, 5, 6}))
                .isNotEqualTo(Matrix.wrap(2, 3, new float[] {1, 2, 3, 4, 5, 7}))
                .hasSameHashCodeAs(Matrix.wrap(2, 3, new float[] {1, 2, 3, 4, 5, 6}));
    }

    @Test
    void copiesARowToAnArray() {
        float[] to = {9, 9, 9, 9, 9};
        MATRIX.copyRow(1, to, 1);
        assertThat(to).containsExactly(9, 4, 5, 6, 9);
    }

    @Test
    void ignoresElementsBeyondTheMatrix() {
        Matrix beginning = Matrix.wrapPrefix(2, 3, new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
        assertThat(beginning).isEqualTo(MATRIX).hasSameHashCodeAs(MATRIX);
        assertThat(MATRIX).isEqualTo(beginning);
        assertThat(beginning.select(new int[] {1})).isEqualTo(Matrix.of(new float[][] {{4, 5, 6}}));
        assertThat(Matrix.wrapPrefix(1, 3, new float[] {1, 2, 3, 4, 5, 6})).isNotEqualTo(MATRIX);
        assertThatThrownBy(() -> Matrix.wrapPrefix(2, 3, new float[5]))
                .hasMessage("values must have at least 2 × 3 = 6 elements, but has 5");
    }

    @Test
    void rejectsRaggedRows() {
        assertThatThrownBy(() -> Matrix.of(new float[][] {{1, 2}, {3, 4}, {5}}))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("row 2 has 1 elements, but row 0 has 2");
    }

    @Test
    void rejectsInvalidShapes() {
        assertThatThrownBy(Matrix::of).hasMessage("rows must have at least 1 row, but has none");
        assertThatThrownBy(() -> Matrix.of(new float[][] {{}})).hasMessage("columns must be at least 1, but was 0");
        assertThatThrownBy(() -> Matrix.wrap(-1, 1, new float[0])).hasMessage("rows must be at least 0, but was -1");
        assertThatThrownBy(() -> Matrix.wrap(2, 3, new float[5]))
                .hasMessage("values must have 2 × 3 = 6 elements, but has 5");
        assertThatThrownBy(() -> Matrix.wrap(65_536, 65_536, new float[0]))
                .hasMessage("values must have 65536 × 65536 = 4294967296 elements, but has 0");
    }

    @Test
    void rejectsIndicesBeyondTheMatrix() {
        Matrix beginning = Matrix.wrapPrefix(1, 3, new float[] {1, 2, 3, 4, 5, 6});
        assertThatThrownBy(() -> MATRIX.get(0, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> beginning.get(1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> beginning.row(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> beginning.select(new int[] {1})).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void rejectsShapesLargerThanAnArray() {
        Matrix wide = Matrix.wrap(1, 65_536, new float[65_536]);
        assertThatThrownBy(() -> wide.select(new int[65_536]))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("a matrix must have at most 2147483639 elements, but has 65536 × 65536");
        assertThatThrownBy(() -> Matrix.concatenate(Collections.nCopies(65_536, wide)))
                .hasMessage("a matrix must have at most 2147483639 elements, but has 65536 × 65536");
    }

    @Test
    void concatenatesRows() {
        Matrix first = Matrix.of(new float[][] {{1, 2}, {3, 4}});
        Matrix second = Matrix.of(new float[][] {{5, 6}});
        assertThat(Matrix.concatenate(List.of(first, second))).isEqualTo(Matrix.of(new float[][] {{1, 2}, {3, 4}, {5, 6}
        }));
        assertThatThrownBy(() -> Matrix.concatenate(List.of(first, Matrix.of(new float[][] {{7}}))))
                .hasMessage("parts must have 2 columns each, but one has 1");
        assertThatThrownBy(() -> Matrix.concatenate(List.of()))
                .hasMessage("parts must have at least 1 part, but has none");
    }
}
