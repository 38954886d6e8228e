package io.backprop.engine.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The product of a single row and a matrix, for {@link SimdProduct}. */
final class SimdRowProduct {

    /*
     * Each element of B is used only once, so the speed is that of reading B from the cache. A block of columns stays in
     * registers while the loop runs over all rows of B; the wider the block, the more consecutive lines it reads from each
     * row. The last columns, fewer than a vector, are computed in a copy of the last whole vector of C, or of all of C if
     * it is shorter; the excess lanes are not stored.
     *
     * Blocks only call the Vector API (see SimdKernels).
     */

    private static final VectorSpecies<Float> SPECIES = SimdKernels.SPECIES;
    private static final int L = SPECIES.length();

    /** Vectors of the widest block; half as many if there may be only 16 registers. */
    private static final int WIDEST = L > 8 ? 16 : 8;

    private SimdRowProduct() {}

    /**
     * {@code c[j] += Σ a[p]·b[p][j]}.
     *
     * @param csA distance between two elements of A
     * @param rsB distance between two rows of B
     * @param scratch a vector. Modified.
     */
    static void multiplyAdd(
            int n, int k, float[] a, int a0, int csA, float[] b, int b0, int rsB, float[] c, int c0, float[] scratch) {
        int j = 0;
        for (; WIDEST == 16 && j <= n - 16 * L; j += 16 * L) {
            multiplyAddSixteen(k, a, a0, csA, b, b0 + j, rsB, c, c0 + j);
        }
        for (; j <= n - 8 * L; j += 8 * L) {
            multiplyAddEight(k, a, a0, csA, b, b0 + j, rsB, c, c0 + j);
        }
        for (; j <= n - 4 * L; j += 4 * L) {
            multiplyAddFour(k, a, a0, csA, b, b0 + j, rsB, c, c0 + j);
        }
        for (; j <= n - L; j += L) {
            multiplyAddOne(k, a, a0, csA, b, b0 + j, rsB, c, c0 + j);
        }
        if (j < n) {
            int first = Math.max(0, n - L);
            System.arraycopy(c, c0 + first, scratch, 0, n - first);
            int whole = n < L ? rowsOfWholeVectors(k, b, b0, rsB) : k;
            multiplyAddOne(whole, a, a0, csA, b, b0 + first, rsB, scratch, 0);
            for (int p = whole; p < k; p++) {
                for (int l = 0; l < n; l++) {
                    scratch[l] = Fma.fma(a[a0 + p * csA], b[b0 + p * rsB + l], scratch[l]);
                }
            }
            System.arraycopy(scratch, j - first, c, c0 + j, n - j);
        }
    }

    /** The number of rows of B after whose beginning the array has a whole vector. */
    private static int rowsOfWholeVectors(int k, float[] b, int b0, int rsB) {
        int last = b.length - L - b0;
        return last < 0 ? 0 : Math.min(k, last / rsB + 1);
    }

    private static void multiplyAddSixteen(
            int k, float[] a, int a0, int csA, float[] b, int b0, int rsB, float[] c, int c0) {
        FloatVector s0 = FloatVector.fromArray(SPECIES, c, c0);
        FloatVector s1 = FloatVector.fromArray(SPECIES, c, c0 + L);
        FloatVector s2 = FloatVector.fromArray(SPECIES, c, c0 + 2 * L);
        FloatVector s3 = FloatVector.fromArray(SPECIES, c, c0 + 3 * L);
        FloatVector s4 = FloatVector.fromArray(SPECIES, c, c0 + 4 * L);
        FloatVector s5 = FloatVector.fromArray(SPECIES, c, c0 + 5 * L);
        FloatVector s6 = FloatVector.fromArray(SPECIES, c, c0 + 6 * L);
        FloatVector s7 = FloatVector.fromArray(SPECIES, c, c0 + 7 * L);
        FloatVector s8 = FloatVector.fromArray(SPECIES, c, c0 + 8 * L);
        FloatVector s9 = FloatVector.fromArray(SPECIES, c, c0 + 9 * L);
        FloatVector s10 = FloatVector.fromArray(SPECIES, c, c0 + 10 * L);
        FloatVector s11 = FloatVector.fromArray(SPECIES, c, c0 + 11 * L);
        FloatVector s12 = FloatVector.fromArray(SPECIES, c, c0 + 12 * L);
        FloatVector s13 = FloatVector.fromArray(SPECIES, c, c0 + 13 * L);
        FloatVector s14 = FloatVector.fromArray(SPECIES, c, c0 + 14 * L);
        FloatVector s15 = FloatVector.fromArray(SPECIES, c, c0 + 15 * L);
        for (int p = 0; p < k; p++) {
            FloatVector f = FloatVector.broadcast(SPECIES, a[a0]);
            s0 = f.fma(FloatVector.fromArray(SPECIES, b, b0), s0);
            s1 = f.fma(FloatVector.fromArray(SPECIES, b, b0 + L), s1);
            s2 = f.fma(FloatVector.fromArray(SPECIES, b, b0 + 2 * L), s2);
            s3 = f.fma(FloatVector.fromArray(SPECIES, b, b0 + 3 * L), s3);
            s4 = f.fma(FloatVector.fromArray(SPECIES, b, b0 + 4 * L), s4);
            s5 = f.fma(FloatVector.fromArray(SPECIES, b, b0 + 5 * L), s5);
            s6 = f.fma(FloatVector.fromArray(SPECIES, b, b0 + 6 * L), s6);
            s7 = f.fma(FloatVector.fromArray(SPECIES, b, b0 + 7 * L), s7);
            s8 = f.fma(FloatVector.fromArray(SPECIES, b, b0 + 8 * L), s8);
            s9 = f.fma(FloatVector.fromArray(SPECIES, b, b0 + 9 * L), s9);
            s10 = f.fma(FloatVector.fromArray(SPECIES, b, b0 + 10 * L), s10);
            s11 = f.fma(FloatVector.fromArray(SPECIES, b, b0 + 11 * L), s11);
            s12 = f.fma(FloatVector.fromArray(SPECIES, b, b0 + 12 * L), s12);
            s13 = f.fma(FloatVector.fromArray(SPECIES, b, b0 + 13 * L), s13);
            s14 = f.fma(FloatVector.fromArray(SPECIES, b, b0 + 14 * L), s14);
            s15 = f.fma(FloatVector.fromArray(SPECIES, b, b0 + 15 * L), s15);
            a0 += csA;
            b0 += rsB;
        }
        s0.intoArray(c, c0);
        s1.intoArray(c, c0 + L);
        s2.intoArray(c, c0 + 2 * L);
        s3.intoArray(c, c0 + 3 * L);
        s4.intoArray(c, c0 + 4 * L);
        s5.intoArray(c, c0 + 5 * L);
        s6.intoArray(c, c0 + 6 * L);
        s7.intoArray(c, c0 + 7 * L);
        s8.intoArray(c, c0 + 8 * L);
        s9.intoArray(c, c0 + 9 * L);
        s10.intoArray(c, c0 + 10 * L);
        s11.intoArray(c, c0 + 11 * L);
        s12.intoArray(c, c0 + 12 * L);
        s13.intoArray(c, c0 + 13 * L);
        s14.intoArray(c, c0 + 14 * L);
        s15.intoArray(c, c0 + 15 * L);
    }

    private static void multiplyAddEight(
            int k, float[] a, int a0, int csA, float[] b, int b0, int rsB, float[] c, int c0) {
        FloatVector s0 = FloatVector.fromArray(SPECIES, c, c0);
        FloatVector s1 = FloatVector.fromArray(SPECIES, c, c0 + L);
        FloatVector s2 = FloatVector.fromArray(SPECIES, c, c0 + 2 * L);
        FloatVector s3 = FloatVector.fromArray(SPECIES, c, c0 + 3 * L);
        FloatVector s4 = FloatVector.fromArray(SPECIES, c, c0 + 4 * L);
        FloatVector s5 = FloatVector.fromArray(SPECIES, c, c0 + 5 * L);
        FloatVector s6 = FloatVector.fromArray(SPECIES, c, c0 + 6 * L);
        FloatVector s7 = FloatVector.fromArray(SPECIES, c, c0 + 7 * L);
        for (int p = 0; p < k; p++) {
            FloatVector f = FloatVector.broadcast(SPECIES, a[a0]);
            s0 = f.fma(FloatVector.fromArray(SPECIES, b, b0), s0);
            s1 = f.fma(FloatVector.fromArray(SPECIES, b, b0 + L), s1);
            s2 = f.fma(FloatVector.fromArray(SPECIES, b, b0 + 2 * L), s2);
            s3 = f.fma(FloatVector.fromArray(SPECIES, b, b0 + 3 * L), s3);
            s4 = f.fma(FloatVector.fromArray(SPECIES, b, b0 + 4 * L), s4);
            s5 = f.fma(FloatVector.fromArray(SPECIES, b, b0 + 5 * L), s5);
            s6 = f.fma(FloatVector.fromArray(SPECIES, b, b0 + 6 * L), s6);
            s7 = f.fma(FloatVector.fromArray(SPECIES, b, b0 + 7 * L), s7);
            a0 += csA;
            b0 += rsB;
        }
        s0.intoArray(c, c0);
        s1.intoArray(c, c0 + L);
        s2.intoArray(c, c0 + 2 * L);
        s3.intoArray(c, c0 + 3 * L);
        s4.intoArray(c, c0 + 4 * L);
        s5.intoArray(c, c0 + 5 * L);
        s6.intoArray(c, c0 + 6 * L);
        s7.intoArray(c, c0 + 7 * L);
    }

    private static void multiplyAddFour(
            int k, float[] a, int a0, int csA, float[] b, int b0, int rsB, float[] c, int c0) {
        FloatVector s0 = FloatVector.fromArray(SPECIES, c, c0);
        FloatVector s1 = FloatVector.fromArray(SPECIES, c, c0 + L);
        FloatVector s2 = FloatVector.fromArray(SPECIES, c, c0 + 2 * L);
        FloatVector s3 = FloatVector.fromArray(SPECIES, c, c0 + 3 * L);
        for (int p = 0; p < k; p++) {
            FloatVector f = FloatVector.broadcast(SPECIES, a[a0]);
            s0 = f.fma(FloatVector.fromArray(SPECIES, b, b0), s0);
            s1 = f.fma(FloatVector.fromArray(SPECIES, b, b0 + L), s1);
            s2 = f.fma(FloatVector.fromArray(SPECIES, b, b0 + 2 * L), s2);
            s3 = f.fma(FloatVector.fromArray(SPECIES, b, b0 + 3 * L), s3);
            a0 += csA;
            b0 += rsB;
        }
        s0.intoArray(c, c0);
        s1.intoArray(c, c0 + L);
        s2.intoArray(c, c0 + 2 * L);
        s3.intoArray(c, c0 + 3 * L);
    }

    private static void multiplyAddOne(
            int k, float[] a, int a0, int csA, float[] b, int b0, int rsB, float[] c, int c0) {
        FloatVector s = FloatVector.fromArray(SPECIES, c, c0);
        for (int p = 0; p < k; p++) {
            FloatVector f = FloatVector.broadcast(SPECIES, a[a0]);
            s = f.fma(FloatVector.fromArray(SPECIES, b, b0), s);
            a0 += csA;
            b0 += rsB;
        }
        s.intoArray(c, c0);
    }
}
