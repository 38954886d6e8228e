package io.backprop.engine.kernel;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A matrix product {@code C = S + A·B}, where all rows of S are equal, or S is C itself. Mutable, so that a training sets up
 * each product without allocating.
 */
public final class MatrixProduct {

    private int depth;
    float[] a = new float[0]; // rows × depth
    int aOffset;
    int aRowStride;
    int aColumnStride;
    float[] b = new float[0]; // depth × columns
    int bOffset;
    int bRowStride;
    int bColumnStride;
    float[] c = new float[0]; // rows × columns, rows contiguous
    int cOffset;
    int cRowStride;
    private float @Nullable [] start; // columns
    private int startOffset;
    private boolean accumulates = true;

    /** Sets the number of columns of A, which is that of the rows of B. */
    public MatrixProduct depth(int depth) {
        this.depth = depth;
        return this;
    }

    /**
     * Sets A: element (i, p) is at {@code offset + i * rowStride + p * columnStride}; one of the strides is 1. Not modified.
     */
    public MatrixProduct a(float[] values, int offset, int rowStride, int columnStride) {
        a = values;
        aOffset = offset;
        aRowStride = rowStride;
        aColumnStride = columnStride;
        return this;
    }

    /** Sets B: element (p, j) is at {@code offset + p * rowStride + j * columnStride}. Not modified. */
    public MatrixProduct b(float[] values, int offset, int rowStride, int columnStride) {
        b = values;
        bOffset = offset;
        bRowStride = rowStride;
        bColumnStride = columnStride;
        return this;
    }

    /** Sets C: element (i, j) is at {@code offset + i * rowStride + j}. Modified. */
    public MatrixProduct c(float[] values, int offset, int rowStride) {
        c = values;
        cOffset = offset;
        cRowStride = rowStride;
        return this;
    }

    /** Sets every row of S to the values from {@code offset} on. Not modified. */
    public MatrixProduct startFrom(float[] values, int offset) {
        start = values;
        startOffset = offset;
        accumulates = false;
        return this;
    }

    /** Sets S to C if {@code accumulates}, otherwise to 0. */
    public MatrixProduct accumulate(boolean accumulates) {
        start = null;
        this.accumulates = accumulates;
        return this;
    }

    /** Copies S to a part of C. */
    void initialize(int firstRow, int rows, int firstColumn, int columns) {
        for (int row = firstRow; !accumulates && row < firstRow + rows; row++) {
            startRow(firstColumn, columns, c, cIndex(row, firstColumn));
        }
    }

    boolean accumulates() {
        return accumulates;
    }

    /** Copies a part of the rows of S, which are equal. */
    void startRow(int firstColumn, int columns, float[] to, int toOffset) {
        if (start == null) {
            Arrays.fill(to, toOffset, toOffset + columns, 0);
        } else {
            System.arraycopy(start, startOffset + firstColumn, to, toOffset, columns);
        }
    }

    public int depth() {
        return depth;
    }

    int aIndex(int i, int p) {
        return aOffset + i * aRowStride + p * aColumnStride;
    }

    int bIndex(int p, int j) {
        return bOffset + p * bRowStride + j * bColumnStride;
    }

    int cIndex(int i, int j) {
        return cOffset + i * cRowStride + j;
    }
}
