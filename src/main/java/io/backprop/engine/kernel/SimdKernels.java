package io.backprop.engine.kernel;

import static io.backprop.engine.kernel.FloatMath.*;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** The scalar loops in vectors of 4, 8 or 16 floats. */
final class SimdKernels extends ScalarKernels {

    /*
     * Overridden is what C2 does not vectorize by itself. Each kernel is a body of whole vectors and a tail, for which
     * the scalar loop goes on; short ranges are all tail. The twins of FloatMath's functions, at the end, do the same
     * operations in the same order and so give the same bits.
     *
     * Vectors only stay in registers as long as C2 inlines every call they pass through: a twin must stay below
     * FreqInlineSize (325 bytes of code), and the product's accumulators are local variables of one method.
     */

    private static final VectorSpecies<Float> SPECIES = VectorSpecies.of(
            float.class,
            VectorShape.forBitSize(Math.max(128, Math.min(512, FloatVector.SPECIES_PREFERRED.vectorBitSize()))));

    private static final int L = SPECIES.length();

    /** A tile of the product, ROWS × PANEL, has two vectors of accumulators per row: 12 of 16 registers. */
    private static final int ROWS = 6;

    private static final int PANEL = 2 * L;

    /** Rows of b in one pass over c, so that a panel of b stays in the first-level cache. */
    private static final int DEPTH = 256;

    /** Products with fewer multiplications are left to the scalar loops. */
    private static final int SMALL = 2048;

    /** Rows of a from which on it pays to copy the panel of b together. */
    private static final int PACK_FROM = 64;

    /** A packed panel, then a tile; per thread, as kernels have no state. */
    private static final ThreadLocal<float[]> SCRATCH =
            ThreadLocal.withInitial(() -> new float[DEPTH * PANEL + ROWS * PANEL]);

    private static final int TILE = DEPTH * PANEL;

    private static final VectorShuffle<Float> FROM_8 = from(8);
    private static final VectorShuffle<Float> FROM_4 = from(4);
    private static final VectorShuffle<Float> FROM_2 = from(2);

    /** Brings the lane {@code distance} further on into each lane. */
    private static VectorShuffle<Float> from(int distance) {
        return VectorShuffle.fromOp(SPECIES, lane -> (lane + distance) % L);
    }

    @Override
    public String name() {
        return "simd";
    }

    @Override
    public int vectorBits() {
        return SPECIES.vectorBitSize();
    }

    @Override
    public void multiplyAdd(
            int m,
            int n,
            int k,
            float[] a,
            int aOffset,
            int aRowStride,
            int aColumnStride,
            float[] b,
            int bOffset,
            int bRowStride,
            float[] c,
            int cOffset,
            int cRowStride) {
        int whole = (long) m * n * k < SMALL ? 0 : m - m % ROWS;
        for (int p = 0; whole > 0 && p < k; p += DEPTH) {
            multiplyAddPanels(
                    whole,
                    n,
                    Math.min(DEPTH, k - p),
                    a,
                    aOffset + p * aColumnStride,
                    aRowStride,
                    aColumnStride,
                    b,
                    bOffset + p * bRowStride,
                    bRowStride,
                    c,
                    cOffset,
                    cRowStride);
        }
        super.multiplyAdd(
                m - whole,
                n,
                k,
                a,
                aOffset + whole * aRowStride,
                aRowStride,
                aColumnStride,
                b,
                bOffset,
                bRowStride,
                c,
                cOffset + whole * cRowStride,
                cRowStride);
    }

    /** The product for whole tiles of rows and at most DEPTH rows of b. */
    private static void multiplyAddPanels(
            int m,
            int n,
            int k,
            float[] a,
            int aOffset,
            int aRowStride,
            int aColumnStride,
            float[] b,
            int bOffset,
            int bRowStride,
            float[] c,
            int cOffset,
            int cRowStride) {
        float[] scratch = SCRATCH.get();
        for (int j = 0; j < n; j += PANEL) {
            int columns = Math.min(PANEL, n - j);
            boolean packed = columns < PANEL || m >= PACK_FROM;
            float[] panel = packed ? scratch : b;
            int panelOffset = packed ? 0 : bOffset + j;
            int panelStride = packed ? PANEL : bRowStride;
            if (packed) {
                copyRows(k, columns, b, bOffset + j, bRowStride, scratch, 0, PANEL);
            }
            for (int i = 0; i < m; i += ROWS) {
                int aTile = aOffset + i * aRowStride;
                int cTile = cOffset + i * cRowStride + j;
                if (columns == PANEL) {
                    multiplyAddTile(
                            k,
                            a,
                            aTile,
                            aRowStride,
                            aColumnStride,
                            panel,
                            panelOffset,
                            panelStride,
                            c,
                            cTile,
                            cRowStride);
                } else {
                    copyRows(ROWS, columns, c, cTile, cRowStride, scratch, TILE, PANEL);
                    multiplyAddTile(
                            k,
                            a,
                            aTile,
                            aRowStride,
                            aColumnStride,
                            panel,
                            panelOffset,
                            panelStride,
                            scratch,
                            TILE,
                            PANEL);
                    copyRows(ROWS, columns, scratch, TILE, PANEL, c, cTile, cRowStride);
                }
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

    private static void multiplyAddTile(
            int k,
            float[] a,
            int aOffset,
            int aRowStride,
            int aColumnStride,
            float[] b,
            int bOffset,
            int bRowStride,
            float[] c,
            int cOffset,
            int cRowStride) {
        int c0 = cOffset;
        int c1 = c0 + cRowStride;
        int c2 = c1 + cRowStride;
        int c3 = c2 + cRowStride;
        int c4 = c3 + cRowStride;
        int c5 = c4 + cRowStride;
        FloatVector s00 = load(c, c0);
        FloatVector s01 = load(c, c0 + L);
        FloatVector s10 = load(c, c1);
        FloatVector s11 = load(c, c1 + L);
        FloatVector s20 = load(c, c2);
        FloatVector s21 = load(c, c2 + L);
        FloatVector s30 = load(c, c3);
        FloatVector s31 = load(c, c3 + L);
        FloatVector s40 = load(c, c4);
        FloatVector s41 = load(c, c4 + L);
        FloatVector s50 = load(c, c5);
        FloatVector s51 = load(c, c5 + L);
        int a0 = aOffset;
        int b0 = bOffset;
        for (int p = 0; p < k; p++) {
            FloatVector v0 = load(b, b0);
            FloatVector v1 = load(b, b0 + L);
            FloatVector f0 = FloatVector.broadcast(SPECIES, a[a0]);
            s00 = f0.fma(v0, s00);
            s01 = f0.fma(v1, s01);
            FloatVector f1 = FloatVector.broadcast(SPECIES, a[a0 + aRowStride]);
            s10 = f1.fma(v0, s10);
            s11 = f1.fma(v1, s11);
            FloatVector f2 = FloatVector.broadcast(SPECIES, a[a0 + 2 * aRowStride]);
            s20 = f2.fma(v0, s20);
            s21 = f2.fma(v1, s21);
            FloatVector f3 = FloatVector.broadcast(SPECIES, a[a0 + 3 * aRowStride]);
            s30 = f3.fma(v0, s30);
            s31 = f3.fma(v1, s31);
            FloatVector f4 = FloatVector.broadcast(SPECIES, a[a0 + 4 * aRowStride]);
            s40 = f4.fma(v0, s40);
            s41 = f4.fma(v1, s41);
            FloatVector f5 = FloatVector.broadcast(SPECIES, a[a0 + 5 * aRowStride]);
            s50 = f5.fma(v0, s50);
            s51 = f5.fma(v1, s51);
            a0 += aColumnStride;
            b0 += bRowStride;
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + L);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + L);
        s20.intoArray(c, c2);
        s21.intoArray(c, c2 + L);
        s30.intoArray(c, c3);
        s31.intoArray(c, c3 + L);
        s40.intoArray(c, c4);
        s41.intoArray(c, c4 + L);
        s50.intoArray(c, c5);
        s51.intoArray(c, c5 + L);
    }

    private static FloatVector load(float[] array, int offset) {
        return FloatVector.fromArray(SPECIES, array, offset);
    }

    @Override
    public void sigmoid(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int i = 0;
        for (; i < SPECIES.loopBound(length); i += L) {
            sigmoid(load(x, xOffset + i)).intoArray(y, yOffset + i);
        }
        super.sigmoid(x, xOffset + i, y, yOffset + i, length - i);
    }

    @Override
    public void tanh(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int i = 0;
        for (; i < SPECIES.loopBound(length); i += L) {
            tanh(load(x, xOffset + i)).intoArray(y, yOffset + i);
        }
        super.tanh(x, xOffset + i, y, yOffset + i, length - i);
    }

    @Override
    public void leakyRelu(float slope, float[] x, int xOffset, float[] y, int yOffset, int length) {
        int i = 0;
        for (; i < SPECIES.loopBound(length); i += L) {
            FloatVector value = load(x, xOffset + i);
            FloatVector negative = value.lanewise(VectorOperators.FMA, slope, 0f);
            negative.blend(value, positive(value)).intoArray(y, yOffset + i);
        }
        super.leakyRelu(slope, x, xOffset + i, y, yOffset + i, length - i);
    }

    @Override
    public void elu(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int i = 0;
        for (; i < SPECIES.loopBound(length); i += L) {
            elu(load(x, xOffset + i)).intoArray(y, yOffset + i);
        }
        super.elu(x, xOffset + i, y, yOffset + i, length - i);
    }

    @Override
    public void gelu(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int i = 0;
        for (; i < SPECIES.loopBound(length); i += L) {
            gelu(load(x, xOffset + i)).intoArray(y, yOffset + i);
        }
        super.gelu(x, xOffset + i, y, yOffset + i, length - i);
    }

    @Override
    public void softplus(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int i = 0;
        for (; i < SPECIES.loopBound(length); i += L) {
            softplus(load(x, xOffset + i)).intoArray(y, yOffset + i);
        }
        super.softplus(x, xOffset + i, y, yOffset + i, length - i);
    }

    @Override
    void exp(float[] x, int offset, int length) {
        int i = 0;
        for (; i < SPECIES.loopBound(length); i += L) {
            exp(load(x, offset + i)).intoArray(x, offset + i);
        }
        super.exp(x, offset + i, length - i);
    }

    @Override
    public void leakyReluGradient(
            float slope, float[] y, int yOffset, float[] gradient, int gradientOffset, int length) {
        int i = 0;
        for (; i < SPECIES.loopBound(length); i += L) {
            FloatVector g = load(gradient, gradientOffset + i);
            VectorMask<Float> positive = positive(load(y, yOffset + i));
            g.mul(slope).blend(g, positive).intoArray(gradient, gradientOffset + i);
        }
        super.leakyReluGradient(slope, y, yOffset + i, gradient, gradientOffset + i, length - i);
    }

    @Override
    public void eluGradient(float[] y, int yOffset, float[] gradient, int gradientOffset, int length) {
        int i = 0;
        for (; i < SPECIES.loopBound(length); i += L) {
            FloatVector value = load(y, yOffset + i);
            FloatVector g = load(gradient, gradientOffset + i);
            g.mul(value.add(1f)).blend(g, positive(value)).intoArray(gradient, gradientOffset + i);
        }
        super.eluGradient(y, yOffset + i, gradient, gradientOffset + i, length - i);
    }

    @Override
    public void geluGradient(float[] x, int xOffset, float[] gradient, int gradientOffset, int length) {
        int i = 0;
        for (; i < SPECIES.loopBound(length); i += L) {
            FloatVector g = load(gradient, gradientOffset + i);
            g.mul(geluDerivative(load(x, xOffset + i))).intoArray(gradient, gradientOffset + i);
        }
        super.geluGradient(x, xOffset + i, gradient, gradientOffset + i, length - i);
    }

    @Override
    public void softplusGradient(float[] x, int xOffset, float[] gradient, int gradientOffset, int length) {
        int i = 0;
        for (; i < SPECIES.loopBound(length); i += L) {
            FloatVector g = load(gradient, gradientOffset + i);
            g.mul(sigmoid(load(x, xOffset + i))).intoArray(gradient, gradientOffset + i);
        }
        super.softplusGradient(x, xOffset + i, gradient, gradientOffset + i, length - i);
    }

    @Override
    public void addPenalty(
            float l1, float l2, float[] weights, int weightsOffset, float[] gradient, int gradientOffset, int length) {
        float twice = 2 * l2;
        FloatVector zero = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i < SPECIES.loopBound(length); i += L) {
            FloatVector weight = load(weights, weightsOffset + i);
            FloatVector g = load(gradient, gradientOffset + i);
            FloatVector sign = zero.blend(l1, positive(weight)).blend(-l1, negative(weight));
            weight.lanewise(VectorOperators.FMA, FloatVector.broadcast(SPECIES, twice), g)
                    .add(sign)
                    .intoArray(gradient, gradientOffset + i);
        }
        super.addPenalty(l1, l2, weights, weightsOffset + i, gradient, gradientOffset + i, length - i);
    }

    /** The 16 lanes are one, two or four vectors. */
    @Override
    float blockSumOfSquares(float[] x, int offset, int length) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int i = 0;
        for (; i <= length - LANES; i += LANES) {
            s0 = addSquare(load(x, offset + i), s0);
            if (L <= 8) {
                s1 = addSquare(load(x, offset + i + L), s1);
            }
            if (L <= 4) {
                s2 = addSquare(load(x, offset + i + 2 * L), s2);
                s3 = addSquare(load(x, offset + i + 3 * L), s3);
            }
        }
        FloatVector sum = s0.add(s2).add(s1.add(s3));
        if (L > 8) {
            sum = sum.add(sum.rearrange(FROM_8));
        }
        if (L > 4) {
            sum = sum.add(sum.rearrange(FROM_4));
        }
        sum = sum.add(sum.rearrange(FROM_2));
        return addSquares(x, offset + i, length - i, sum.lane(0) + sum.lane(1));
    }

    private static FloatVector addSquare(FloatVector x, FloatVector sum) {
        return x.fma(x, sum);
    }

    private static VectorMask<Float> positive(FloatVector x) {
        return x.compare(VectorOperators.GT, 0f);
    }

    private static VectorMask<Float> negative(FloatVector x) {
        return x.compare(VectorOperators.LT, 0f);
    }

    // The twins of FloatMath's functions. -----------------------------------------------------------------

    private static FloatVector exp(FloatVector x) {
        FloatVector limited = x.blend(EXP_MIN, x.compare(VectorOperators.LT, EXP_MIN))
                .blend(EXP_MAX, x.compare(VectorOperators.GT, EXP_MAX));
        FloatVector rounded = fma(limited, LOG2_E, ROUNDER);
        FloatVector n = rounded.sub(ROUNDER);
        FloatVector r = fma(n, -LN2_LOW, fma(n, -LN2_HIGH, limited));
        return scale(expm1OfSmall(r).add(1f), rounded.reinterpretAsInts());
    }

    private static FloatVector sigmoid(FloatVector x) {
        FloatVector e = exp(x.abs().neg());
        FloatVector numerator = e.blend(1f, x.compare(VectorOperators.GE, 0f));
        return ratio(numerator, 1, e);
    }

    private static FloatVector tanh(FloatVector x) {
        FloatVector m = expm1OfNegative(x.abs().mul(-2f));
        IntVector magnitude = ratio(m, 2, m).abs().reinterpretAsInts();
        IntVector sign = x.reinterpretAsInts().and(Integer.MIN_VALUE);
        return magnitude.or(sign).reinterpretAsFloats();
    }

    private static FloatVector elu(FloatVector x) {
        return x.blend(expm1OfNegative(x.abs().neg()), negative(x));
    }

    private static FloatVector softplus(FloatVector x) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector e = exp(x.abs().neg());
        VectorMask<Float> small = e.compare(VectorOperators.LT, 0.5f);
        FloatVector f = fma(e, 0.5f, -0.5f).blend(e, small);
        FloatVector log = constant(LN2_HIGH).blend(zero, small).add(logOfOnePlus(f));
        return zero.blend(x, positive(x)).add(log);
    }

    private static FloatVector gelu(FloatVector x) {
        FloatVector z = gaussianArgument(x);
        FloatVector sum = fma(z, 0.25f, 1f);
        FloatVector inverse = constant(1).div(sum);
        FloatVector v = z.mul(inverse);
        FloatVector sumLow = fma(z, 0.25f, constant(1).sub(sum));
        FloatVector minus = v.neg();
        FloatVector vLow = inverse.mul(minus.fma(sumLow, minus.fma(sum, z)));
        FloatVector t = v.sub(CENTER);
        FloatVector tLow = v.sub(t.add(CENTER)).add(vLow);
        FloatVector q = geluPolynomial(t);
        FloatVector p = fma(q, t, T0);
        FloatVector pLow = q.fma(t, constant(T0).sub(p)).add(q.mul(tLow));
        FloatVector product = v.mul(p);
        FloatVector low = v.fma(pLow, vLow.fma(p, v.fma(p, product.neg())));
        FloatVector tail = timesGaussian(product, low, z);
        return tail.neg().blend(x.sub(tail), positive(x));
    }

    private static FloatVector geluPolynomial(FloatVector t) {
        FloatVector q = fma(constant(T10), t, T9);
        q = fma(q, t, T8);
        q = fma(q, t, T7);
        q = fma(q, t, T6);
        q = fma(q, t, T5);
        q = fma(q, t, T4);
        q = fma(q, t, T3);
        q = fma(q, t, T2);
        q = fma(q, t, T1);
        return q;
    }

    private static FloatVector geluDerivative(FloatVector x) {
        FloatVector z = gaussianArgument(x);
        FloatVector v = z.div(fma(z, 0.25f, 1f));
        FloatVector t = v.sub(CENTER);
        FloatVector tLow = v.sub(t.add(CENTER));
        FloatVector q = geluDerivativePolynomial(t);
        FloatVector p = fma(q, t, D0);
        FloatVector pLow = q.fma(t, constant(D0).sub(p)).add(q.mul(tLow));
        FloatVector root = constant(ROOT_HIGH);
        FloatVector difference = root.sub(z);
        FloatVector back = root.sub(difference);
        FloatVector missing = root.sub(difference.add(back)).add(back.sub(z)).add(ROOT_LOW);
        FloatVector distance = difference.add(missing);
        FloatVector distanceLow = difference.sub(distance).add(missing);
        FloatVector product = distance.mul(p);
        FloatVector low = distance.fma(pLow, distanceLow.fma(p, distance.fma(p, product.neg())));
        FloatVector left = timesGaussian(product, low, z);
        return left.blend(constant(1).sub(left), positive(x));
    }

    private static FloatVector geluDerivativePolynomial(FloatVector t) {
        FloatVector q = fma(constant(D9), t, D8);
        q = fma(q, t, D7);
        q = fma(q, t, D6);
        q = fma(q, t, D5);
        q = fma(q, t, D4);
        q = fma(q, t, D3);
        q = fma(q, t, D2);
        q = fma(q, t, D1);
        return q;
    }

    private static FloatVector gaussianArgument(FloatVector x) {
        FloatVector z = x.abs();
        return z.blend(GAUSSIAN_MAX, z.compare(VectorOperators.GT, GAUSSIAN_MAX));
    }

    private static FloatVector timesGaussian(FloatVector factor, FloatVector factorLow, FloatVector z) {
        FloatVector square = z.mul(z);
        FloatVector squareLow = z.fma(z, square.neg());
        FloatVector rounded = fma(square, -0.5f * LOG2_E, ROUNDER);
        FloatVector n = rounded.sub(ROUNDER);
        FloatVector r = fma(n, -LN2_HIGH, square.mul(-0.5f)).add(fma(n, -LN2_LOW, squareLow.mul(-0.5f)));
        FloatVector p = expm1OfSmall(r);
        FloatVector product = factor.add(factor.fma(p, factorLow.fma(p, factorLow)));
        return scale(product, rounded.reinterpretAsInts());
    }

    private static FloatVector ratio(FloatVector numerator, float base, FloatVector part) {
        FloatVector sum = part.add(base);
        FloatVector quotient = numerator.div(sum);
        FloatVector sumLow = constant(base).sub(sum).add(part);
        FloatVector minus = quotient.neg();
        FloatVector remainder = minus.fma(sumLow, minus.fma(sum, numerator));
        return remainder.fma(fma(sum, -0.5f, 1.457f), quotient);
    }

    private static FloatVector scale(FloatVector x, IntVector bits) {
        IntVector half = bits.lanewise(VectorOperators.ASHR, 1);
        return x.mul(powerOfTwo(half)).mul(powerOfTwo(bits.sub(half)));
    }

    private static FloatVector expm1OfNegative(FloatVector x) {
        FloatVector limited = x.blend(EXPM1_MIN, x.compare(VectorOperators.LT, EXPM1_MIN));
        FloatVector rounded = fma(limited, LOG2_E, ROUNDER);
        FloatVector n = rounded.sub(ROUNDER);
        FloatVector r = fma(n, -LN2_LOW, fma(n, -LN2_HIGH, limited));
        FloatVector scale = powerOfTwo(rounded.reinterpretAsInts());
        return scale.fma(expm1OfSmall(r), scale.sub(1f));
    }

    private static FloatVector powerOfTwo(IntVector bits) {
        return bits.lanewise(VectorOperators.LSHL, EXPONENT_SHIFT).add(ONE_BITS).reinterpretAsFloats();
    }

    private static FloatVector expm1OfSmall(FloatVector r) {
        FloatVector p = fma(constant(E5), r, E4);
        p = fma(p, r, E3);
        p = fma(p, r, E2);
        p = fma(p, r, E1);
        p = fma(p, r, E0);
        return r.mul(r).fma(p, r);
    }

    private static FloatVector logOfOnePlus(FloatVector f) {
        FloatVector p = fma(constant(L8), f, L7);
        p = fma(p, f, L6);
        p = fma(p, f, L5);
        p = fma(p, f, L4);
        p = fma(p, f, L3);
        p = fma(p, f, L2);
        p = fma(p, f, L1);
        p = fma(p, f, L0);
        return f.mul(f).fma(p, f);
    }

    private static FloatVector fma(FloatVector x, float factor, float summand) {
        return x.fma(factor, summand);
    }

    private static FloatVector fma(FloatVector x, float factor, FloatVector summand) {
        return x.fma(constant(factor), summand);
    }

    private static FloatVector fma(FloatVector x, FloatVector factor, float summand) {
        return x.fma(factor, constant(summand));
    }

    private static FloatVector constant(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }
}
