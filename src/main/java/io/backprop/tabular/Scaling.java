package io.backprop.tabular;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.Matrix;
import io.backprop.engine.MeanAndDeviation;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;

/**
 * A {@link Scale} for each column of a matrix.
 *
 * @param columns none: the numbers stay as they are
 */
public record Scaling(List<Scale> columns) {

    public static final Scaling NONE = new Scaling(List.of());

    public Scaling {
        columns = List.copyOf(columns);
    }

    /** To mean 0 and standard deviation 1; a constant column to 0. */
    public static Scaling standard(Matrix matrix) {
        return new Scaling(IntStream.range(0, matrix.columns())
                .mapToObj(column -> standard(matrix, column))
                .toList());
    }

    private static Scale standard(Matrix matrix, int column) {
        MeanAndDeviation statistics = MeanAndDeviation.of(matrix.rows(), row -> matrix.get(row, column));
        return new Scale(statistics.mean(), statistics.deviation() > 0 ? statistics.deviation() : 1);
    }

    /** To the range from 0 to 1, for outputs that reach no further; a constant column to 0. */
    public static Scaling unitRange(Matrix matrix) {
        return new Scaling(IntStream.range(0, matrix.columns())
                .mapToObj(column -> {
                    double smallest = reduce(matrix, column, Math::min);
                    double range = reduce(matrix, column, Math::max) - smallest;
                    return new Scale(smallest, range > 0 ? range : 1);
                })
                .toList());
    }

    private static double reduce(Matrix matrix, int column, DoubleBinaryOperator choice) {
        return IntStream.range(0, matrix.rows())
                .mapToDouble(row -> matrix.get(row, column))
                .reduce(choice)
                .orElseThrow();
    }

    /** Whether every number stays as it is. */
    public boolean isIdentity() {
        return columns.stream().allMatch(scale -> scale.offset() == 0 && scale.factor() == 1);
    }

    public boolean isNone() {
        return columns.isEmpty();
    }

    /** The scaled numbers of a matrix. */
    public Matrix apply(Matrix matrix) {
        return isNone() ? matrix : map(matrix, Scale::apply);
    }

    /** The numbers that were scaled. */
    public Matrix invert(Matrix scaled) {
        return isNone() ? scaled : map(scaled, Scale::invert);
    }

    private Matrix map(Matrix matrix, Step step) {
        requireArgument(
                matrix.columns() == columns.size(),
                "rows have %d numbers, but there are scales for %d",
                matrix.columns(),
                columns.size());
        float[] values = new float[Matrix.elementCount(matrix.rows(), matrix.columns())];
        for (int row = 0, i = 0; row < matrix.rows(); row++) {
            for (int column = 0; column < matrix.columns(); column++) {
                values[i++] = step.map(columns.get(column), matrix.get(row, column));
            }
        }
        return Matrix.wrap(matrix.rows(), matrix.columns(), values);
    }

    private interface Step {
        float map(Scale scale, float value);
    }
}
