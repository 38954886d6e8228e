package io.backprop.engine;

import static io.backprop.engine.InvalidArgumentException.requireArgument;
import static io.backprop.engine.InvalidArgumentException.requireAtLeast;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * An immutable matrix of floats in row-major order. Inputs, targets and predictions have one row per example.
 */
public final class Matrix {

    private static final int MAX_ELEMENTS = Integer.MAX_VALUE - 8; // the largest array that every JVM supports

    private final int rows;
    private final int columns;
    private final float[] values; // rows × columns, row-major; may be longer

    private Matrix(int rows, int columns, float[] values) {
        this.rows = rows;
        this.columns = columns;
        this.values = values;
    }

    /**
     * Wraps an array without copying it.
     *
     * @param values rows × columns, row-major; must not be accessed by the caller afterwards
     */
    public static Matrix wrap(int rows, int columns, float[] values) {
        requireShape(rows, columns);
        requireArgument(
                values.length == (long) rows * columns,
                "values must have %d × %d = %d elements, but has %d",
                rows,
                columns,
                (long) rows * columns,
                values.length);
        return new Matrix(rows, columns, values);
    }

    /**
     * Wraps the beginning of an array without copying it.
     *
     * @param values rows × columns, row-major, may be longer; must not be accessed by the caller afterwards
     */
    public static Matrix wrapPrefix(int rows, int columns, float[] values) {
        requireShape(rows, columns);
        requireArgument(
                values.length >= (long) rows * columns,
                "values must have at least %d × %d = %d elements, but has %d",
                rows,
                columns,
                (long) rows * columns,
                values.length);
        return new Matrix(rows, columns, values);
    }

    /** Throws unless predictions and targets have the same number of rows and the given number of columns. */
    static void requireComparable(Matrix predictions, Matrix targets, int outputs) {
        requireArgument(
                predictions.rows == targets.rows && predictions.columns == outputs && targets.columns == outputs,
                "predictions and targets must have the same number of rows and %d columns, but are %s and %s",
                outputs,
                predictions,
                targets);
    }

    private static void requireShape(int rows, int columns) {
        requireAtLeast(0, rows, "rows");
        requireAtLeast(1, columns, "columns");
    }

    /** Copies rows of equal length, at least one. Not modified. */
    public static Matrix of(float[]... rows) {
        requireArgument(rows.length >= 1, "rows must have at least 1 row, but has none");
        int columns = rows[0].length;
        float[] values = new float[elementCount(rows.length, columns)];
        for (int row = 0; row < rows.length; row++) {
            requireArgument(
                    rows[row].length == columns,
                    "row %d has %d elements, but row 0 has %d",
                    row,
                    rows[row].length,
                    columns);
            System.arraycopy(rows[row], 0, values, row * columns, columns);
        }
        return wrap(rows.length, columns, values);
    }

    /** Concatenates the rows of at least one matrix; all must have the same number of columns. */
    public static Matrix concatenate(List<Matrix> parts) {
        requireArgument(!parts.isEmpty(), "parts must have at least 1 part, but has none");
        int columns = parts.get(0).columns;
        long rows = parts.stream().mapToLong(Matrix::rows).sum();
        float[] values = new float[elementCount(rows, columns)];
        int offset = 0;
        for (Matrix part : parts) {
            requireArgument(
                    part.columns == columns, "parts must have %d columns each, but one has %d", columns, part.columns);
            System.arraycopy(part.values, 0, values, offset, part.rows * columns);
            offset += part.rows * columns;
        }
        return wrap((int) rows, columns, values);
    }

    /**
     * The number of elements of a matrix of this shape.
     *
     * @throws InvalidArgumentException if they do not fit into one array
     */
    public static int elementCount(long rows, int columns) {
        long count = rows * columns;
        requireArgument(
                count <= MAX_ELEMENTS,
                "a matrix must have at most %d elements, but has %d × %d",
                MAX_ELEMENTS,
                rows,
                columns);
        return (int) count;
    }

    /** The number of rows. */
    public int rows() {
        return rows;
    }

    /** The number of columns. */
    public int columns() {
        return columns;
    }

    /** The element at a row and column; throws an {@link IndexOutOfBoundsException} unless both exist. */
    public float get(int row, int column) {
        return values[offset(row) + Objects.checkIndex(column, columns)];
    }

    /** A copy of one row. */
    public float[] row(int row) {
        int offset = offset(row);
        return Arrays.copyOfRange(values, offset, offset + columns);
    }

    /**
     * Copies one row to an array.
     *
     * @param to receives the row from {@code offset} on. Modified.
     */
    public void copyRow(int row, float[] to, int offset) {
        System.arraycopy(values, offset(row), to, offset, columns);
    }

    /** Consecutive rows: this matrix if they are all, else a copy. */
    public Matrix rows(int first, int count) {
        Objects.checkFromIndexSize(first, count, rows);
        return count == rows
                ? this
                : wrap(count, columns, Arrays.copyOfRange(values, first * columns, (first + count) * columns));
    }

    /** Selects rows by index, in the given order. */
    public Matrix select(int[] indices) {
        float[] selected = new float[elementCount(indices.length, columns)];
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(values, offset(indices[i]), selected, i * columns, columns);
        }
        return new Matrix(indices.length, columns, selected);
    }

    /** The underlying array, which must not be modified and may be longer than the matrix. */
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
