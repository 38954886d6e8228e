package io.backprop.engine.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The matrix product of {@link SimdKernels}. */
final class SimdProduct implements MatrixMultiplier {

    /*
     * Follows Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008. A block of A is packed so that
     * it stays in the L2 cache. For each panel of B, the tiles of the block's rows are computed, each with its part of C in
     * registers (SimdTiles). Packing gives the elements of A constant distances, without which each of them would be loaded
     * with a bounds check, and spreads them over all sets of the cache. A panel of B is packed only if its columns are
     * contiguous or its rows so far apart that they share few sets.
     *
     * The sizes are the fastest of those measured. A tile has 24 accumulators in 32 registers, or 8 in 16: with 12, JDK 25
     * loads all elements of A in advance and runs out of registers.
     *
     * A product of few columns, which would leave most lanes of a tile unused, is computed as its transpose Cᵀ = Bᵀ·Aᵀ if the
     * columns of A are contiguous.
     *
     * A tile may exceed C: what is beyond the edges is computed from arbitrary elements and not stored.
     *
     * rsA and csA are the row stride and the column stride of A, as in BLIS; likewise for B, C and S.
     */

    private static final VectorSpecies<Float> SPECIES = SimdKernels.SPECIES;

    private static final int L = SPECIES.length();

    /** Whether there are 32 vector registers rather than 16, as with AVX-512 and on AArch64. */
    private static final boolean MANY_REGISTERS =
            L > 8 || System.getProperty("os.arch").equals("aarch64");

    /** Rows of a low tile. */
    private static final int LOW = 4;

    /** Rows of a tile. */
    private static final int ROWS = MANY_REGISTERS ? 8 : LOW;

    /** Vectors per row of a tile. */
    private static final int VECTORS = MANY_REGISTERS ? 3 : 2;

    /** Columns of a panel of B. */
    private static final int PANEL = VECTORS * L;

    private static final int ROW_STRIDE = SimdTiles.ROW_STRIDE;
    private static final int GROUP = SimdTiles.GROUP;

    /** Columns of a block of A, and rows of a panel of B; the rest of a packed row is for the excess of the last vector. */
    private static final int DEPTH = ROW_STRIDE - 16;

    /** Rows of a block of A. */
    private static final int HEIGHT = 256;

    /** Number of elements of B that stay in the L1 cache, so that blocks of LOW_HEIGHT rows suffice. */
    private static final int SMALL_B = 4096;

    private static final int LOW_HEIGHT = 2 * GROUP;

    /** Products with fewer multiplications are computed by the scalar loops. */
    private static final int SMALL = 2048;

    /** Minimum number of rows of A for which packing a panel of B pays off, if its rows are contiguous but far apart. */
    private static final int PACK_FROM = 192;

    /** Minimum distance between two rows of B for which packing pays off: they share an eighth of the sets of the cache. */
    private static final int FAR = 512;

    /** Contiguous columns of B that are packed at a time. */
    private static final int STRIP = 4;

    private final float[] start = new float[PANEL]; // a row of S
    private float[] block = new float[0]; // of A
    private float[] panel = new float[0]; // of B
    private float[] tile = new float[0]; // of C, if it exceeds C
    private float[] column = new float[0]; // of C

    @Override
    public void multiply(MatrixProduct x, int firstRow, int m, int firstColumn, int n) {
        int k = x.depth();
        if ((long) m * n * k < SMALL || (m < LOW && x.bColumnStride != 1)) {
            ScalarProduct.multiply(x, firstRow, m, firstColumn, n);
        } else if (n < LOW && x.aRowStride == 1) {
            multiplyColumns(x, firstRow, m, firstColumn, n, k);
        } else if (m < LOW) {
            multiplyRows(x, firstRow, m, firstColumn, n, k);
        } else {
            multiplyBlocks(x, firstRow, m, firstColumn, n, k);
        }
    }

    private void multiplyRows(MatrixProduct x, int firstRow, int m, int firstColumn, int n, int k) {
        x.initialize(firstRow, m, firstColumn, n);
        int b = x.bIndex(0, firstColumn);
        for (int i = firstRow; i < firstRow + m; i++) {
            int c = x.cIndex(i, firstColumn);
            SimdRowProduct.multiplyAdd(n, k, x.a, x.aIndex(i, 0), x.aColumnStride, x.b, b, x.bRowStride, x.c, c, start);
        }
    }

    /** Computes the columns of C as rows of its transpose. */
    private void multiplyColumns(MatrixProduct x, int firstRow, int m, int firstColumn, int n, int k) {
        x.initialize(firstRow, m, firstColumn, n);
        if (column.length < m) {
            column = new float[m];
        }
        int a = x.aIndex(firstRow, 0);
        for (int j = firstColumn; j < firstColumn + n; j++) {
            int c = x.cIndex(firstRow, j);
            copyRows(m, 1, x.c, c, x.cRowStride, column, 0, 1);
            SimdRowProduct.multiplyAdd(
                    m, k, x.b, x.bIndex(0, j), x.bRowStride, x.a, a, x.aColumnStride, column, 0, start);
            copyRows(m, 1, column, 0, 1, x.c, c, x.cRowStride);
        }
    }

    private void multiplyBlocks(MatrixProduct x, int firstRow, int m, int firstColumn, int n, int k) {
        int depth = evenPart(k, DEPTH, 1);
        boolean small = x.bColumnStride == 1 && (long) k * n <= SMALL_B;
        int height = evenPart(m, small ? LOW_HEIGHT : HEIGHT, ROWS);
        reserveBlock(height, depth);
        for (int p = 0; p < k; p += depth) {
            int blockDepth = Math.min(depth, k - p);
            for (int i = 0; i < m; i += height) {
                int rows = Math.min(height, m - i);
                packBlock(x, firstRow + i, rows, p, blockDepth);
                for (int j = 0; j < n; j += panelColumns(n - j)) {
                    int columns = Math.min(panelColumns(n - j), n - j);
                    multiplyPanel(x, firstRow + i, rows, firstColumn + j, columns, p, blockDepth);
                }
            }
        }
    }

    /** The length of each part, a multiple of {@code unit}, if a length is divided into as few parts as possible. */
    private static int evenPart(int length, int most, int unit) {
        int parts = (length + most - 1) / most;
        int units = (length + unit - 1) / unit;
        return (units + parts - 1) / parts * unit;
    }

    private void reserveBlock(int m, int k) {
        int length = m * ROW_STRIDE + GROUP * k; // a column-major block has up to GROUP - 1 more rows, but of length k
        if (block.length < length) {
            block = new float[length];
        }
        if (tile.length == 0) {
            tile = new float[ROWS * PANEL];
        }
    }

    private void reservePanel(int k) {
        if (panel.length < k * PANEL) {
            panel = new float[k * PANEL];
        }
    }

    /** The width of the next panel; avoids a last one of a single vector, for which loading A would take most of the time. */
    private static int panelColumns(int left) {
        return left > PANEL && left <= PANEL + L ? PANEL - L : PANEL;
    }

    /** The height of the next tile. */
    private static int tileRows(int left) {
        return left <= LOW ? LOW : ROWS;
    }

    /** Multiplies the packed block of A by a panel of B. */
    private void multiplyPanel(MatrixProduct x, int firstRow, int m, int firstColumn, int n, int p, int k) {
        int vectors = (n + L - 1) / L;
        int width = vectors * L;
        int bFirst = x.bIndex(p, firstColumn);
        boolean packed = x.bColumnStride != 1
                || (m >= PACK_FROM && x.bRowStride >= FAR)
                || bFirst + (k - 1) * x.bRowStride + width > x.b.length;
        if (packed) {
            reservePanel(k);
            packPanel(x, bFirst, n, k);
        }
        boolean starts = p == 0 && !x.accumulates();
        if (starts) {
            x.startRow(firstColumn, n, start, 0);
        }
        boolean rowMajor = x.aColumnStride == 1;
        for (int i = 0; i < m; ) {
            int rows = tileRows(m - i);
            int rowsOfC = Math.min(rows, m - i);
            int cTile = x.cIndex(firstRow + i, firstColumn);
            boolean whole = rows == rowsOfC && width == n;
            boolean startsInTile = !whole && cTile + (rows - 1) * x.cRowStride + width > x.c.length;
            if (startsInTile && !starts) {
                copyRows(rowsOfC, n, x.c, cTile, x.cRowStride, tile, 0, width);
            }
            SimdTiles.multiply(
                    rows,
                    vectors,
                    rowMajor,
                    k,
                    block,
                    rowMajor ? i * ROW_STRIDE : i / GROUP * GROUP * k + i % GROUP,
                    packed ? panel : x.b,
                    packed ? 0 : bFirst,
                    packed ? PANEL : x.bRowStride,
                    starts ? start : startsInTile ? tile : x.c,
                    starts || startsInTile ? 0 : cTile,
                    starts ? 0 : startsInTile ? width : x.cRowStride,
                    whole ? x.c : tile,
                    whole ? cTile : 0,
                    whole ? x.cRowStride : width);
            if (!whole) {
                copyRows(rowsOfC, n, tile, 0, width, x.c, cTile, x.cRowStride);
            }
            i += rows;
        }
    }

    private void packBlock(MatrixProduct x, int firstRow, int m, int p, int k) {
        if (x.aColumnStride == 1) {
            for (int i = 0; i < m; i++) {
                copy(k, x.a, x.aIndex(firstRow + i, p), block, i * ROW_STRIDE);
            }
        } else {
            for (int i = 0; i < m; i += GROUP) {
                int rows = Math.min(GROUP, m - i);
                packGroup(rows, k, x.a, x.aIndex(firstRow + i, p), x.aColumnStride, i * k);
            }
        }
    }

    /** Packs rows of A whose columns are contiguous. */
    private void packGroup(int rows, int k, float[] a, int aOffset, int csA, int to) {
        for (int p = 0; p < k; p++) {
            copy(rows, a, aOffset + p * csA, block, to + p * GROUP);
        }
    }

    private void packPanel(MatrixProduct x, int bFirst, int n, int k) {
        if (x.bColumnStride == 1) {
            packRows(k, n, x.b, bFirst, x.bRowStride);
        } else {
            packColumns(k, n, x.b, bFirst, x.bColumnStride);
        }
    }

    /** Packs a panel of B whose rows are contiguous. */
    private void packRows(int k, int n, float[] b, int bOffset, int rsB) {
        for (int p = 0; p < k; p++) {
            copy(n, b, bOffset + p * rsB, panel, p * PANEL);
        }
    }

    /** Copies a part of an array, and arbitrary elements up to the next multiple of a vector. */
    private static void copy(int length, float[] from, int fromOffset, float[] to, int toOffset) {
        if (fromOffset + length + L <= from.length) {
            for (int i = 0; i < length; i += L) {
                load(from, fromOffset + i).intoArray(to, toOffset + i);
            }
        } else {
            System.arraycopy(from, fromOffset, to, toOffset, length);
        }
    }

    /** Packs a panel of B whose columns are contiguous. */
    private void packColumns(int k, int n, float[] b, int bOffset, int csB) {
        float[] to = panel;
        int j = 0;
        for (; j <= n - STRIP; j += STRIP) {
            int b0 = bOffset + j * csB;
            int b1 = b0 + csB;
            int b2 = b1 + csB;
            int b3 = b2 + csB;
            for (int p = 0; p < k; p++) {
                to[p * PANEL + j] = b[b0 + p];
                to[p * PANEL + j + 1] = b[b1 + p];
                to[p * PANEL + j + 2] = b[b2 + p];
                to[p * PANEL + j + 3] = b[b3 + p];
            }
        }
        for (; j < n; j++) {
            int column = bOffset + j * csB;
            for (int p = 0; p < k; p++) {
                to[p * PANEL + j] = b[column + p];
            }
        }
    }

    private static void copyRows(
            int rows,
            int columns,
            float[] from,
            int fromOffset,
            int fromStride,
            float[] to,
            int toOffset,
            int toStride) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                to[toOffset + i * toStride + j] = from[fromOffset + i * fromStride + j];
            }
        }
    }

    private static FloatVector load(float[] array, int offset) {
        return FloatVector.fromArray(SPECIES, array, offset);
    }
}
