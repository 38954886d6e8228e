package io.backprop.engine.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The matrix product of {@link SimdKernels}. */
final class SimdProduct implements MatrixMultiplier {

    /*
     * Follows Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008. A block of B is packed into
     * panels of the width of a tile, so that the innermost loop reads it sequentially; a block of A is packed, too, if its
     * columns are contiguous. A tile of C stays in registers while the loop runs over the depth of a block. A tile that
     * would exceed C is moved back over its neighbor and computed on a copy, of which only the missing part is stored.
     *
     * rsA and csA are the row stride and the column stride of A, as in BLIS; likewise for B and C.
     *
     * The block sizes are the fastest of those measured. Tiles only call the Vector API and none of our methods, because C2
     * might stop inlining those within a tile (see SimdKernels), and vectors would be allocated as objects.
     */

    private static final VectorSpecies<Float> SPECIES = SimdKernels.SPECIES;

    private static final int L = SPECIES.length();

    /** Rows of a tile. Two accumulators per row use 24 of 32 registers with AVX-512, otherwise 12 of 16. */
    private static final int ROWS = L > 8 ? 12 : 6;

    /** Rows of a tile that is one vector wide, used if C is not wider. */
    private static final int NARROW_ROWS = 12;

    /** Rows of a low tile; the two heights add up to any sufficiently large multiple of their difference. */
    private static final int LOW_ROWS = 2 * ROWS / 3;

    /** Columns of a tile. */
    private static final int PANEL = 2 * L;

    /** Rows of a block of B. */
    private static final int DEPTH = 512;

    /** Columns of a block of B. */
    private static final int WIDTH = 8 * PANEL;

    /** Rows of a block of A. */
    private static final int HEIGHT = 20 * ROWS;

    /** Products with fewer multiplications are computed by the scalar loops. */
    private static final int SMALL = 2048;

    /** Minimum number of rows of A for which packing B pays off. */
    private static final int PACK_FROM = 64;

    /** Gap after each packed tile of A, for the excess of the last vector. */
    private static final int GAP = 16;

    /** Rows of B that are packed at a time. */
    private static final int STRIP = 8;

    /** Length of the copy of a tile of C. */
    private static final int TILE = 12 * PANEL;

    private float[] scratch = new float[0]; // a tile of C, a block of B and a block of A

    @Override
    public void multiply(MatrixProduct x, int firstRow, int m, int firstColumn, int n) {
        int k = x.depth();
        x.initialize(firstRow, m, firstColumn, n);
        if ((long) m * n * k < SMALL || (m < LOW_ROWS && x.bColumnStride != 1)) {
            ScalarProduct.multiplyAdd(x, firstRow, m, firstColumn, n, 0, k);
        } else if (m < LOW_ROWS) {
            multiplyAddRows(x, firstRow, m, firstColumn, n, k);
        } else {
            multiplyAddBlocks(x, firstRow, m, firstColumn, n, k);
        }
    }

    private void multiplyAddRows(MatrixProduct x, int firstRow, int m, int firstColumn, int n, int k) {
        reserveScratch(L);
        int b = x.bIndex(0, firstColumn);
        for (int i = firstRow; i < firstRow + m; i++) {
            int c = x.cIndex(i, firstColumn);
            SimdRowProduct.multiplyAdd(
                    n, k, x.a, x.aIndex(i, 0), x.aColumnStride, x.b, b, x.bRowStride, x.c, c, scratch);
        }
    }

    private void reserveScratch(int length) {
        if (scratch.length < length) {
            scratch = new float[length];
        }
    }

    private void multiplyAddBlocks(MatrixProduct x, int firstRow, int m, int firstColumn, int n, int k) {
        int bLength = (Math.min(n, WIDTH) + PANEL) * Math.min(k, DEPTH);
        int aLength = (Math.min(m, HEIGHT) / ROWS + 2) * tileLength(Math.min(k, DEPTH));
        reserveScratch(TILE + bLength + aLength);
        for (int p = 0; p < k; p += DEPTH) {
            int depth = Math.min(DEPTH, k - p);
            for (int j = 0; j < n; j += WIDTH) {
                int width = Math.min(WIDTH, n - j);
                int bFirst = x.bIndex(p, firstColumn + j);
                boolean packed = x.bColumnStride != 1 || width < PANEL || m >= PACK_FROM;
                if (packed) {
                    packPanels(depth, width, x.b, bFirst, x.bRowStride, x.bColumnStride, scratch);
                }
                for (int i = 0; i < m; i += HEIGHT) {
                    multiplyAddBlock(
                            Math.min(HEIGHT, m - i),
                            width,
                            depth,
                            x.a,
                            x.aIndex(firstRow + i, p),
                            x.aRowStride,
                            x.aColumnStride,
                            packed ? scratch : x.b,
                            packed ? TILE : bFirst,
                            packed ? PANEL : x.bRowStride,
                            packed ? depth * PANEL : PANEL,
                            scratch,
                            TILE + bLength,
                            x.c,
                            x.cIndex(firstRow + i, firstColumn + j),
                            x.cRowStride);
                }
            }
        }
    }

    private static int tileLength(int depth) {
        return depth * ROWS + GAP;
    }

    /** Packs a block of B into consecutive panels. */
    private static void packPanels(int k, int n, float[] b, int bOffset, int rsB, int csB, float[] scratch) {
        int whole = n - n % PANEL;
        if (csB == 1) {
            packRows(k, whole, b, bOffset, rsB, scratch);
        } else {
            for (int j = 0; j < whole; j += PANEL) {
                packColumns(k, PANEL, b, bOffset + j * csB, rsB, csB, scratch, TILE + j * k);
            }
        }
        if (whole < n) {
            int columns = Math.min(n, PANEL);
            int from = bOffset + (n - columns) * csB;
            packColumns(k, columns, b, from, rsB, csB, scratch, TILE + whole * k);
        }
    }

    private static void packRows(int k, int n, float[] b, int bOffset, int rsB, float[] scratch) {
        for (int p = 0; p < k; p++) {
            int from = bOffset + p * rsB;
            int to = TILE + p * PANEL;
            for (int j = 0; j < n; j += PANEL) {
                load(b, from + j).intoArray(scratch, to + j * k);
                load(b, from + j + L).intoArray(scratch, to + j * k + L);
            }
        }
    }

    /** Packs one panel element by element; its columns from {@code columns} on remain undefined. */
    private static void packColumns(
            int k, int columns, float[] b, int bOffset, int rsB, int csB, float[] to, int toOffset) {
        int strips = k - k % STRIP;
        for (int p = 0; p < strips; p += STRIP) {
            for (int j = 0; j < columns; j++) {
                int from = bOffset + p * rsB + j * csB;
                int at = toOffset + p * PANEL + j;
                to[at] = b[from];
                to[at + PANEL] = b[from + rsB];
                to[at + 2 * PANEL] = b[from + 2 * rsB];
                to[at + 3 * PANEL] = b[from + 3 * rsB];
                to[at + 4 * PANEL] = b[from + 4 * rsB];
                to[at + 5 * PANEL] = b[from + 5 * rsB];
                to[at + 6 * PANEL] = b[from + 6 * rsB];
                to[at + 7 * PANEL] = b[from + 7 * rsB];
            }
        }
        for (int p = strips; p < k; p++) {
            for (int j = 0; j < columns; j++) {
                to[toOffset + p * PANEL + j] = b[bOffset + p * rsB + j * csB];
            }
        }
    }

    /**
     * Multiplies a block of A by a block of B.
     *
     * @param bPanelStride distance between two panels of B
     * @param scratch space for a tile of C at offset 0, and for a block of A at {@code aPacked}. Modified.
     */
    private static void multiplyAddBlock(
            int m,
            int n,
            int k,
            float[] a,
            int aOffset,
            int rsA,
            int csA,
            float[] b,
            int bOffset,
            int rsB,
            int bPanelStride,
            float[] scratch,
            int aPacked,
            float[] c,
            int cOffset,
            int rsC) {
        boolean packed = rsA == 1 && n > PANEL;
        if (packed) {
            packTiles(m, k, a, aOffset, csA, scratch, aPacked);
        }
        int width = Math.min(n, PANEL);
        int fullRows = n <= L ? NARROW_ROWS : ROWS;
        for (int j = 0; j < n; j += PANEL) {
            int firstColumn = Math.min(j, n - width);
            int panel = bOffset + j / PANEL * bPanelStride - (rsB == PANEL ? 0 : j - firstColumn);
            int aTile = aPacked;
            for (int i = 0; i < m; aTile += tileLength(k)) {
                int rows = tileRows(m, i, fullRows);
                int firstRow = Math.min(i, m - rows);
                int from = packed ? aTile : aOffset + firstRow * rsA;
                int cTile = cOffset + firstRow * rsC + firstColumn;
                boolean whole = firstRow == i && firstColumn == j && width == PANEL;
                if (!whole) {
                    copyRows(rows, width, c, cTile, rsC, scratch, 0, PANEL);
                }
                multiplyAddTile(
                        rows,
                        n <= L,
                        k,
                        packed ? scratch : a,
                        from,
                        rsA,
                        packed ? ROWS : csA,
                        b,
                        panel,
                        rsB,
                        whole ? c : scratch,
                        whole ? cTile : 0,
                        whole ? rsC : PANEL);
                if (!whole) {
                    int missing = (i - firstRow) * PANEL + j - firstColumn;
                    copyRows(
                            rows - (i - firstRow),
                            width - (j - firstColumn),
                            scratch,
                            missing,
                            PANEL,
                            c,
                            cOffset + i * rsC + j,
                            rsC);
                }
                i = firstRow + rows;
            }
        }
    }

    /** The number of rows of the tile at row i of m. */
    private static int tileRows(int m, int i, int fullRows) {
        int left = m - i;
        return left <= LOW_ROWS || left == 2 * LOW_ROWS || m < fullRows ? LOW_ROWS : fullRows;
    }

    /** Packs a block of A with contiguous columns into consecutive tiles. */
    private static void packTiles(int m, int k, float[] a, int aOffset, int csA, float[] to, int toOffset) {
        int tile = toOffset;
        for (int i = 0; i < m; tile += tileLength(k)) {
            int rows = tileRows(m, i, ROWS);
            int firstRow = Math.min(i, m - rows);
            for (int p = 0; p < k; p++) {
                int from = aOffset + firstRow + p * csA;
                int at = tile + p * ROWS;
                if (from + GAP <= a.length) {
                    for (int row = 0; row < rows; row += L) {
                        load(a, from + row).intoArray(to, at + row);
                    }
                } else {
                    System.arraycopy(a, from, to, at, rows);
                }
            }
            i = firstRow + rows;
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

    private static void multiplyAddTile(
            int rows,
            boolean narrow,
            int k,
            float[] a,
            int a0,
            int rsA,
            int csA,
            float[] b,
            int b0,
            int rsB,
            float[] c,
            int c0,
            int rsC) {
        if (narrow && rows == NARROW_ROWS) {
            multiplyAddNarrowTile(k, a, a0, rsA, csA, b, b0, rsB, c, c0, rsC);
        } else if (rows == 4) {
            multiplyAddTileOf4(k, a, a0, rsA, csA, b, b0, rsB, c, c0, rsC);
        } else if (rows == 6) {
            multiplyAddTileOf6(k, a, a0, rsA, csA, b, b0, rsB, c, c0, rsC);
        } else if (rows == 8) {
            multiplyAddTileOf8(k, a, a0, rsA, csA, b, b0, rsB, c, c0, rsC);
        } else {
            multiplyAddTileOf12(k, a, a0, rsA, csA, b, b0, rsB, c, c0, rsC);
        }
    }

    private static void multiplyAddTileOf4(
            int k, float[] a, int a0, int rsA, int csA, float[] b, int b0, int rsB, float[] c, int c0, int rsC) {
        int c1 = c0 + rsC;
        int c2 = c1 + rsC;
        int c3 = c2 + rsC;
        FloatVector s0a = FloatVector.fromArray(SPECIES, c, c0);
        FloatVector s0b = FloatVector.fromArray(SPECIES, c, c0 + L);
        FloatVector s1a = FloatVector.fromArray(SPECIES, c, c1);
        FloatVector s1b = FloatVector.fromArray(SPECIES, c, c1 + L);
        FloatVector s2a = FloatVector.fromArray(SPECIES, c, c2);
        FloatVector s2b = FloatVector.fromArray(SPECIES, c, c2 + L);
        FloatVector s3a = FloatVector.fromArray(SPECIES, c, c3);
        FloatVector s3b = FloatVector.fromArray(SPECIES, c, c3 + L);
        for (int p = 0; p < k; p++) {
            FloatVector va = FloatVector.fromArray(SPECIES, b, b0);
            FloatVector vb = FloatVector.fromArray(SPECIES, b, b0 + L);
            FloatVector f0 = FloatVector.broadcast(SPECIES, a[a0]);
            s0a = f0.fma(va, s0a);
            s0b = f0.fma(vb, s0b);
            FloatVector f1 = FloatVector.broadcast(SPECIES, a[a0 + rsA]);
            s1a = f1.fma(va, s1a);
            s1b = f1.fma(vb, s1b);
            FloatVector f2 = FloatVector.broadcast(SPECIES, a[a0 + 2 * rsA]);
            s2a = f2.fma(va, s2a);
            s2b = f2.fma(vb, s2b);
            FloatVector f3 = FloatVector.broadcast(SPECIES, a[a0 + 3 * rsA]);
            s3a = f3.fma(va, s3a);
            s3b = f3.fma(vb, s3b);
            a0 += csA;
            b0 += rsB;
        }
        s0a.intoArray(c, c0);
        s0b.intoArray(c, c0 + L);
        s1a.intoArray(c, c1);
        s1b.intoArray(c, c1 + L);
        s2a.intoArray(c, c2);
        s2b.intoArray(c, c2 + L);
        s3a.intoArray(c, c3);
        s3b.intoArray(c, c3 + L);
    }

    private static void multiplyAddTileOf6(
            int k, float[] a, int a0, int rsA, int csA, float[] b, int b0, int rsB, float[] c, int c0, int rsC) {
        int c1 = c0 + rsC;
        int c2 = c1 + rsC;
        int c3 = c2 + rsC;
        int c4 = c3 + rsC;
        int c5 = c4 + rsC;
        FloatVector s0a = FloatVector.fromArray(SPECIES, c, c0);
        FloatVector s0b = FloatVector.fromArray(SPECIES, c, c0 + L);
        FloatVector s1a = FloatVector.fromArray(SPECIES, c, c1);
        FloatVector s1b = FloatVector.fromArray(SPECIES, c, c1 + L);
        FloatVector s2a = FloatVector.fromArray(SPECIES, c, c2);
        FloatVector s2b = FloatVector.fromArray(SPECIES, c, c2 + L);
        FloatVector s3a = FloatVector.fromArray(SPECIES, c, c3);
        FloatVector s3b = FloatVector.fromArray(SPECIES, c, c3 + L);
        FloatVector s4a = FloatVector.fromArray(SPECIES, c, c4);
        FloatVector s4b = FloatVector.fromArray(SPECIES, c, c4 + L);
        FloatVector s5a = FloatVector.fromArray(SPECIES, c, c5);
        FloatVector s5b = FloatVector.fromArray(SPECIES, c, c5 + L);
        for (int p = 0; p < k; p++) {
            FloatVector va = FloatVector.fromArray(SPECIES, b, b0);
            FloatVector vb = FloatVector.fromArray(SPECIES, b, b0 + L);
            FloatVector f0 = FloatVector.broadcast(SPECIES, a[a0]);
            s0a = f0.fma(va, s0a);
            s0b = f0.fma(vb, s0b);
            FloatVector f1 = FloatVector.broadcast(SPECIES, a[a0 + rsA]);
            s1a = f1.fma(va, s1a);
            s1b = f1.fma(vb, s1b);
            FloatVector f2 = FloatVector.broadcast(SPECIES, a[a0 + 2 * rsA]);
            s2a = f2.fma(va, s2a);
            s2b = f2.fma(vb, s2b);
            FloatVector f3 = FloatVector.broadcast(SPECIES, a[a0 + 3 * rsA]);
            s3a = f3.fma(va, s3a);
            s3b = f3.fma(vb, s3b);
            FloatVector f4 = FloatVector.broadcast(SPECIES, a[a0 + 4 * rsA]);
            s4a = f4.fma(va, s4a);
            s4b = f4.fma(vb, s4b);
            FloatVector f5 = FloatVector.broadcast(SPECIES, a[a0 + 5 * rsA]);
            s5a = f5.fma(va, s5a);
            s5b = f5.fma(vb, s5b);
            a0 += csA;
            b0 += rsB;
        }
        s0a.intoArray(c, c0);
        s0b.intoArray(c, c0 + L);
        s1a.intoArray(c, c1);
        s1b.intoArray(c, c1 + L);
        s2a.intoArray(c, c2);
        s2b.intoArray(c, c2 + L);
        s3a.intoArray(c, c3);
        s3b.intoArray(c, c3 + L);
        s4a.intoArray(c, c4);
        s4b.intoArray(c, c4 + L);
        s5a.intoArray(c, c5);
        s5b.intoArray(c, c5 + L);
    }

    private static void multiplyAddTileOf8(
            int k, float[] a, int a0, int rsA, int csA, float[] b, int b0, int rsB, float[] c, int c0, int rsC) {
        int c1 = c0 + rsC;
        int c2 = c1 + rsC;
        int c3 = c2 + rsC;
        int c4 = c3 + rsC;
        int c5 = c4 + rsC;
        int c6 = c5 + rsC;
        int c7 = c6 + rsC;
        FloatVector s0a = FloatVector.fromArray(SPECIES, c, c0);
        FloatVector s0b = FloatVector.fromArray(SPECIES, c, c0 + L);
        FloatVector s1a = FloatVector.fromArray(SPECIES, c, c1);
        FloatVector s1b = FloatVector.fromArray(SPECIES, c, c1 + L);
        FloatVector s2a = FloatVector.fromArray(SPECIES, c, c2);
        FloatVector s2b = FloatVector.fromArray(SPECIES, c, c2 + L);
        FloatVector s3a = FloatVector.fromArray(SPECIES, c, c3);
        FloatVector s3b = FloatVector.fromArray(SPECIES, c, c3 + L);
        FloatVector s4a = FloatVector.fromArray(SPECIES, c, c4);
        FloatVector s4b = FloatVector.fromArray(SPECIES, c, c4 + L);
        FloatVector s5a = FloatVector.fromArray(SPECIES, c, c5);
        FloatVector s5b = FloatVector.fromArray(SPECIES, c, c5 + L);
        FloatVector s6a = FloatVector.fromArray(SPECIES, c, c6);
        FloatVector s6b = FloatVector.fromArray(SPECIES, c, c6 + L);
        FloatVector s7a = FloatVector.fromArray(SPECIES, c, c7);
        FloatVector s7b = FloatVector.fromArray(SPECIES, c, c7 + L);
        for (int p = 0; p < k; p++) {
            FloatVector va = FloatVector.fromArray(SPECIES, b, b0);
            FloatVector vb = FloatVector.fromArray(SPECIES, b, b0 + L);
            FloatVector f0 = FloatVector.broadcast(SPECIES, a[a0]);
            s0a = f0.fma(va, s0a);
            s0b = f0.fma(vb, s0b);
            FloatVector f1 = FloatVector.broadcast(SPECIES, a[a0 + rsA]);
            s1a = f1.fma(va, s1a);
            s1b = f1.fma(vb, s1b);
            FloatVector f2 = FloatVector.broadcast(SPECIES, a[a0 + 2 * rsA]);
            s2a = f2.fma(va, s2a);
            s2b = f2.fma(vb, s2b);
            FloatVector f3 = FloatVector.broadcast(SPECIES, a[a0 + 3 * rsA]);
            s3a = f3.fma(va, s3a);
            s3b = f3.fma(vb, s3b);
            FloatVector f4 = FloatVector.broadcast(SPECIES, a[a0 + 4 * rsA]);
            s4a = f4.fma(va, s4a);
            s4b = f4.fma(vb, s4b);
            FloatVector f5 = FloatVector.broadcast(SPECIES, a[a0 + 5 * rsA]);
            s5a = f5.fma(va, s5a);
            s5b = f5.fma(vb, s5b);
            FloatVector f6 = FloatVector.broadcast(SPECIES, a[a0 + 6 * rsA]);
            s6a = f6.fma(va, s6a);
            s6b = f6.fma(vb, s6b);
            FloatVector f7 = FloatVector.broadcast(SPECIES, a[a0 + 7 * rsA]);
            s7a = f7.fma(va, s7a);
            s7b = f7.fma(vb, s7b);
            a0 += csA;
            b0 += rsB;
        }
        s0a.intoArray(c, c0);
        s0b.intoArray(c, c0 + L);
        s1a.intoArray(c, c1);
        s1b.intoArray(c, c1 + L);
        s2a.intoArray(c, c2);
        s2b.intoArray(c, c2 + L);
        s3a.intoArray(c, c3);
        s3b.intoArray(c, c3 + L);
        s4a.intoArray(c, c4);
        s4b.intoArray(c, c4 + L);
        s5a.intoArray(c, c5);
        s5b.intoArray(c, c5 + L);
        s6a.intoArray(c, c6);
        s6b.intoArray(c, c6 + L);
        s7a.intoArray(c, c7);
        s7b.intoArray(c, c7 + L);
    }

    private static void multiplyAddTileOf12(
            int k, float[] a, int a0, int rsA, int csA, float[] b, int b0, int rsB, float[] c, int c0, int rsC) {
        int c1 = c0 + rsC;
        int c2 = c1 + rsC;
        int c3 = c2 + rsC;
        int c4 = c3 + rsC;
        int c5 = c4 + rsC;
        int c6 = c5 + rsC;
        int c7 = c6 + rsC;
        int c8 = c7 + rsC;
        int c9 = c8 + rsC;
        int c10 = c9 + rsC;
        int c11 = c10 + rsC;
        FloatVector s0a = FloatVector.fromArray(SPECIES, c, c0);
        FloatVector s0b = FloatVector.fromArray(SPECIES, c, c0 + L);
        FloatVector s1a = FloatVector.fromArray(SPECIES, c, c1);
        FloatVector s1b = FloatVector.fromArray(SPECIES, c, c1 + L);
        FloatVector s2a = FloatVector.fromArray(SPECIES, c, c2);
        FloatVector s2b = FloatVector.fromArray(SPECIES, c, c2 + L);
        FloatVector s3a = FloatVector.fromArray(SPECIES, c, c3);
        FloatVector s3b = FloatVector.fromArray(SPECIES, c, c3 + L);
        FloatVector s4a = FloatVector.fromArray(SPECIES, c, c4);
        FloatVector s4b = FloatVector.fromArray(SPECIES, c, c4 + L);
        FloatVector s5a = FloatVector.fromArray(SPECIES, c, c5);
        FloatVector s5b = FloatVector.fromArray(SPECIES, c, c5 + L);
        FloatVector s6a = FloatVector.fromArray(SPECIES, c, c6);
        FloatVector s6b = FloatVector.fromArray(SPECIES, c, c6 + L);
        FloatVector s7a = FloatVector.fromArray(SPECIES, c, c7);
        FloatVector s7b = FloatVector.fromArray(SPECIES, c, c7 + L);
        FloatVector s8a = FloatVector.fromArray(SPECIES, c, c8);
        FloatVector s8b = FloatVector.fromArray(SPECIES, c, c8 + L);
        FloatVector s9a = FloatVector.fromArray(SPECIES, c, c9);
        FloatVector s9b = FloatVector.fromArray(SPECIES, c, c9 + L);
        FloatVector s10a = FloatVector.fromArray(SPECIES, c, c10);
        FloatVector s10b = FloatVector.fromArray(SPECIES, c, c10 + L);
        FloatVector s11a = FloatVector.fromArray(SPECIES, c, c11);
        FloatVector s11b = FloatVector.fromArray(SPECIES, c, c11 + L);
        for (int p = 0; p < k; p++) {
            FloatVector va = FloatVector.fromArray(SPECIES, b, b0);
            FloatVector vb = FloatVector.fromArray(SPECIES, b, b0 + L);
            FloatVector f0 = FloatVector.broadcast(SPECIES, a[a0]);
            s0a = f0.fma(va, s0a);
            s0b = f0.fma(vb, s0b);
            FloatVector f1 = FloatVector.broadcast(SPECIES, a[a0 + rsA]);
            s1a = f1.fma(va, s1a);
            s1b = f1.fma(vb, s1b);
            FloatVector f2 = FloatVector.broadcast(SPECIES, a[a0 + 2 * rsA]);
            s2a = f2.fma(va, s2a);
            s2b = f2.fma(vb, s2b);
            FloatVector f3 = FloatVector.broadcast(SPECIES, a[a0 + 3 * rsA]);
            s3a = f3.fma(va, s3a);
            s3b = f3.fma(vb, s3b);
            FloatVector f4 = FloatVector.broadcast(SPECIES, a[a0 + 4 * rsA]);
            s4a = f4.fma(va, s4a);
            s4b = f4.fma(vb, s4b);
            FloatVector f5 = FloatVector.broadcast(SPECIES, a[a0 + 5 * rsA]);
            s5a = f5.fma(va, s5a);
            s5b = f5.fma(vb, s5b);
            FloatVector f6 = FloatVector.broadcast(SPECIES, a[a0 + 6 * rsA]);
            s6a = f6.fma(va, s6a);
            s6b = f6.fma(vb, s6b);
            FloatVector f7 = FloatVector.broadcast(SPECIES, a[a0 + 7 * rsA]);
            s7a = f7.fma(va, s7a);
            s7b = f7.fma(vb, s7b);
            FloatVector f8 = FloatVector.broadcast(SPECIES, a[a0 + 8 * rsA]);
            s8a = f8.fma(va, s8a);
            s8b = f8.fma(vb, s8b);
            FloatVector f9 = FloatVector.broadcast(SPECIES, a[a0 + 9 * rsA]);
            s9a = f9.fma(va, s9a);
            s9b = f9.fma(vb, s9b);
            FloatVector f10 = FloatVector.broadcast(SPECIES, a[a0 + 10 * rsA]);
            s10a = f10.fma(va, s10a);
            s10b = f10.fma(vb, s10b);
            FloatVector f11 = FloatVector.broadcast(SPECIES, a[a0 + 11 * rsA]);
            s11a = f11.fma(va, s11a);
            s11b = f11.fma(vb, s11b);
            a0 += csA;
            b0 += rsB;
        }
        s0a.intoArray(c, c0);
        s0b.intoArray(c, c0 + L);
        s1a.intoArray(c, c1);
        s1b.intoArray(c, c1 + L);
        s2a.intoArray(c, c2);
        s2b.intoArray(c, c2 + L);
        s3a.intoArray(c, c3);
        s3b.intoArray(c, c3 + L);
        s4a.intoArray(c, c4);
        s4b.intoArray(c, c4 + L);
        s5a.intoArray(c, c5);
        s5b.intoArray(c, c5 + L);
        s6a.intoArray(c, c6);
        s6b.intoArray(c, c6 + L);
        s7a.intoArray(c, c7);
        s7b.intoArray(c, c7 + L);
        s8a.intoArray(c, c8);
        s8b.intoArray(c, c8 + L);
        s9a.intoArray(c, c9);
        s9b.intoArray(c, c9 + L);
        s10a.intoArray(c, c10);
        s10b.intoArray(c, c10 + L);
        s11a.intoArray(c, c11);
        s11b.intoArray(c, c11 + L);
    }

    /** A tile of NARROW_ROWS rows and one vector. */
    private static void multiplyAddNarrowTile(
            int k, float[] a, int a0, int rsA, int csA, float[] b, int b0, int rsB, float[] c, int c0, int rsC) {
        int c1 = c0 + rsC;
        int c2 = c1 + rsC;
        int c3 = c2 + rsC;
        int c4 = c3 + rsC;
        int c5 = c4 + rsC;
        int c6 = c5 + rsC;
        int c7 = c6 + rsC;
        int c8 = c7 + rsC;
        int c9 = c8 + rsC;
        int c10 = c9 + rsC;
        int c11 = c10 + rsC;
        FloatVector s0 = FloatVector.fromArray(SPECIES, c, c0);
        FloatVector s1 = FloatVector.fromArray(SPECIES, c, c1);
        FloatVector s2 = FloatVector.fromArray(SPECIES, c, c2);
        FloatVector s3 = FloatVector.fromArray(SPECIES, c, c3);
        FloatVector s4 = FloatVector.fromArray(SPECIES, c, c4);
        FloatVector s5 = FloatVector.fromArray(SPECIES, c, c5);
        FloatVector s6 = FloatVector.fromArray(SPECIES, c, c6);
        FloatVector s7 = FloatVector.fromArray(SPECIES, c, c7);
        FloatVector s8 = FloatVector.fromArray(SPECIES, c, c8);
        FloatVector s9 = FloatVector.fromArray(SPECIES, c, c9);
        FloatVector s10 = FloatVector.fromArray(SPECIES, c, c10);
        FloatVector s11 = FloatVector.fromArray(SPECIES, c, c11);
        for (int p = 0; p < k; p++) {
            FloatVector v = FloatVector.fromArray(SPECIES, b, b0);
            s0 = FloatVector.broadcast(SPECIES, a[a0]).fma(v, s0);
            s1 = FloatVector.broadcast(SPECIES, a[a0 + rsA]).fma(v, s1);
            s2 = FloatVector.broadcast(SPECIES, a[a0 + 2 * rsA]).fma(v, s2);
            s3 = FloatVector.broadcast(SPECIES, a[a0 + 3 * rsA]).fma(v, s3);
            s4 = FloatVector.broadcast(SPECIES, a[a0 + 4 * rsA]).fma(v, s4);
            s5 = FloatVector.broadcast(SPECIES, a[a0 + 5 * rsA]).fma(v, s5);
            s6 = FloatVector.broadcast(SPECIES, a[a0 + 6 * rsA]).fma(v, s6);
            s7 = FloatVector.broadcast(SPECIES, a[a0 + 7 * rsA]).fma(v, s7);
            s8 = FloatVector.broadcast(SPECIES, a[a0 + 8 * rsA]).fma(v, s8);
            s9 = FloatVector.broadcast(SPECIES, a[a0 + 9 * rsA]).fma(v, s9);
            s10 = FloatVector.broadcast(SPECIES, a[a0 + 10 * rsA]).fma(v, s10);
            s11 = FloatVector.broadcast(SPECIES, a[a0 + 11 * rsA]).fma(v, s11);
            a0 += csA;
            b0 += rsB;
        }
        s0.intoArray(c, c0);
        s1.intoArray(c, c1);
        s2.intoArray(c, c2);
        s3.intoArray(c, c3);
        s4.intoArray(c, c4);
        s5.intoArray(c, c5);
        s6.intoArray(c, c6);
        s7.intoArray(c, c7);
        s8.intoArray(c, c8);
        s9.intoArray(c, c9);
        s10.intoArray(c, c10);
        s11.intoArray(c, c11);
    }

    private static FloatVector load(float[] array, int offset) {
        return FloatVector.fromArray(SPECIES, array, offset);
    }
}
