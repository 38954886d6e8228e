package io.backprop.engine.kernel;

import static io.backprop.engine.kernel.Fma.fma;

/** The matrix product of {@link ScalarKernels}. */
final class ScalarProduct {

    /*
     * If C is narrow or the rows of B are not contiguous, four elements of C at a time are computed in registers. Otherwise
     * four rows of B at a time are added to a row of C, which C2 vectorizes. Either way, each element is one chain in rising
     * order of p.
     *
     * rsA and csA are the row stride and the column stride of A, as in BLIS; likewise for B and C.
     */

    /** With fewer columns than this, each element is computed in registers. */
    private static final int NARROW = 8;

    private ScalarProduct() {}

    static void multiply(MatrixProduct x, int firstRow, int m, int firstColumn, int n) {
        x.initialize(firstRow, m, firstColumn, n);
        multiplyAdd(x, firstRow, m, firstColumn, n, 0, x.depth());
    }

    /** Adds the products of columns {@code p} to {@code p + k} of A and the same rows of B. */
    static void multiplyAdd(MatrixProduct x, int firstRow, int m, int firstColumn, int n, int p, int k) {
        int b = x.bIndex(p, firstColumn);
        for (int i = firstRow; i < firstRow + m; i++) {
            if (x.bColumnStride != 1 || (n < NARROW && k > 1)) {
                addDotProducts(x, n, k, x.aIndex(i, p), b, x.cIndex(i, firstColumn));
            } else {
                addScaledRows(x, n, k, x.aIndex(i, p), b, x.cIndex(i, firstColumn));
            }
        }
    }

    private static void addDotProducts(MatrixProduct x, int n, int k, int aRow, int bOffset, int cRow) {
        int csB = x.bColumnStride;
        int j = 0;
        for (; j <= n - 4; j += 4) {
            addFourDotProducts(k, x.a, aRow, x.aColumnStride, x.b, bOffset + j * csB, x.bRowStride, csB, x.c, cRow + j);
        }
        for (; j < n; j++) {
            float sum = x.c[cRow + j];
            int aIndex = aRow;
            int bIndex = bOffset + j * csB;
            for (int p = 0; p < k; p++) {
                sum = fma(x.a[aIndex], x.b[bIndex], sum);
                aIndex += x.aColumnStride;
                bIndex += x.bRowStride;
            }
            x.c[cRow + j] = sum;
        }
    }

    private static void addFourDotProducts(
            int k, float[] a, int aRow, int aStride, float[] b, int bOffset, int rsB, int csB, float[] c, int cIndex) {
        float sum0 = c[cIndex];
        float sum1 = c[cIndex + 1];
        float sum2 = c[cIndex + 2];
        float sum3 = c[cIndex + 3];
        int aIndex = aRow;
        int bIndex = bOffset;
        for (int p = 0; p < k; p++) {
            float factor = a[aIndex];
            sum0 = fma(factor, b[bIndex], sum0);
            sum1 = fma(factor, b[bIndex + csB], sum1);
            sum2 = fma(factor, b[bIndex + 2 * csB], sum2);
            sum3 = fma(factor, b[bIndex + 3 * csB], sum3);
            aIndex += aStride;
            bIndex += rsB;
        }
        c[cIndex] = sum0;
        c[cIndex + 1] = sum1;
        c[cIndex + 2] = sum2;
        c[cIndex + 3] = sum3;
    }

    private static void addScaledRows(MatrixProduct x, int n, int k, int aRow, int bOffset, int cRow) {
        float[] a = x.a;
        float[] b = x.b;
        float[] c = x.c;
        int aStride = x.aColumnStride;
        int rsB = x.bRowStride;
        int p = 0;
        for (; p <= k - 4; p += 4) {
            int a0 = aRow + p * aStride;
            int b0 = bOffset + p * rsB;
            addFourScaledRows(
                    n,
                    a[a0],
                    a[a0 + aStride],
                    a[a0 + 2 * aStride],
                    a[a0 + 3 * aStride],
                    b,
                    b0,
                    b0 + rsB,
                    b0 + 2 * rsB,
                    b0 + 3 * rsB,
                    c,
                    cRow);
        }
        for (; p < k; p++) {
            float factor = a[aRow + p * aStride];
            int row = bOffset + p * rsB;
            for (int j = 0; j < n; j++) {
                c[cRow + j] = fma(factor, b[row + j], c[cRow + j]);
            }
        }
    }

    private static void addFourScaledRows(
            int n,
            float f0,
            float f1,
            float f2,
            float f3,
            float[] b,
            int b0,
            int b1,
            int b2,
            int b3,
            float[] c,
            int cRow) {
        for (int j = 0; j < n; j++) {
            float sum = fma(f1, b[b1 + j], fma(f0, b[b0 + j], c[cRow + j]));
            c[cRow + j] = fma(f3, b[b3 + j], fma(f2, b[b2 + j], sum));
        }
    }
}
