package io.backprop.engine.kernel;

import static java.lang.Float.NEGATIVE_INFINITY;
import static java.lang.Float.NaN;
import static java.lang.Float.POSITIVE_INFINITY;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares each function with double precision for every 1999th float, or for all floats with {@code
 * -Dtest.exhaustive=true}.
 */
class FloatMathTests {

    private static final int STRIDE = Boolean.getBoolean("test.exhaustive") ? 1 : 1999;

    /**
     * A function with its largest error in units in the last place.
     *
     * @param root where the function changes its sign; within 0.1 of it the error may be larger by 2^−36
     */
    private record Function(
            String name, FloatFunction function, DoubleUnaryOperator reference, double bound, double root) {

        Function(String name, FloatFunction function, DoubleUnaryOperator reference, double bound) {
            this(name, function, reference, bound, Double.NaN);
        }

        double error(float x) {
            double exact = reference.applyAsDouble(x);
            double error = FloatMathTests.error(function.of(x), exact);
            return Math.abs(x - root) < 0.1 ? error - 0x1p-36 / Math.ulp((float) exact) : error;
        }

        interface FloatFunction {
            float of(float x);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** Error bounds from the Javadoc of FloatMath. */
    static Stream<Function> functions() {
        return Stream.of(
                new Function("exp", FloatMath::exp, StrictMath::exp, 1.0),
                new Function("log", FloatMath::log, StrictMath::log, 1.0),
                new Function("sigmoid", FloatMath::sigmoid, DoubleReference::sigmoid, 0.51),
                new Function("tanh", FloatMath::tanh, StrictMath::tanh, 2.0),
                new Function("elu", FloatMath::elu, x -> x < 0 ? StrictMath.expm1(x) : x, 1.0),
                new Function("softplus", FloatMath::softplus, DoubleReference::softplus, 1.7),
                new Function("gelu", Gelu::of, DoubleReference::gelu, 1.8),
                new Function("geluDerivative", Gelu::derivative, DoubleReference::geluDerivative, 1.6),
                new Function("silu", Silu::of, DoubleReference::silu, 0.51),
                new Function("siluDerivative", Silu::derivative, DoubleReference::siluDerivative, 0.51, -1.2785),
                new Function("mish", Mish::of, DoubleReference::mish, 0.51),
                new Function("mishDerivative", Mish::derivative, DoubleReference::mishDerivative, 0.51, -1.1924));
    }

    @ParameterizedTest
    @MethodSource("functions")
    void staysWithinItsErrorBoundOverTheWholeRange(Function function) {
        double largest = 0;
        float at = NaN;
        for (long bits = 0; bits < 1L << 32; bits += STRIDE) {
            float x = Float.intBitsToFloat((int) bits);
            double error = function.error(x);
            if (error > largest) {
                largest = error;
                at = x;
            }
        }
        if (STRIDE == 1) {
            System.out.printf("%s: %.4f ulp at %s%n", function, largest, at);
        }
        assertThat(largest).as("error at %s", at).isLessThanOrEqualTo(function.bound);
    }

    /** Error in units in the last place of the exact result; for a special result 0 if equal, otherwise infinite. */
    private static double error(float actual, double exact) {
        float rounded = (float) exact;
        if (Float.isFinite(rounded) && Float.isFinite(actual)) {
            return Math.abs(actual - exact) / Math.ulp(rounded);
        }
        return Float.compare(actual, rounded) == 0 ? 0 : Double.POSITIVE_INFINITY;
    }

    @Test
    void zerosPreserveTheirSign() {
        for (float zero : new float[] {0f, -0f}) {
            assertThat(FloatMath.tanh(zero)).isEqualTo(zero);
            assertThat(FloatMath.elu(zero)).isEqualTo(zero);
        }
        assertThat(Gelu.of(-0f)).isEqualTo(-0f);
        assertThat(Silu.of(-0f)).isEqualTo(-0f);
        assertThat(Mish.of(-0f)).isEqualTo(-0f);
        assertThat(FloatMath.exp(-0f)).isEqualTo(1f);
        assertThat(FloatMath.log(-0f)).isEqualTo(NEGATIVE_INFINITY);
    }

    @Test
    void limitsAtInfinityAreExact() {
        assertThat(FloatMath.exp(POSITIVE_INFINITY)).isEqualTo(POSITIVE_INFINITY);
        assertThat(FloatMath.exp(NEGATIVE_INFINITY)).isEqualTo(0f);
        assertThat(FloatMath.log(POSITIVE_INFINITY)).isEqualTo(POSITIVE_INFINITY);
        assertThat(FloatMath.sigmoid(POSITIVE_INFINITY)).isEqualTo(1f);
        assertThat(FloatMath.sigmoid(NEGATIVE_INFINITY)).isEqualTo(0f);
        assertThat(FloatMath.tanh(NEGATIVE_INFINITY)).isEqualTo(-1f);
        assertThat(FloatMath.elu(NEGATIVE_INFINITY)).isEqualTo(-1f);
        assertThat(FloatMath.softplus(NEGATIVE_INFINITY)).isEqualTo(0f);
        assertThat(Gelu.of(POSITIVE_INFINITY)).isEqualTo(POSITIVE_INFINITY);
        assertThat(Gelu.of(NEGATIVE_INFINITY)).isEqualTo(-0f);
        assertThat(Gelu.derivative(POSITIVE_INFINITY)).isEqualTo(1f);
        assertThat(Gelu.derivative(NEGATIVE_INFINITY)).isEqualTo(-0f);
        assertThat(Silu.of(POSITIVE_INFINITY)).isEqualTo(POSITIVE_INFINITY);
        assertThat(Silu.of(NEGATIVE_INFINITY)).isEqualTo(-0f);
        assertThat(Silu.derivative(POSITIVE_INFINITY)).isEqualTo(1f);
        assertThat(Silu.derivative(NEGATIVE_INFINITY)).isEqualTo(-0f);
        assertThat(Mish.of(POSITIVE_INFINITY)).isEqualTo(POSITIVE_INFINITY);
        assertThat(Mish.of(NEGATIVE_INFINITY)).isEqualTo(-0f);
        assertThat(Mish.derivative(POSITIVE_INFINITY)).isEqualTo(1f);
        assertThat(Mish.derivative(NEGATIVE_INFINITY)).isEqualTo(-0f);
    }
}
