package io.backprop.tabular;

import static io.backprop.engine.InvalidArgumentException.requireArgument;

import io.backprop.engine.Matrix;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A {@link ColumnScaling} for each column of a matrix.
 *
 * @param columns empty: values are not scaled. All of them clip, or none.
 */
public record Scaling(List<ColumnScaling> columns) {

    public static final Scaling NONE = new Scaling(List.of());

    public Scaling {
        columns = List.copyOf(columns);
        requireArgument(
                columns.stream().map(ColumnScaling::smoothClip).distinct().count() <= 1,
                "scales must all have a smooth clip, or none");
    }

    /** Scales each column to mean 0 and standard deviation 1, and a constant column to 0. */
    public static Scaling standard(Matrix matrix) {
        return standard(NumberSummary.ofColumns(matrix));
    }

    /** As {@link #standard(Matrix)}, from the statistics of each column. */
    public static Scaling standard(List<NumberSummary> columns) {
        return new Scaling(columns.stream().map(ColumnScaling::standard).toList());
    }

    /** Scales the inputs of a network. */
    public static Scaling of(Matrix matrix, ScalingMethod method) {
        return method == ScalingMethod.STANDARD
                ? standard(matrix)
                : new Scaling(IntStream.range(0, matrix.columns())
                        .mapToObj(column -> ColumnScaling.robust(quartiles(matrix, column)))
                        .toList());
    }

    /** The quartiles of the numbers in a column, without NaN. There must be a number. */
    static Quartiles quartiles(Matrix matrix, int column) {
        return QuantileCounts.quartiles(matrix.rows(), row -> matrix.get(row, column));
    }

    /** Scales each column to mean 1 without moving 0; leaves one whose mean is not positive as it is. */
    public static Scaling unitMean(List<NumberSummary> columns) {
        return new Scaling(columns.stream()
                .map(column -> new ColumnScaling(0, column.mean() > 0 ? column.mean() : 1))
                .toList());
    }

    /** Scales each column to the range from 0 to 1, for outputs limited to it, and a constant column to 0. */
    public static Scaling unitRange(List<NumberSummary> columns) {
        return new Scaling(columns.stream()
                .map(column -> {
                    double range = (double) column.maximum() - column.minimum();
                    return new ColumnScaling(column.minimum(), range > 0 ? range : 1);
                })
                .toList());
    }

    /** Whether no value changes. */
    public boolean isIdentity() {
        return columns.stream().allMatch(scale -> scale.equals(ColumnScaling.NONE));
    }

    /** Whether the scaled values are clipped, so that they cannot be inverted. */
    public boolean clips() {
        return !isNone() && columns.get(0).smoothClip();
    }

    public boolean isNone() {
        return columns.isEmpty();
    }

    /** The scaled values of a matrix. */
    public Matrix apply(Matrix matrix) {
        return isNone() ? matrix : map(matrix, clips() ? Scaling::applyAndClip : Scaling::apply);
    }

    /** The values that were scaled. There must be no clip. */
    public Matrix invert(Matrix scaled) {
        return isNone() ? scaled : map(scaled, Scaling::invert);
    }

    private Matrix map(Matrix matrix, Operation operation) {
        requireArgument(
                matrix.columns() == columns.size(),
                "rows have %d numbers, but there are scales for %d",
                matrix.columns(),
                columns.size());
        double[] offsets = columns.stream().mapToDouble(ColumnScaling::offset).toArray();
        double[] factors = columns.stream().mapToDouble(ColumnScaling::factor).toArray();
        float[] values = new float[Matrix.elementCount(matrix.rows(), matrix.columns())];
        for (int row = 0; row < matrix.rows(); row++) {
            int first = row * matrix.columns();
            matrix.copyRow(row, values, first);
            operation.apply(values, first, offsets, factors);
        }
        return Matrix.wrap(matrix.rows(), matrix.columns(), values);
    }

    /* The same arithmetic as that of ColumnScaling, in loops that the JIT compiler can vectorize. */

    private static void apply(float[] values, int first, double[] offsets, double[] factors) {
        for (int i = 0; i < offsets.length; i++) {
            values[first + i] = (float) ((values[first + i] - offsets[i]) / factors[i]);
        }
    }

    private static void applyAndClip(float[] values, int first, double[] offsets, double[] factors) {
        for (int i = 0; i < offsets.length; i++) {
            values[first + i] = (float) ColumnScaling.clip((values[first + i] - offsets[i]) / factors[i]);
        }
    }

    private static void invert(float[] values, int first, double[] offsets, double[] factors) {
        for (int i = 0; i < offsets.length; i++) {
            values[first + i] = (float) (values[first + i] * factors[i] + offsets[i]);
        }
    }

    private interface Operation {
        void apply(float[] values, int first, double[] offsets, double[] factors);
    }
}
