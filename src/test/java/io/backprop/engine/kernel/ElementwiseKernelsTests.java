package io.backprop.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares every elementwise kernel with the formula of its Javadoc. */
class ElementwiseKernelsTests {

    private static final int[] LENGTHS = {0, 1, 3, 4, 7, 8, 15, 16, 17, 31, 33, 100, 257};
    private static final float INFINITY = Float.POSITIVE_INFINITY;
    private static final int[] SHIFTS = {0, 1, 5};
    private static final float[] SPECIAL = {
        0f,
        -0f,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        1e-39f,
        -1e-39f,
        -88f,
        -87.5f,
        88.5f,
        89f,
        -103.9f,
        -104.5f,
        -108.5f,
        -110.5f,
        111f,
        1e30f,
        -1e30f,
        Float.MAX_VALUE,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.NaN
    };

    /** A kernel that reads x, and reads or writes y. */
    record Elementwise(String name, Call call, Formula formula) {

        interface Call {
            void on(Kernels kernels, float[] x, int xOffset, float[] y, int yOffset, int length);
        }

        interface Formula {
            float of(float x, float y);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Elementwise> KERNELS = List.of(
            new Elementwise("sigmoid", Kernels::sigmoid, (x, y) -> FloatMath.sigmoid(x)),
            new Elementwise("tanh", Kernels::tanh, (x, y) -> FloatMath.tanh(x)),
            new Elementwise(
                    "elu",
                    (k, x, xo, y, yo, n) -> k.elu(1.1f, 1.7f, x, xo, y, yo, n),
                    (x, y) -> x < 0 ? 1.7f * FloatMath.elu(x) : 1.1f * x),
            new Elementwise("gelu", Kernels::gelu, (x, y) -> Gelu.of(x)),
            new Elementwise("silu", Kernels::silu, (x, y) -> Silu.of(x)),
            new Elementwise("mish", Kernels::mish, (x, y) -> Mish.of(x)),
            new Elementwise("exp", Kernels::exp, (x, y) -> FloatMath.exp(x)),
            new Elementwise("softplus", Kernels::softplus, (x, y) -> FloatMath.softplus(x)),
            new Elementwise("relu", Kernels::relu, (x, y) -> x <= 0 ? 0 : x),
            new Elementwise(
                    "leakyRelu",
                    (k, x, xo, y, yo, n) -> k.leakyRelu(0.1f, x, xo, y, yo, n),
                    (x, y) -> x > 0 ? x : Math.fma(0.1f, x, 0)),
            new Elementwise("sigmoidGradient", Kernels::sigmoidGradient, (x, y) -> y * (x * (1 - x))),
            new Elementwise("tanhGradient", Kernels::tanhGradient, (x, y) -> y * (1 - x * x)),
            new Elementwise(
                    "leakyReluGradient",
                    (k, x, xo, y, yo, n) -> k.leakyReluGradient(0.1f, x, xo, y, yo, n),
                    (x, y) -> x > 0 ? y : 0.1f * y),
            new Elementwise(
                    "eluGradient",
                    (k, x, xo, y, yo, n) -> k.eluGradient(1.1f, 1.7f, x, xo, y, yo, n),
                    (x, y) -> x > 0 ? 1.1f * y : y * (x + 1.7f)),
            new Elementwise("geluGradient", Kernels::geluGradient, (x, y) -> y * Gelu.derivative(x)),
            new Elementwise("siluGradient", Kernels::siluGradient, (x, y) -> y * Silu.derivative(x)),
            new Elementwise("mishGradient", Kernels::mishGradient, (x, y) -> y * Mish.derivative(x)),
            new Elementwise("softplusGradient", Kernels::softplusGradient, (x, y) -> y * FloatMath.sigmoid(x)),
            new Elementwise("multiply", Kernels::multiply, (x, y) -> x * y),
            new Elementwise(
                    "addPenalty",
                    (k, x, xo, y, yo, n) -> k.addPenalty(0.3f, 0.7f, x, xo, y, yo, n),
                    (x, y) -> Math.fma(1.4f, x, y) + (x > 0 ? 0.3f : x < 0 ? -0.3f : 0)),
            new Elementwise("scale", (k, x, xo, y, yo, n) -> k.scale(0.3f, y, yo, n), (x, y) -> y * 0.3f));

    static Stream<Elementwise> kernels() {
        return KERNELS.stream();
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void followsItsFormulaAtAnyLengthAndOffset(Elementwise kernel) {
        Random random = new Random(1);
        for (Kernels kernels : AvailableKernels.all()) {
            for (int length : LENGTHS) {
                for (int shift : SHIFTS) {
                    NanPadded x = NanPadded.random(length, shift, random);
                    NanPadded y = NanPadded.random(length, 2 * shift, random);
                    assertFollowsFormula(kernel, kernels, x, y);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void followsItsFormulaForSpecialNumbers(Elementwise kernel) {
        for (Kernels kernels : AvailableKernels.all()) {
            for (float gradient : SPECIAL) {
                NanPadded x = NanPadded.of(SPECIAL);
                NanPadded y = NanPadded.of(SPECIAL).fill(i -> gradient);
                assertFollowsFormula(kernel, kernels, x, y);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void resultMayOverwriteTheArgument(Elementwise kernel) {
        for (Kernels kernels : AvailableKernels.all()) {
            NanPadded x = NanPadded.random(100, 3, new Random(2));
            NanPadded expected = x.copy().fill(i -> kernel.formula.of(x.get((int) i), x.get((int) i)));
            kernel.call.on(kernels, x.array, x.offset, x.array, x.offset, x.length);
            assertThat(x.bits()).as("%s %s", kernels.name(), kernel).isEqualTo(expected.bits());
        }
    }

    /** Runs long enough for C2 to compile the vector loops. */
    @ParameterizedTest
    @MethodSource("kernels")
    void scalarAndSimdAgreeOverTheWholeRangeOfFloats(Elementwise kernel) {
        int length = 4096;
        long stride = 1999;
        float[] x = new float[length];
        for (long bits = 0; bits < 1L << 32; ) {
            for (int i = 0; i < length; i++, bits += stride) {
                x[i] = Float.intBitsToFloat((int) bits);
            }
            float[] expected = ones(length);
            kernel.call.on(Kernels.scalar(), x, 0, expected, 0, length);
            for (Kernels kernels : AvailableKernels.all()) {
                float[] y = ones(length);
                kernel.call.on(kernels, x, 0, y, 0, length);
                assertThat(Arrays.mismatch(y, expected)).as(kernels.name()).isEqualTo(-1);
            }
        }
    }

    /** A function of x with its limits at −∞ and at +∞. */
    private record Limit(String name, Elementwise.Call call, float atMinusInfinity, float atInfinity) {

        /** The limits of a derivative that is computed from the value of the function. */
        static Limit ofGradient(
                String name,
                Elementwise.Call function,
                Elementwise.Call gradient,
                float atMinusInfinity,
                float atInfinity) {
            return new Limit(
                    name,
                    (kernels, x, xOffset, y, yOffset, length) -> {
                        function.on(kernels, x, xOffset, x, xOffset, length);
                        gradient.on(kernels, x, xOffset, y, yOffset, length);
                    },
                    atMinusInfinity,
                    atInfinity);
        }
    }

    @Test
    void activationsAndDerivativesHaveTheirLimitsAtInfinity() {
        List<Limit> limits = List.of(
                new Limit("sigmoid", Kernels::sigmoid, 0, 1),
                new Limit("tanh", Kernels::tanh, -1, 1),
                new Limit("relu", Kernels::relu, 0, INFINITY),
                new Limit("leakyRelu", (k, x, xo, y, yo, n) -> k.leakyRelu(0.1f, x, xo, y, yo, n), -INFINITY, INFINITY),
                new Limit("elu", (k, x, xo, y, yo, n) -> k.elu(1.1f, 1.7f, x, xo, y, yo, n), -1.7f, INFINITY),
                new Limit("silu", Kernels::silu, 0, INFINITY),
                new Limit("mish", Kernels::mish, 0, INFINITY),
                new Limit("exp", Kernels::exp, 0, INFINITY),
                new Limit("gelu", Kernels::gelu, 0, INFINITY),
                new Limit("softplus", Kernels::softplus, 0, INFINITY),
                Limit.ofGradient("sigmoid'", Kernels::sigmoid, Kernels::sigmoidGradient, 0, 0),
                Limit.ofGradient("tanh'", Kernels::tanh, Kernels::tanhGradient, 0, 0),
                Limit.ofGradient(
                        "relu'", Kernels::relu, (k, x, xo, y, yo, n) -> k.leakyReluGradient(0, x, xo, y, yo, n), 0, 1),
                Limit.ofGradient(
                        "leakyRelu'",
                        (k, x, xo, y, yo, n) -> k.leakyRelu(0.1f, x, xo, y, yo, n),
                        (k, x, xo, y, yo, n) -> k.leakyReluGradient(0.1f, x, xo, y, yo, n),
                        0.1f,
                        1),
                Limit.ofGradient(
                        "elu'",
                        (k, x, xo, y, yo, n) -> k.elu(1.1f, 1.7f, x, xo, y, yo, n),
                        (k, x, xo, y, yo, n) -> k.eluGradient(1.1f, 1.7f, x, xo, y, yo, n),
                        0,
                        1.1f),
                new Limit("silu'", Kernels::siluGradient, 0, 1),
                new Limit("mish'", Kernels::mishGradient, 0, 1),
                new Limit("gelu'", Kernels::geluGradient, 0, 1),
                new Limit("softplus'", Kernels::softplusGradient, 0, 1));
        for (Kernels kernels : AvailableKernels.all()) {
            for (Limit limit : limits) {
                for (int length : new int[] {1, 33}) {
                    assertThat(valuesAt(-INFINITY, limit.call, kernels, length))
                            .as("%s at −∞", limit.name)
                            .containsOnly(limit.atMinusInfinity);
                    assertThat(valuesAt(INFINITY, limit.call, kernels, length))
                            .as("%s at +∞", limit.name)
                            .containsOnly(limit.atInfinity);
                }
            }
        }
    }

    private static float[] valuesAt(float argument, Elementwise.Call call, Kernels kernels, int length) {
        float[] x = new float[length];
        Arrays.fill(x, argument);
        float[] y = ones(length);
        call.on(kernels, x, 0, y, 0, length);
        for (int i = 0; i < length; i++) {
            y[i] += 0f; // turns −0 into 0
        }
        return y;
    }

    private static float[] ones(int length) {
        float[] ones = new float[length];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static void assertFollowsFormula(Elementwise kernel, Kernels kernels, NanPadded x, NanPadded y) {
        int[] xBefore = x.bits();
        NanPadded expected = y.copy().fill(i -> kernel.formula.of(x.get((int) i), y.get((int) i)));
        kernel.call.on(kernels, x.array, x.offset, y.array, y.offset, y.length);
        assertThat(y.bits())
                .as("%s %s, length %d", kernels.name(), kernel, y.length)
                .isEqualTo(expected.bits());
        assertThat(x.bits()).isEqualTo(xBefore);
    }
}
