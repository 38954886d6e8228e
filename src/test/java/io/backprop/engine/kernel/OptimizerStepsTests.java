package io.backprop.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares optimizer steps with the formulas of their Javadoc, and checks that elements outside of the range are unchanged. */
class OptimizerStepsTests {

    private static final int FIRST = 5;
    private static final int EXCESS = 20;

    private final Random random = new Random(5);

    static IntStream lengths() {
        return IntStream.of(0, 1, 3, 15, 16, 17, 31, 33, 100, 257);
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void sgdStepFollowsItsFormula(int length) {
        float[] gradient = numbers(length);
        float[] parameters = numbers(length);
        float[] expected = parameters.clone();
        for (int i = FIRST; i < FIRST + length; i++) {
            expected[i] = Math.fma(-0.1f, gradient[i], parameters[i]);
        }
        OptimizerSteps.sgd(0.1f, gradient, parameters, FIRST, FIRST + length);
        assertThat(parameters).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void momentumStepFollowsItsFormula(int length) {
        for (boolean nesterov : new boolean[] {false, true}) {
            float[] gradient = numbers(length);
            float[] velocity = numbers(length);
            float[] parameters = numbers(length);
            float[] expectedVelocity = velocity.clone();
            float[] expected = parameters.clone();
            for (int i = FIRST; i < FIRST + length; i++) {
                float v = Math.fma(0.9f, velocity[i], -0.1f * gradient[i]);
                expectedVelocity[i] = v;
                expected[i] += nesterov ? Math.fma(0.9f, v, -0.1f * gradient[i]) : v;
            }
            OptimizerSteps.momentum(0.1f, 0.9f, nesterov, gradient, velocity, parameters, FIRST, FIRST + length);
            assertThat(velocity).isEqualTo(expectedVelocity);
            assertThat(parameters).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void rmsPropStepFollowsItsFormula(int length) {
        float[] gradient = numbers(length);
        float[] meanSquares = magnitudes(length);
        float[] parameters = numbers(length);
        float[] expectedSquares = meanSquares.clone();
        float[] expected = parameters.clone();
        for (int i = FIRST; i < FIRST + length; i++) {
            float g = gradient[i];
            float s = Math.fma(1 - 0.9f, g * g - meanSquares[i], meanSquares[i]);
            expectedSquares[i] = s;
            expected[i] -= 0.1f * g / (float) Math.sqrt(s + 1e-7f);
        }
        OptimizerSteps.rmsProp(0.1f, 0.9f, 1e-7f, gradient, meanSquares, parameters, FIRST, FIRST + length);
        assertThat(meanSquares).isEqualTo(expectedSquares);
        assertThat(parameters).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void adamStepFollowsItsFormula(int length) {
        float[] gradient = numbers(length);
        float[] means = numbers(length);
        float[] meanSquares = magnitudes(length);
        float[] parameters = numbers(length);
        float[] expectedMeans = means.clone();
        float[] expectedSquares = meanSquares.clone();
        float[] expected = parameters.clone();
        for (int i = FIRST; i < FIRST + length; i++) {
            float g = gradient[i];
            float m = Math.fma(1 - 0.9f, g - means[i], means[i]);
            float s = Math.fma(1 - 0.999f, g * g - meanSquares[i], meanSquares[i]);
            expectedMeans[i] = m;
            expectedSquares[i] = s;
            expected[i] = Math.fma(parameters[i], -0.01f, parameters[i]) - 0.1f * m / ((float) Math.sqrt(s) + 1e-7f);
        }
        OptimizerSteps.adam(
                0.1f, 0.01f, 0.9f, 0.999f, 1e-7f, gradient, means, meanSquares, parameters, FIRST, FIRST + length);
        assertThat(means).isEqualTo(expectedMeans);
        assertThat(meanSquares).isEqualTo(expectedSquares);
        assertThat(parameters).isEqualTo(expected);
    }

    private float[] numbers(int length) {
        float[] numbers = new float[FIRST + length + EXCESS];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = random.nextFloat(-8, 8);
        }
        return numbers;
    }

    private float[] magnitudes(int length) {
        float[] magnitudes = numbers(length);
        for (int i = 0; i < magnitudes.length; i++) {
            magnitudes[i] = Math.abs(magnitudes[i]);
        }
        return magnitudes;
    }
}
