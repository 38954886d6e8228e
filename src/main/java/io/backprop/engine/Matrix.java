package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;
import static io.backprop.engine.InvalidArgumentException.requireAtLeast;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * An immutable table of numbers, rows × columns, packed row by row into one array.
 *
 * <p>Inputs, targets and predictions have one row per example.
 */
public final class Matrix {

    private static final int MOST_NUMBERS = Integer.MAX_VALUE - 8; // that every JVM has an array for

    private final int rows;
    private final int columns;
    private final float[] values; // rows × columns, row-major; there may be more behind them, which counts for nothing

    private Matrix(int rows, int columns, float[] values) {
        this.rows = rows;
        this.columns = columns;
        this.values = values;
    }

    /**
     * A matrix over the given array, which now belongs to it: the caller must not touch it again.
     *
     * @param values rows × columns, row-major
     */
    public static Matrix wrap(int rows, int columns, float[] values) {
        requireShape(rows, columns);
        requireArgument(
                values.length == (long) rows * columns,
                "values must have %d × %d = %d numbers, but has %d",
                rows,
                columns,
                (long) rows * columns,
                values.length);
        return new Matrix(rows, columns, values);
    }

    /**
     * A matrix over the first numbers of the given array, which now belongs to it, as does what follows them.
     *
     * @param values rows × columns, row-major, and any number more
     */
    public static Matrix wrapPrefix(int rows, int columns, float[] values) {
        requireShape(rows, columns);
        requireArgument(
                values.length >= (long) rows * columns,
                "values must have at least %d × %d = %d numbers, but has %d",
                rows,
                columns,
                (long) rows * columns,
                values.length);
        return new Matrix(rows, columns, values);
    }

    /** Refuses predictions and targets that are not of the same examples and of so many outputs. */
    static void requireComparable(Matrix predictions, Matrix targets, int outputs) {
        requireArgument(
                predictions.rows == targets.rows && predictions.columns == outputs && targets.columns == outputs,
                "predictions and targets must have as many rows as one another and %d columns, but are %s and %s",
                outputs,
                predictions,
                targets);
    }

    private static void requireShape(int rows, int columns) {
        requireAtLeast(0, rows, "rows");
        requireAtLeast(1, columns, "columns");
    }

    /** A copy of the given rows, of which there is at least one and each has the same width. */
    public static Matrix of(float[]... rows) {
        requireArgument(rows.length >= 1, "rows must have at least 1 row, but has none");
        int columns = rows[0].length;
        float[] values = new float[elementCount(rows.length, columns)];
        for (int row = 0; row < rows.length; row++) {
            requireArgument(
                    rows[row].length == columns,
                    "row %d has %d numbers, but row 0 has %d",
                    row,
                    rows[row].length,
                    columns);
            System.arraycopy(rows[row], 0, values, row * columns, columns);
        }
        return wrap(rows.length, columns, values);
    }

    /** The rows of all parts, at least one part, which have as many columns as one another. */
    public static Matrix concatenate(List<Matrix> parts) {
        requireArgument(!parts.isEmpty(), "parts must have at least 1 part, but has none");
        int columns = parts.get(0).columns;
        long rows = parts.stream().mapToLong(Matrix::rows).sum();
        float[] values = new float[elementCount(rows, columns)];
        int place = 0;
        for (Matrix part : parts) {
            requireArgument(
                    part.columns == columns, "parts must have %d columns each, but one has %d", columns, part.columns);
            System.arraycopy(part.values, 0, values, place, part.rows * columns);
            place += part.rows * columns;
        }
        return wrap((int) rows, columns, values);
    }

    /** How many numbers a matrix of this shape has; refuses more than fit into an array. */
    public static int elementCount(long rows, int columns) {
        long count = rows * columns;
        requireArgument(
                count <= MOST_NUMBERS,
                "a matrix must have at most %d numbers, but has %d × %d",
                MOST_NUMBERS,
                rows,
                columns);
        return (int) count;
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    public float get(int row, int column) {
        return values[offset(row) + Objects.checkIndex(column, columns)];
    }

    /** A copy of one row. */
    public float[] row(int row) {
        int offset = offset(row);
        return Arrays.copyOfRange(values, offset, offset + columns);
    }

    /**
     * Copies one row.
     *
     * @param to where it goes, from the offset on. Modified.
     */
    public void copyRow(int row, float[] to, int offset) {
        System.arraycopy(values, offset(row), to, offset, columns);
    }

    /** A matrix of the given rows of this one, in the given order. */
    public Matrix select(int[] rowNumbers) {
        float[] selected = new float[elementCount(rowNumbers.length, columns)];
        for (int i = 0; i < rowNumbers.length; i++) {
            System.arraycopy(values, offset(rowNumbers[i]), selected, i * columns, columns);
        }
        return new Matrix(rowNumbers.length, columns, selected);
    }

    /** The numbers themselves, for the engine's loops, and perhaps more behind them. Not modified by anyone. */
    float[] values() {
        return values;
    }

    private int offset(int row) {
        return Objects.checkIndex(row, rows) * columns;
    }

    private int size() {
        return rows * columns;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Matrix matrix
                && rows == matrix.rows
                && columns == matrix.columns
                && Arrays.equals(values, 0, size(), matrix.values, 0, size());
    }

    @Override
    public int hashCode() {
        int hash = columns;
        for (int i = 0; i < size(); i++) {
            hash = 31 * hash + Float.floatToIntBits(values[i]);
        }
        return hash;
    }

    @Override
    public String toString() {
        return rows + " × " + columns + " matrix";
    }
}
