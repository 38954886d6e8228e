package io.backprop.engine;

import io.backprop.engine.kernel.Kernels;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@code C = S + A·B}, where each row of S is the same, or C as it was. One object for all products of a training, set up
 * for each anew.
 */
final class MatrixProduct implements ThreadTeam.Task {
    /*
     * Shared out by columns or by rows of C, whichever are more; an element stays one chain of one thread, so the bits are
     * the same on any number of threads. Shares are whole tiles of the widest kernel.
     */

    private static final int TILE_ROWS = 12;
    private static final int TILE_COLUMNS = 32;

    /** Multiplications that are worth a part of their own. */
    private static final long PART = 100_000;

    private static final int PARTS_PER_THREAD = 2;

    private final Kernels kernels;
    private int m;
    private int n;
    private int k;
    private float[] a = new float[0]; // m × k
    private int aOffset;
    private int aRowStride;
    private int aColumnStride;
    private float[] b = new float[0]; // k × n
    private int bOffset;
    private int bRowStride;
    private int bColumnStride;
    private float[] c = new float[0]; // m × n, rows contiguous
    private int cOffset;
    private int cRowStride;
    private float @Nullable [] start; // n
    private int startOffset;
    private boolean fresh;
    private int parts;

    MatrixProduct(Kernels kernels) {
        this.kernels = kernels;
    }

    /** Element (i, p) at {@code offset + i * rowStride + p * columnStride}. */
    MatrixProduct a(float[] values, int offset, int rowStride, int columnStride) {
        a = values;
        aOffset = offset;
        aRowStride = rowStride;
        aColumnStride = columnStride;
        return this;
    }

    MatrixProduct b(float[] values, int offset, int rowStride, int columnStride) {
        b = values;
        bOffset = offset;
        bRowStride = rowStride;
        bColumnStride = columnStride;
        return this;
    }

    /** Modified. */
    MatrixProduct c(float[] values, int offset, int rowStride) {
        c = values;
        cOffset = offset;
        cRowStride = rowStride;
        return this;
    }

    /** Each row of S is these numbers. */
    MatrixProduct from(float[] values, int offset) {
        start = values;
        startOffset = offset;
        fresh = true;
        return this;
    }

    /** S is 0, or what is in C if {@code add}. */
    MatrixProduct from(boolean add) {
        start = null;
        fresh = !add;
        return this;
    }

    /** Takes the product, with all set up before. */
    void run(ThreadTeam team, int rows, int columns, int depth) {
        m = rows;
        n = columns;
        k = depth;
        long worth = Math.min((long) m * n * k / PART, (long) team.threads() * PARTS_PER_THREAD);
        parts = (int) Math.max(1, Math.min(worth, tiles()));
        team.run(this, parts);
    }

    private boolean byColumns() {
        return n >= m;
    }

    private int tiles() {
        return byColumns() ? (n + TILE_COLUMNS - 1) / TILE_COLUMNS : (m + TILE_ROWS - 1) / TILE_ROWS;
    }

    @Override
    public void part(int part) {
        if (byColumns()) {
            int first = begin(part) * TILE_COLUMNS;
            multiply(0, m, first, Math.min(n, begin(part + 1) * TILE_COLUMNS) - first);
        } else {
            int first = begin(part) * TILE_ROWS;
            multiply(first, Math.min(m, begin(part + 1) * TILE_ROWS) - first, 0, n);
        }
    }

    private int begin(int part) {
        return (int) ((long) tiles() * part / parts);
    }

    private void multiply(int firstRow, int rows, int firstColumn, int columns) {
        int cFirst = cOffset + firstRow * cRowStride + firstColumn;
        if (fresh) {
            for (int row = 0; row < rows; row++) {
                int at = cFirst + row * cRowStride;
                if (start == null) {
                    Arrays.fill(c, at, at + columns, 0);
                } else {
                    System.arraycopy(start, startOffset + firstColumn, c, at, columns);
                }
            }
        }
        kernels.multiplyAdd(
                rows,
                columns,
                k,
                a,
                aOffset + firstRow * aRowStride,
                aRowStride,
                aColumnStride,
                b,
                bOffset + firstColumn * bColumnStride,
                bRowStride,
                bColumnStride,
                c,
                cFirst,
                cRowStride);
    }
}
