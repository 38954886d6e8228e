package io.backprop.engine.kernel;

import static io.backprop.engine.kernel.FloatMath.EXPONENT_SHIFT;
import static io.backprop.engine.kernel.FloatMath.ONE_BITS;
import static io.backprop.engine.kernel.FloatMath.WIDE_EXPONENT_SHIFT;
import static io.backprop.engine.kernel.FloatMath.WIDE_ONE_BITS;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.D2F;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.F2D;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Kernels with vectors of 4, 8 or 16 floats. */
final class SimdKernels extends ScalarKernels {

    /*
     * This class overrides the kernels that C2 does not vectorize. Each one consists of a body of whole vectors and a tail,
     * which the scalar loop processes. The vector versions of the functions of FloatMath, Gelu, Silu and Mish perform the same
     * operations in the same order, and therefore produce the same bits.
     *
     * A vector stays in a register only if C2 inlines every call that it is passed to; otherwise it is allocated as an
     * object. C2 stops inlining our methods once the compilation unit has about 18,000 nodes (NodeCountInliningCutoff),
     * which depends on the callers, but always inlines the methods of the Vector API. These loops therefore only call the
     * Vector API, at the price of repeating the same exponential in several kernels. There is only one species of floats,
     * because JDK 17 keeps no loop-carried vector in a register once it has seen a second species.
     */

    static final VectorSpecies<Float> SPECIES = VectorSpecies.of(
            float.class,
            VectorShape.forBitSize(Math.max(128, Math.min(512, FloatVector.SPECIES_PREFERRED.vectorBitSize()))));

    private static final int L = SPECIES.length();

    /** Half as many doubles: a vector of floats is converted to two vectors of doubles, and back. */
    private static final VectorSpecies<Double> WIDE = VectorSpecies.of(double.class, SPECIES.vectorShape());

    static final int HALF_LANES = WIDE.length();

    private static final VectorShuffle<Float> FROM_8 = from(8);
    private static final VectorShuffle<Float> FROM_4 = from(4);
    private static final VectorShuffle<Float> FROM_2 = from(2);
    private static final VectorShuffle<Float> FROM_HALF = from(L / 2);
    private static final VectorMask<Float> UPPER_HALF =
            VectorMask.fromLong(SPECIES, (-1L << (L / 2)) & ((1L << L) - 1));

    /** Moves lane {@code l + distance} to each lane l. */
    private static VectorShuffle<Float> from(int distance) {
        return VectorShuffle.fromOp(SPECIES, lane -> (lane + distance) % L);
    }

    private static final FloatVector ZERO = constant(0);
    private static final FloatVector QUARTER = constant(0.25f);
    private static final FloatVector HALF = constant(0.5f);
    private static final FloatVector MINUS_HALF = constant(-0.5f);
    private static final FloatVector ONE = constant(1);
    private static final FloatVector TWO = constant(2);
    private static final FloatVector MINUS_TWO = constant(-2);
    private static final FloatVector INVERSE_START = constant(FloatMath.INVERSE_START);
    private static final FloatVector LOG2_E = constant(FloatMath.LOG2_E);
    private static final FloatVector MINUS_HALF_LOG2_E = constant(-0.5f * FloatMath.LOG2_E);
    private static final FloatVector LN2_HIGH = constant(FloatMath.LN2_HIGH);
    private static final FloatVector MINUS_LN2_HIGH = constant(-FloatMath.LN2_HIGH);
    private static final FloatVector MINUS_LN2_LOW = constant(-FloatMath.LN2_LOW);
    private static final FloatVector ROUNDER = constant(FloatMath.ROUNDER);
    private static final FloatVector EXP_MIN = constant(FloatMath.EXP_MIN);
    private static final FloatVector EXP_MAX = constant(FloatMath.EXP_MAX);
    private static final FloatVector EXPM1_MIN = constant(FloatMath.EXPM1_MIN);
    private static final FloatVector E0 = constant(FloatMath.E0);
    private static final FloatVector E1 = constant(FloatMath.E1);
    private static final FloatVector E2 = constant(FloatMath.E2);
    private static final FloatVector E3 = constant(FloatMath.E3);
    private static final FloatVector E4 = constant(FloatMath.E4);
    private static final FloatVector E5 = constant(FloatMath.E5);
    private static final FloatVector L0 = constant(FloatMath.L0);
    private static final FloatVector L1 = constant(FloatMath.L1);
    private static final FloatVector L2 = constant(FloatMath.L2);
    private static final FloatVector L3 = constant(FloatMath.L3);
    private static final FloatVector L4 = constant(FloatMath.L4);
    private static final FloatVector L5 = constant(FloatMath.L5);
    private static final FloatVector L6 = constant(FloatMath.L6);
    private static final FloatVector L7 = constant(FloatMath.L7);
    private static final FloatVector L8 = constant(FloatMath.L8);
    private static final FloatVector SIGMOID_MAX = constant(FloatMath.SIGMOID_MAX);
    private static final FloatVector WIDE_MIN = constant(FloatMath.WIDE_MIN);
    private static final FloatVector WIDE_MAX = constant(FloatMath.WIDE_MAX);
    private static final DoubleVector WIDE_ONE = wide(1);
    private static final DoubleVector WIDE_TWO = wide(2);
    private static final DoubleVector WIDE_FOUR = wide(4);
    private static final DoubleVector WIDE_SIX = wide(6);
    private static final DoubleVector WIDE_LOG2_E = wide(FloatMath.WIDE_LOG2_E);
    private static final DoubleVector WIDE_MINUS_LOG2_E = wide(-FloatMath.WIDE_LOG2_E);
    private static final DoubleVector WIDE_MINUS_LN2 = wide(-FloatMath.WIDE_LN2);
    private static final DoubleVector WIDE_ROUNDER = wide(FloatMath.WIDE_ROUNDER);
    private static final DoubleVector W0 = wide(FloatMath.W0);
    private static final DoubleVector W1 = wide(FloatMath.W1);
    private static final DoubleVector W2 = wide(FloatMath.W2);
    private static final DoubleVector W3 = wide(FloatMath.W3);
    private static final DoubleVector W4 = wide(FloatMath.W4);
    private static final DoubleVector W5 = wide(FloatMath.W5);
    private static final FloatVector GAUSSIAN_MAX = constant(Gelu.GAUSSIAN_MAX);
    private static final FloatVector CENTER = constant(Gelu.CENTER);
    private static final FloatVector T0 = constant(Gelu.T0);
    private static final FloatVector T1 = constant(Gelu.T1);
    private static final FloatVector T2 = constant(Gelu.T2);
    private static final FloatVector T3 = constant(Gelu.T3);
    private static final FloatVector T4 = constant(Gelu.T4);
    private static final FloatVector T5 = constant(Gelu.T5);
    private static final FloatVector T6 = constant(Gelu.T6);
    private static final FloatVector T7 = constant(Gelu.T7);
    private static final FloatVector T8 = constant(Gelu.T8);
    private static final FloatVector T9 = constant(Gelu.T9);
    private static final FloatVector T10 = constant(Gelu.T10);
    private static final FloatVector ROOT_HIGH = constant(Gelu.ROOT_HIGH);
    private static final FloatVector ROOT_LOW = constant(Gelu.ROOT_LOW);
    private static final FloatVector D0 = constant(Gelu.D0);
    private static final FloatVector D1 = constant(Gelu.D1);
    private static final FloatVector D2 = constant(Gelu.D2);
    private static final FloatVector D3 = constant(Gelu.D3);
    private static final FloatVector D4 = constant(Gelu.D4);
    private static final FloatVector D5 = constant(Gelu.D5);
    private static final FloatVector D6 = constant(Gelu.D6);
    private static final FloatVector D7 = constant(Gelu.D7);
    private static final FloatVector D8 = constant(Gelu.D8);
    private static final FloatVector D9 = constant(Gelu.D9);

    @Override
    public String name() {
        return "simd";
    }

    @Override
    public int vectorBits() {
        return SPECIES.vectorBitSize();
    }

    @Override
    public MatrixMultiplier matrixMultiplier() {
        return new SimdProduct();
    }

    /** Keeps the sums of four vectors of columns in registers while iterating over the rows. */
    @Override
    public void addColumnSums(
            int rows, int columns, float[] values, int offset, int rowStride, float[] sums, int sumsOffset) {
        int body = columns - columns % (4 * L);
        for (int j = 0; j < body; j += 4 * L) {
            int sum = sumsOffset + j;
            FloatVector s0 = FloatVector.fromArray(SPECIES, sums, sum);
            FloatVector s1 = FloatVector.fromArray(SPECIES, sums, sum + L);
            FloatVector s2 = FloatVector.fromArray(SPECIES, sums, sum + 2 * L);
            FloatVector s3 = FloatVector.fromArray(SPECIES, sums, sum + 3 * L);
            int value = offset + j;
            for (int i = 0; i < rows; i++) {
                s0 = s0.add(FloatVector.fromArray(SPECIES, values, value));
                s1 = s1.add(FloatVector.fromArray(SPECIES, values, value + L));
                s2 = s2.add(FloatVector.fromArray(SPECIES, values, value + 2 * L));
                s3 = s3.add(FloatVector.fromArray(SPECIES, values, value + 3 * L));
                value += rowStride;
            }
            s0.intoArray(sums, sum);
            s1.intoArray(sums, sum + L);
            s2.intoArray(sums, sum + 2 * L);
            s3.intoArray(sums, sum + 3 * L);
        }
        super.addColumnSums(rows, columns - body, values, offset + body, rowStride, sums, sumsOffset + body);
    }

    @Override
    public NarrowLayer narrowLayer(int inputs, int units, boolean first, NarrowLayer.FusedActivation activation) {
        return new SimdNarrowLayer(this, inputs, units, first, activation);
    }

    @Override
    public void sigmoid(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int i = 0;
        for (; i < SPECIES.loopBound(length); i += L) {
            FloatVector value = FloatVector.fromArray(SPECIES, x, xOffset + i);
            DoubleVector xA = (DoubleVector) value.convertShape(F2D, WIDE, 0);
            DoubleVector roundedA = xA.fma(WIDE_MINUS_LOG2_E, WIDE_ROUNDER);
            DoubleVector rA = roundedA.sub(WIDE_ROUNDER).fma(WIDE_MINUS_LN2, xA.neg());
            DoubleVector squareA = rA.mul(rA);
            DoubleVector lowA = W1.fma(rA, W0).fma(squareA, rA.add(WIDE_ONE));
            DoubleVector highA = W5.fma(rA, W4).fma(squareA, W3.fma(rA, W2));
            DoubleVector powerA = roundedA.reinterpretAsLongs()
                    .lanewise(LSHL, WIDE_EXPONENT_SHIFT)
                    .add(WIDE_ONE_BITS)
                    .reinterpretAsDoubles();
            DoubleVector sumA = highA.fma(squareA.mul(squareA), lowA).fma(powerA, WIDE_ONE);
            DoubleVector xB = (DoubleVector) value.rearrange(FROM_HALF).convertShape(F2D, WIDE, 0);
            DoubleVector roundedB = xB.fma(WIDE_MINUS_LOG2_E, WIDE_ROUNDER);
            DoubleVector rB = roundedB.sub(WIDE_ROUNDER).fma(WIDE_MINUS_LN2, xB.neg());
            DoubleVector squareB = rB.mul(rB);
            DoubleVector lowB = W1.fma(rB, W0).fma(squareB, rB.add(WIDE_ONE));
            DoubleVector highB = W5.fma(rB, W4).fma(squareB, W3.fma(rB, W2));
            DoubleVector powerB = roundedB.reinterpretAsLongs()
                    .lanewise(LSHL, WIDE_EXPONENT_SHIFT)
                    .add(WIDE_ONE_BITS)
                    .reinterpretAsDoubles();
            DoubleVector sumB = highB.fma(squareB.mul(squareB), lowB).fma(powerB, WIDE_ONE);
            FloatVector lower = (FloatVector) WIDE_ONE.div(sumA).convertShape(D2F, SPECIES, 0);
            FloatVector upper = (FloatVector) WIDE_ONE.div(sumB).convertShape(D2F, SPECIES, 0);
            FloatVector limit = ZERO.blend(ONE, value.compare(GT, ZERO));
            VectorMask<Float> large = value.abs().compare(GT, SIGMOID_MAX);
            FloatVector sigmoid =
                    lower.blend(upper.rearrange(FROM_HALF), UPPER_HALF).blend(limit, large);
            sigmoid.intoArray(y, yOffset + i);
        }
        super.sigmoid(x, xOffset + i, y, yOffset + i, length - i);
    }

    @Override
    public void tanh(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int i = 0;
        for (; i < SPECIES.loopBound(length); i += L) {
            FloatVector value = FloatVector.fromArray(SPECIES, x, xOffset + i);
            FloatVector negative = value.abs().mul(MINUS_TWO);
            FloatVector limited = negative.blend(EXPM1_MIN, negative.compare(LT, EXPM1_MIN));
            FloatVector rounded = limited.fma(LOG2_E, ROUNDER);
            FloatVector n = rounded.sub(ROUNDER);
            FloatVector r = n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, limited));
            FloatVector p = E5.fma(r, E4);
            p = p.fma(r, E3);
            p = p.fma(r, E2);
            p = p.fma(r, E1);
            p = p.fma(r, E0);
            FloatVector scale = rounded.reinterpretAsInts()
                    .lanewise(LSHL, EXPONENT_SHIFT)
                    .add(ONE_BITS)
                    .reinterpretAsFloats();
            FloatVector m = scale.fma(r.mul(r).fma(p, r), scale.sub(ONE));
            FloatVector sum = TWO.add(m);
            FloatVector quotient = m.div(sum);
            FloatVector sumLow = TWO.sub(sum).add(m);
            FloatVector minus = quotient.neg();
            FloatVector remainder = minus.fma(sumLow, minus.fma(sum, m));
            FloatVector ratio = remainder.fma(sum.fma(MINUS_HALF, INVERSE_START), quotient);
            IntVector sign = value.reinterpretAsInts().and(Integer.MIN_VALUE);
            ratio.abs().reinterpretAsInts().or(sign).reinterpretAsFloats().intoArray(y, yOffset + i);
        }
        super.tanh(x, xOffset + i, y, yOffset + i, length - i);
    }

    @Override
    public void relu(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int i = 0;
        for (; i < SPECIES.loopBound(length); i += L) {
            FloatVector value = FloatVector.fromArray(SPECIES, x, xOffset + i);
            value.blend(ZERO, value.compare(LE, ZERO)).intoArray(y, yOffset + i);
        }
        super.relu(x, xOffset + i, y, yOffset + i, length - i);
    }

    @Override
    public void leakyRelu(float slope, float[] x, int xOffset, float[] y, int yOffset, int length) {
        int i = 0;
        for (; i < SPECIES.loopBound(length); i += L) {
            FloatVector value = FloatVector.fromArray(SPECIES, x, xOffset + i);
            FloatVector negative = value.fma(FloatVector.broadcast(SPECIES, slope), ZERO);
            negative.blend(value, value.compare(GT, ZERO)).intoArray(y, yOffset + i);
        }
        super.leakyRelu(slope, x, xOffset + i, y, yOffset + i, length - i);
    }

    @Override
    public void elu(float slope, float alpha, float[] x, int xOffset, float[] y, int yOffset, int length) {
        int i = 0;
        for (; i < SPECIES.loopBound(length); i += L) {
            FloatVector value = FloatVector.fromArray(SPECIES, x, xOffset + i);
            FloatVector negative = value.abs().neg();
            FloatVector limited = negative.blend(EXPM1_MIN, negative.compare(LT, EXPM1_MIN));
            FloatVector rounded = limited.fma(LOG2_E, ROUNDER);
            FloatVector n = rounded.sub(ROUNDER);
            FloatVector r = n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, limited));
            FloatVector p = E5.fma(r, E4);
            p = p.fma(r, E3);
            p = p.fma(r, E2);
            p = p.fma(r, E1);
            p = p.fma(r, E0);
            FloatVector scale = rounded.reinterpretAsInts()
                    .lanewise(LSHL, EXPONENT_SHIFT)
                    .add(ONE_BITS)
                    .reinterpretAsFloats();
            FloatVector m = scale.fma(r.mul(r).fma(p, r), scale.sub(ONE));
            value.mul(slope).blend(m.mul(alpha), value.compare(LT, ZERO)).intoArray(y, yOffset + i);
        }
        super.elu(slope, alpha, x, xOffset + i, y, yOffset + i, length - i);
    }

    @Override
    public void gelu(float[] values, int xOffset, float[] y, int yOffset, int length) {
        int i = 0;
        for (; i < SPECIES.loopBound(length); i += L) {
            FloatVector x = FloatVector.fromArray(SPECIES, values, xOffset + i);
            FloatVector magnitude = x.abs();
            FloatVector z = magnitude.blend(GAUSSIAN_MAX, magnitude.compare(GT, GAUSSIAN_MAX));
            FloatVector square = z.mul(z);
            FloatVector squareLow = z.fma(z, square.neg());
            FloatVector rounded = square.fma(MINUS_HALF_LOG2_E, ROUNDER);
            FloatVector n = rounded.sub(ROUNDER);
            FloatVector r =
                    n.fma(MINUS_LN2_HIGH, square.mul(MINUS_HALF)).add(n.fma(MINUS_LN2_LOW, squareLow.mul(MINUS_HALF)));
            FloatVector s = E5.fma(r, E4);
            s = s.fma(r, E3);
            s = s.fma(r, E2);
            s = s.fma(r, E1);
            s = s.fma(r, E0);
            FloatVector e = r.mul(r).fma(s, r);
            IntVector bits = rounded.reinterpretAsInts();
            IntVector half = bits.lanewise(ASHR, 1);
            FloatVector power =
                    half.lanewise(LSHL, EXPONENT_SHIFT).add(ONE_BITS).reinterpretAsFloats();
            FloatVector otherPower =
                    bits.sub(half).lanewise(LSHL, EXPONENT_SHIFT).add(ONE_BITS).reinterpretAsFloats();

            FloatVector sum = z.fma(QUARTER, ONE);
            FloatVector inverse = ONE.div(sum);
            FloatVector v = z.mul(inverse);
            FloatVector sumLow = z.fma(QUARTER, ONE.sub(sum));
            FloatVector minus = v.neg();
            FloatVector vLow = inverse.mul(minus.fma(sumLow, minus.fma(sum, z)));
            FloatVector t = v.sub(CENTER);
            FloatVector tLow = v.sub(t.add(CENTER)).add(vLow);
            FloatVector q = T10.fma(t, T9);
            q = q.fma(t, T8);
            q = q.fma(t, T7);
            q = q.fma(t, T6);
            q = q.fma(t, T5);
            q = q.fma(t, T4);
            q = q.fma(t, T3);
            q = q.fma(t, T2);
            q = q.fma(t, T1);
            FloatVector p = q.fma(t, T0);
            FloatVector pLow = q.fma(t, T0.sub(p)).add(q.mul(tLow));
            FloatVector product = v.mul(p);
            FloatVector low = v.fma(pLow, vLow.fma(p, v.fma(p, product.neg())));

            FloatVector tail =
                    product.add(product.fma(e, low.fma(e, low))).mul(power).mul(otherPower);
            VectorMask<Float> positive = x.compare(GT, ZERO);
            tail.neg().blend(x.sub(tail), positive).intoArray(y, yOffset + i);
        }
        super.gelu(values, xOffset + i, y, yOffset + i, length - i);
    }

    @Override
    public void silu(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int i = 0;
        for (; i < SPECIES.loopBound(length); i += L) {
            FloatVector value = FloatVector.fromArray(SPECIES, x, xOffset + i);
            FloatVector notBelow = value.blend(WIDE_MIN, value.compare(LT, WIDE_MIN));
            FloatVector limited = notBelow.blend(WIDE_MAX, notBelow.compare(GT, WIDE_MAX));
            DoubleVector zA = (DoubleVector) limited.convertShape(F2D, WIDE, 0);
            DoubleVector roundedA = zA.fma(WIDE_LOG2_E, WIDE_ROUNDER);
            DoubleVector rA = roundedA.sub(WIDE_ROUNDER).fma(WIDE_MINUS_LN2, zA);
            DoubleVector squareA = rA.mul(rA);
            DoubleVector lowA = W1.fma(rA, W0).fma(squareA, rA.add(WIDE_ONE));
            DoubleVector highA = W5.fma(rA, W4).fma(squareA, W3.fma(rA, W2));
            DoubleVector powerA = roundedA.reinterpretAsLongs()
                    .lanewise(LSHL, WIDE_EXPONENT_SHIFT)
                    .add(WIDE_ONE_BITS)
                    .reinterpretAsDoubles();
            DoubleVector wA = highA.fma(squareA.mul(squareA), lowA).mul(powerA);
            DoubleVector xA = (DoubleVector) notBelow.convertShape(F2D, WIDE, 0);
            DoubleVector resultA = xA.mul(wA).div(wA.add(WIDE_ONE));
            DoubleVector zB = (DoubleVector) limited.rearrange(FROM_HALF).convertShape(F2D, WIDE, 0);
            DoubleVector roundedB = zB.fma(WIDE_LOG2_E, WIDE_ROUNDER);
            DoubleVector rB = roundedB.sub(WIDE_ROUNDER).fma(WIDE_MINUS_LN2, zB);
            DoubleVector squareB = rB.mul(rB);
            DoubleVector lowB = W1.fma(rB, W0).fma(squareB, rB.add(WIDE_ONE));
            DoubleVector highB = W5.fma(rB, W4).fma(squareB, W3.fma(rB, W2));
            DoubleVector powerB = roundedB.reinterpretAsLongs()
                    .lanewise(LSHL, WIDE_EXPONENT_SHIFT)
                    .add(WIDE_ONE_BITS)
                    .reinterpretAsDoubles();
            DoubleVector wB = highB.fma(squareB.mul(squareB), lowB).mul(powerB);
            DoubleVector xB = (DoubleVector) notBelow.rearrange(FROM_HALF).convertShape(F2D, WIDE, 0);
            DoubleVector resultB = xB.mul(wB).div(wB.add(WIDE_ONE));
            FloatVector lower = (FloatVector) resultA.convertShape(D2F, SPECIES, 0);
            FloatVector upper = (FloatVector) resultB.convertShape(D2F, SPECIES, 0);
            lower.blend(upper.rearrange(FROM_HALF), UPPER_HALF).intoArray(y, yOffset + i);
        }
        super.silu(x, xOffset + i, y, yOffset + i, length - i);
    }

    @Override
    public void mish(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int i = 0;
        for (; i < SPECIES.loopBound(length); i += L) {
            FloatVector value = FloatVector.fromArray(SPECIES, x, xOffset + i);
            FloatVector notBelow = value.blend(WIDE_MIN, value.compare(LT, WIDE_MIN));
            FloatVector limited = notBelow.blend(WIDE_MAX, notBelow.compare(GT, WIDE_MAX));
            DoubleVector zA = (DoubleVector) limited.convertShape(F2D, WIDE, 0);
            DoubleVector roundedA = zA.fma(WIDE_LOG2_E, WIDE_ROUNDER);
            DoubleVector rA = roundedA.sub(WIDE_ROUNDER).fma(WIDE_MINUS_LN2, zA);
            DoubleVector squareA = rA.mul(rA);
            DoubleVector lowA = W1.fma(rA, W0).fma(squareA, rA.add(WIDE_ONE));
            DoubleVector highA = W5.fma(rA, W4).fma(squareA, W3.fma(rA, W2));
            DoubleVector powerA = roundedA.reinterpretAsLongs()
                    .lanewise(LSHL, WIDE_EXPONENT_SHIFT)
                    .add(WIDE_ONE_BITS)
                    .reinterpretAsDoubles();
            DoubleVector wA = highA.fma(squareA.mul(squareA), lowA).mul(powerA);
            DoubleVector xA = (DoubleVector) notBelow.convertShape(F2D, WIDE, 0);
            DoubleVector nA = wA.mul(wA.add(WIDE_TWO));
            DoubleVector resultA = xA.mul(nA).div(nA.add(WIDE_TWO));
            DoubleVector zB = (DoubleVector) limited.rearrange(FROM_HALF).convertShape(F2D, WIDE, 0);
            DoubleVector roundedB = zB.fma(WIDE_LOG2_E, WIDE_ROUNDER);
            DoubleVector rB = roundedB.sub(WIDE_ROUNDER).fma(WIDE_MINUS_LN2, zB);
            DoubleVector squareB = rB.mul(rB);
            DoubleVector lowB = W1.fma(rB, W0).fma(squareB, rB.add(WIDE_ONE));
            DoubleVector highB = W5.fma(rB, W4).fma(squareB, W3.fma(rB, W2));
            DoubleVector powerB = roundedB.reinterpretAsLongs()
                    .lanewise(LSHL, WIDE_EXPONENT_SHIFT)
                    .add(WIDE_ONE_BITS)
                    .reinterpretAsDoubles();
            DoubleVector wB = highB.fma(squareB.mul(squareB), lowB).mul(powerB);
            DoubleVector xB = (DoubleVector) notBelow.rearrange(FROM_HALF).convertShape(F2D, WIDE, 0);
            DoubleVector nB = wB.mul(wB.add(WIDE_TWO));
            DoubleVector resultB = xB.mul(nB).div(nB.add(WIDE_TWO));
            FloatVector lower = (FloatVector) resultA.convertShape(D2F, SPECIES, 0);
            FloatVector upper = (FloatVector) resultB.convertShape(D2F, SPECIES, 0);
            lower.blend(upper.rearrange(FROM_HALF), UPPER_HALF).intoArray(y, yOffset + i);
        }
        super.mish(x, xOffset + i, y, yOffset + i, length - i);
    }

    @Override
    public void softplus(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int i = 0;
        for (; i < SPECIES.loopBound(length); i += L) {
            FloatVector value = FloatVector.fromArray(SPECIES, x, xOffset + i);
            FloatVector argument = value.abs().neg();
            FloatVector limited = argument.blend(EXP_MIN, argument.compare(LT, EXP_MIN))
                    .blend(EXP_MAX, argument.compare(GT, EXP_MAX));
            FloatVector rounded = limited.fma(LOG2_E, ROUNDER);
            FloatVector n = rounded.sub(ROUNDER);
            FloatVector r = n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, limited));
            FloatVector p = E5.fma(r, E4);
            p = p.fma(r, E3);
            p = p.fma(r, E2);
            p = p.fma(r, E1);
            p = p.fma(r, E0);
            IntVector bits = rounded.reinterpretAsInts();
            IntVector half = bits.lanewise(ASHR, 1);
            FloatVector power =
                    half.lanewise(LSHL, EXPONENT_SHIFT).add(ONE_BITS).reinterpretAsFloats();
            FloatVector otherPower =
                    bits.sub(half).lanewise(LSHL, EXPONENT_SHIFT).add(ONE_BITS).reinterpretAsFloats();
            FloatVector e = r.mul(r).fma(p, r).add(ONE).mul(power).mul(otherPower);
            VectorMask<Float> small = e.compare(LT, HALF);
            FloatVector f = e.fma(HALF, MINUS_HALF).blend(e, small);
            FloatVector q = L8.fma(f, L7);
            q = q.fma(f, L6);
            q = q.fma(f, L5);
            q = q.fma(f, L4);
            q = q.fma(f, L3);
            q = q.fma(f, L2);
            q = q.fma(f, L1);
            q = q.fma(f, L0);
            FloatVector log = LN2_HIGH.blend(ZERO, small).add(f.mul(f).fma(q, f));
            FloatVector positivePart = ZERO.blend(value, value.compare(GT, ZERO));
            positivePart.add(log).intoArray(y, yOffset + i);
        }
        super.softplus(x, xOffset + i, y, yOffset + i, length - i);
    }

    @Override
    public void exp(float[] x, int xOffset, float[] y, int yOffset, int length) {
        int i = 0;
        for (; i < SPECIES.loopBound(length); i += L) {
            FloatVector argument = FloatVector.fromArray(SPECIES, x, xOffset + i);
            FloatVector limited = argument.blend(EXP_MIN, argument.compare(LT, EXP_MIN))
                    .blend(EXP_MAX, argument.compare(GT, EXP_MAX));
            FloatVector rounded = limited.fma(LOG2_E, ROUNDER);
            FloatVector n = rounded.sub(ROUNDER);
            FloatVector r = n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, limited));
            FloatVector p = E5.fma(r, E4);
            p = p.fma(r, E3);
            p = p.fma(r, E2);
            p = p.fma(r, E1);
            p = p.fma(r, E0);
            IntVector bits = rounded.reinterpretAsInts();
            IntVector half = bits.lanewise(ASHR, 1);
            FloatVector power =
                    half.lanewise(LSHL, EXPONENT_SHIFT).add(ONE_BITS).reinterpretAsFloats();
            FloatVector otherPower =
                    bits.sub(half).lanewise(LSHL, EXPONENT_SHIFT).add(ONE_BITS).reinterpretAsFloats();
            r.mul(r).fma(p, r).add(ONE).mul(power).mul(otherPower).intoArray(y, yOffset + i);
        }
        super.exp(x, xOffset + i, y, yOffset + i, length - i);
    }

    @Override
    public void sigmoidGradient(float[] y, int yOffset, float[] gradient, int gradientOffset, int length) {
        int i = 0;
        for (; i < SPECIES.loopBound(length); i += L) {
            FloatVector value = FloatVector.fromArray(SPECIES, y, yOffset + i);
            FloatVector derivative = value.mul(ONE.sub(value));
            FloatVector.fromArray(SPECIES, gradient, gradientOffset + i)
                    .mul(derivative)
                    .intoArray(gradient, gradientOffset + i);
        }
        super.sigmoidGradient(y, yOffset + i, gradient, gradientOffset + i, length - i);
    }

    @Override
    public void tanhGradient(float[] y, int yOffset, float[] gradient, int gradientOffset, int length) {
        int i = 0;
        for (; i < SPECIES.loopBound(length); i += L) {
            FloatVector value = FloatVector.fromArray(SPECIES, y, yOffset + i);
            FloatVector derivative = ONE.sub(value.mul(value));
            FloatVector.fromArray(SPECIES, gradient, gradientOffset + i)
                    .mul(derivative)
                    .intoArray(gradient, gradientOffset + i);
        }
        super.tanhGradient(y, yOffset + i, gradient, gradientOffset + i, length - i);
    }

    @Override
    public void leakyReluGradient(
            float slope, float[] y, int yOffset, float[] gradient, int gradientOffset, int length) {
        int i = 0;
        for (; i < SPECIES.loopBound(length); i += L) {
            FloatVector g = FloatVector.fromArray(SPECIES, gradient, gradientOffset + i);
            VectorMask<Float> positive =
                    FloatVector.fromArray(SPECIES, y, yOffset + i).compare(GT, ZERO);
            g.mul(slope).blend(g, positive).intoArray(gradient, gradientOffset + i);
        }
        super.leakyReluGradient(slope, y, yOffset + i, gradient, gradientOffset + i, length - i);
    }

    @Override
    public void eluGradient(
            float slope, float alpha, float[] y, int yOffset, float[] gradient, int gradientOffset, int length) {
        int i = 0;
        for (; i < SPECIES.loopBound(length); i += L) {
            FloatVector value = FloatVector.fromArray(SPECIES, y, yOffset + i);
            FloatVector g = FloatVector.fromArray(SPECIES, gradient, gradientOffset + i);
            FloatVector derivative = value.add(alpha).blend(slope, value.compare(GT, ZERO));
            g.mul(derivative).intoArray(gradient, gradientOffset + i);
        }
        super.eluGradient(slope, alpha, y, yOffset + i, gradient, gradientOffset + i, length - i);
    }

    @Override
    public void geluGradient(float[] values, int xOffset, float[] gradient, int gradientOffset, int length) {
        int i = 0;
        for (; i < SPECIES.loopBound(length); i += L) {
            FloatVector x = FloatVector.fromArray(SPECIES, values, xOffset + i);
            FloatVector magnitude = x.abs();
            FloatVector z = magnitude.blend(GAUSSIAN_MAX, magnitude.compare(GT, GAUSSIAN_MAX));
            FloatVector square = z.mul(z);
            FloatVector squareLow = z.fma(z, square.neg());
            FloatVector rounded = square.fma(MINUS_HALF_LOG2_E, ROUNDER);
            FloatVector n = rounded.sub(ROUNDER);
            FloatVector r =
                    n.fma(MINUS_LN2_HIGH, square.mul(MINUS_HALF)).add(n.fma(MINUS_LN2_LOW, squareLow.mul(MINUS_HALF)));
            FloatVector s = E5.fma(r, E4);
            s = s.fma(r, E3);
            s = s.fma(r, E2);
            s = s.fma(r, E1);
            s = s.fma(r, E0);
            FloatVector e = r.mul(r).fma(s, r);
            IntVector bits = rounded.reinterpretAsInts();
            IntVector half = bits.lanewise(ASHR, 1);
            FloatVector power =
                    half.lanewise(LSHL, EXPONENT_SHIFT).add(ONE_BITS).reinterpretAsFloats();
            FloatVector otherPower =
                    bits.sub(half).lanewise(LSHL, EXPONENT_SHIFT).add(ONE_BITS).reinterpretAsFloats();

            FloatVector v = z.div(z.fma(QUARTER, ONE));
            FloatVector t = v.sub(CENTER);
            FloatVector tLow = v.sub(t.add(CENTER));
            FloatVector q = D9.fma(t, D8);
            q = q.fma(t, D7);
            q = q.fma(t, D6);
            q = q.fma(t, D5);
            q = q.fma(t, D4);
            q = q.fma(t, D3);
            q = q.fma(t, D2);
            q = q.fma(t, D1);
            FloatVector p = q.fma(t, D0);
            FloatVector pLow = q.fma(t, D0.sub(p)).add(q.mul(tLow));
            FloatVector difference = ROOT_HIGH.sub(z);
            FloatVector back = ROOT_HIGH.sub(difference);
            FloatVector missing =
                    ROOT_HIGH.sub(difference.add(back)).add(back.sub(z)).add(ROOT_LOW);
            FloatVector distance = difference.add(missing);
            FloatVector distanceLow = difference.sub(distance).add(missing);
            FloatVector product = distance.mul(p);
            FloatVector low = distance.fma(pLow, distanceLow.fma(p, distance.fma(p, product.neg())));

            FloatVector left =
                    product.add(product.fma(e, low.fma(e, low))).mul(power).mul(otherPower);
            FloatVector derivative = left.blend(ONE.sub(left), x.compare(GT, ZERO));
            derivative
                    .mul(FloatVector.fromArray(SPECIES, gradient, gradientOffset + i))
                    .intoArray(gradient, gradientOffset + i);
        }
        super.geluGradient(values, xOffset + i, gradient, gradientOffset + i, length - i);
    }

    @Override
    public void siluGradient(float[] x, int xOffset, float[] gradient, int gradientOffset, int length) {
        int i = 0;
        for (; i < SPECIES.loopBound(length); i += L) {
            FloatVector value = FloatVector.fromArray(SPECIES, x, xOffset + i);
            FloatVector notBelow = value.blend(WIDE_MIN, value.compare(LT, WIDE_MIN));
            FloatVector limited = notBelow.blend(WIDE_MAX, notBelow.compare(GT, WIDE_MAX));
            DoubleVector zA = (DoubleVector) limited.convertShape(F2D, WIDE, 0);
            DoubleVector roundedA = zA.fma(WIDE_LOG2_E, WIDE_ROUNDER);
            DoubleVector rA = roundedA.sub(WIDE_ROUNDER).fma(WIDE_MINUS_LN2, zA);
            DoubleVector squareA = rA.mul(rA);
            DoubleVector lowA = W1.fma(rA, W0).fma(squareA, rA.add(WIDE_ONE));
            DoubleVector highA = W5.fma(rA, W4).fma(squareA, W3.fma(rA, W2));
            DoubleVector powerA = roundedA.reinterpretAsLongs()
                    .lanewise(LSHL, WIDE_EXPONENT_SHIFT)
                    .add(WIDE_ONE_BITS)
                    .reinterpretAsDoubles();
            DoubleVector wA = highA.fma(squareA.mul(squareA), lowA).mul(powerA);
            DoubleVector sumA = wA.add(WIDE_ONE);
            DoubleVector resultA = wA.mul(sumA.add(zA)).div(sumA.mul(sumA));
            DoubleVector zB = (DoubleVector) limited.rearrange(FROM_HALF).convertShape(F2D, WIDE, 0);
            DoubleVector roundedB = zB.fma(WIDE_LOG2_E, WIDE_ROUNDER);
            DoubleVector rB = roundedB.sub(WIDE_ROUNDER).fma(WIDE_MINUS_LN2, zB);
            DoubleVector squareB = rB.mul(rB);
            DoubleVector lowB = W1.fma(rB, W0).fma(squareB, rB.add(WIDE_ONE));
            DoubleVector highB = W5.fma(rB, W4).fma(squareB, W3.fma(rB, W2));
            DoubleVector powerB = roundedB.reinterpretAsLongs()
                    .lanewise(LSHL, WIDE_EXPONENT_SHIFT)
                    .add(WIDE_ONE_BITS)
                    .reinterpretAsDoubles();
            DoubleVector wB = highB.fma(squareB.mul(squareB), lowB).mul(powerB);
            DoubleVector sumB = wB.add(WIDE_ONE);
            DoubleVector resultB = wB.mul(sumB.add(zB)).div(sumB.mul(sumB));
            FloatVector lower = (FloatVector) resultA.convertShape(D2F, SPECIES, 0);
            FloatVector upper = (FloatVector) resultB.convertShape(D2F, SPECIES, 0);
            FloatVector derivative = lower.blend(upper.rearrange(FROM_HALF), UPPER_HALF);
            FloatVector g = FloatVector.fromArray(SPECIES, gradient, gradientOffset + i);
            g.mul(derivative).intoArray(gradient, gradientOffset + i);
        }
        super.siluGradient(x, xOffset + i, gradient, gradientOffset + i, length - i);
    }

    @Override
    public void mishGradient(float[] x, int xOffset, float[] gradient, int gradientOffset, int length) {
        int i = 0;
        for (; i < SPECIES.loopBound(length); i += L) {
            FloatVector value = FloatVector.fromArray(SPECIES, x, xOffset + i);
            FloatVector notBelow = value.blend(WIDE_MIN, value.compare(LT, WIDE_MIN));
            FloatVector limited = notBelow.blend(WIDE_MAX, notBelow.compare(GT, WIDE_MAX));
            DoubleVector zA = (DoubleVector) limited.convertShape(F2D, WIDE, 0);
            DoubleVector roundedA = zA.fma(WIDE_LOG2_E, WIDE_ROUNDER);
            DoubleVector rA = roundedA.sub(WIDE_ROUNDER).fma(WIDE_MINUS_LN2, zA);
            DoubleVector squareA = rA.mul(rA);
            DoubleVector lowA = W1.fma(rA, W0).fma(squareA, rA.add(WIDE_ONE));
            DoubleVector highA = W5.fma(rA, W4).fma(squareA, W3.fma(rA, W2));
            DoubleVector powerA = roundedA.reinterpretAsLongs()
                    .lanewise(LSHL, WIDE_EXPONENT_SHIFT)
                    .add(WIDE_ONE_BITS)
                    .reinterpretAsDoubles();
            DoubleVector wA = highA.fma(squareA.mul(squareA), lowA).mul(powerA);
            DoubleVector nA = wA.fma(wA.add(WIDE_TWO), WIDE_TWO);
            DoubleVector fourA = zA.mul(WIDE_FOUR);
            DoubleVector cubicA = wA.add(WIDE_FOUR).fma(wA, fourA.add(WIDE_SIX)).fma(wA, fourA.add(WIDE_FOUR));
            DoubleVector resultA = wA.mul(cubicA).div(nA.mul(nA));
            DoubleVector zB = (DoubleVector) limited.rearrange(FROM_HALF).convertShape(F2D, WIDE, 0);
            DoubleVector roundedB = zB.fma(WIDE_LOG2_E, WIDE_ROUNDER);
            DoubleVector rB = roundedB.sub(WIDE_ROUNDER).fma(WIDE_MINUS_LN2, zB);
            DoubleVector squareB = rB.mul(rB);
            DoubleVector lowB = W1.fma(rB, W0).fma(squareB, rB.add(WIDE_ONE));
            DoubleVector highB = W5.fma(rB, W4).fma(squareB, W3.fma(rB, W2));
            DoubleVector powerB = roundedB.reinterpretAsLongs()
                    .lanewise(LSHL, WIDE_EXPONENT_SHIFT)
                    .add(WIDE_ONE_BITS)
                    .reinterpretAsDoubles();
            DoubleVector wB = highB.fma(squareB.mul(squareB), lowB).mul(powerB);
            DoubleVector nB = wB.fma(wB.add(WIDE_TWO), WIDE_TWO);
            DoubleVector fourB = zB.mul(WIDE_FOUR);
            DoubleVector cubicB = wB.add(WIDE_FOUR).fma(wB, fourB.add(WIDE_SIX)).fma(wB, fourB.add(WIDE_FOUR));
            DoubleVector resultB = wB.mul(cubicB).div(nB.mul(nB));
            FloatVector lower = (FloatVector) resultA.convertShape(D2F, SPECIES, 0);
            FloatVector upper = (FloatVector) resultB.convertShape(D2F, SPECIES, 0);
            FloatVector derivative = lower.blend(upper.rearrange(FROM_HALF), UPPER_HALF);
            FloatVector g = FloatVector.fromArray(SPECIES, gradient, gradientOffset + i);
            g.mul(derivative).intoArray(gradient, gradientOffset + i);
        }
        super.mishGradient(x, xOffset + i, gradient, gradientOffset + i, length - i);
    }

    @Override
    public void softplusGradient(float[] x, int xOffset, float[] gradient, int gradientOffset, int length) {
        int i = 0;
        for (; i < SPECIES.loopBound(length); i += L) {
            FloatVector value = FloatVector.fromArray(SPECIES, x, xOffset + i);
            DoubleVector xA = (DoubleVector) value.convertShape(F2D, WIDE, 0);
            DoubleVector roundedA = xA.fma(WIDE_MINUS_LOG2_E, WIDE_ROUNDER);
            DoubleVector rA = roundedA.sub(WIDE_ROUNDER).fma(WIDE_MINUS_LN2, xA.neg());
            DoubleVector squareA = rA.mul(rA);
            DoubleVector lowA = W1.fma(rA, W0).fma(squareA, rA.add(WIDE_ONE));
            DoubleVector highA = W5.fma(rA, W4).fma(squareA, W3.fma(rA, W2));
            DoubleVector powerA = roundedA.reinterpretAsLongs()
                    .lanewise(LSHL, WIDE_EXPONENT_SHIFT)
                    .add(WIDE_ONE_BITS)
                    .reinterpretAsDoubles();
            DoubleVector sumA = highA.fma(squareA.mul(squareA), lowA).fma(powerA, WIDE_ONE);
            DoubleVector xB = (DoubleVector) value.rearrange(FROM_HALF).convertShape(F2D, WIDE, 0);
            DoubleVector roundedB = xB.fma(WIDE_MINUS_LOG2_E, WIDE_ROUNDER);
            DoubleVector rB = roundedB.sub(WIDE_ROUNDER).fma(WIDE_MINUS_LN2, xB.neg());
            DoubleVector squareB = rB.mul(rB);
            DoubleVector lowB = W1.fma(rB, W0).fma(squareB, rB.add(WIDE_ONE));
            DoubleVector highB = W5.fma(rB, W4).fma(squareB, W3.fma(rB, W2));
            DoubleVector powerB = roundedB.reinterpretAsLongs()
                    .lanewise(LSHL, WIDE_EXPONENT_SHIFT)
                    .add(WIDE_ONE_BITS)
                    .reinterpretAsDoubles();
            DoubleVector sumB = highB.fma(squareB.mul(squareB), lowB).fma(powerB, WIDE_ONE);
            FloatVector lower = (FloatVector) WIDE_ONE.div(sumA).convertShape(D2F, SPECIES, 0);
            FloatVector upper = (FloatVector) WIDE_ONE.div(sumB).convertShape(D2F, SPECIES, 0);
            FloatVector limit = ZERO.blend(ONE, value.compare(GT, ZERO));
            VectorMask<Float> large = value.abs().compare(GT, SIGMOID_MAX);
            FloatVector sigmoid =
                    lower.blend(upper.rearrange(FROM_HALF), UPPER_HALF).blend(limit, large);
            FloatVector g = FloatVector.fromArray(SPECIES, gradient, gradientOffset + i);
            g.mul(sigmoid).intoArray(gradient, gradientOffset + i);
        }
        super.softplusGradient(x, xOffset + i, gradient, gradientOffset + i, length - i);
    }

    @Override
    public void addPenalty(
            float l1, float l2, float[] weights, int weightsOffset, float[] gradient, int gradientOffset, int length) {
        float twice = 2 * l2;
        int i = 0;
        for (; i < SPECIES.loopBound(length); i += L) {
            FloatVector weight = FloatVector.fromArray(SPECIES, weights, weightsOffset + i);
            FloatVector g = FloatVector.fromArray(SPECIES, gradient, gradientOffset + i);
            FloatVector sign = ZERO.blend(l1, weight.compare(GT, ZERO)).blend(-l1, weight.compare(LT, ZERO));
            weight.fma(FloatVector.broadcast(SPECIES, twice), g).add(sign).intoArray(gradient, gradientOffset + i);
        }
        super.addPenalty(l1, l2, weights, weightsOffset + i, gradient, gradientOffset + i, length - i);
    }

    /** The 16 lanes are in one, two or four vectors. */
    @Override
    float blockSumOfSquares(float[] x, int offset, int length) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int i = 0;
        for (; i <= length - LANES; i += LANES) {
            FloatVector v0 = FloatVector.fromArray(SPECIES, x, offset + i);
            s0 = v0.fma(v0, s0);
            if (L <= 8) {
                FloatVector v1 = FloatVector.fromArray(SPECIES, x, offset + i + L);
                s1 = v1.fma(v1, s1);
            }
            if (L <= 4) {
                FloatVector v2 = FloatVector.fromArray(SPECIES, x, offset + i + 2 * L);
                FloatVector v3 = FloatVector.fromArray(SPECIES, x, offset + i + 3 * L);
                s2 = v2.fma(v2, s2);
                s3 = v3.fma(v3, s3);
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

    /** The difference of an element and itself is NaN unless it is finite, and so is every sum with it. */
    @Override
    public boolean allFinite(float[] x, int offset, int length) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        int i = 0;
        for (; i <= length - 2 * L; i += 2 * L) {
            FloatVector v0 = FloatVector.fromArray(SPECIES, x, offset + i);
            FloatVector v1 = FloatVector.fromArray(SPECIES, x, offset + i + L);
            s0 = s0.add(v0.sub(v0));
            s1 = s1.add(v1.sub(v1));
        }
        boolean finite = s0.add(s1).compare(EQ, ZERO).allTrue();
        return finite && super.allFinite(x, offset + i, length - i);
    }

    /** {@link FloatMath#sigmoid} of the lower half of the lanes; only for callers that call no other method of ours. */
    static FloatVector lowerSigmoid(FloatVector x) {
        DoubleVector wide = (DoubleVector) x.convertShape(F2D, WIDE, 0);
        DoubleVector rounded = wide.fma(WIDE_MINUS_LOG2_E, WIDE_ROUNDER);
        DoubleVector r = rounded.sub(WIDE_ROUNDER).fma(WIDE_MINUS_LN2, wide.neg());
        DoubleVector square = r.mul(r);
        DoubleVector low = W1.fma(r, W0).fma(square, r.add(WIDE_ONE));
        DoubleVector high = W5.fma(r, W4).fma(square, W3.fma(r, W2));
        DoubleVector power = rounded.reinterpretAsLongs()
                .lanewise(LSHL, WIDE_EXPONENT_SHIFT)
                .add(WIDE_ONE_BITS)
                .reinterpretAsDoubles();
        DoubleVector sum = high.fma(square.mul(square), low).fma(power, WIDE_ONE);
        FloatVector result = (FloatVector) WIDE_ONE.div(sum).convertShape(D2F, SPECIES, 0);
        FloatVector limit = ZERO.blend(ONE, x.compare(GT, ZERO));
        return result.blend(limit, x.abs().compare(GT, SIGMOID_MAX));
    }

    private static DoubleVector wide(double value) {
        return DoubleVector.broadcast(WIDE, value);
    }

    private static FloatVector constant(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }
}
