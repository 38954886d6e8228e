package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares the bits of an optimizer step with its formula, as a whole and divided into ranges. */
class OptimizerFormulaTests {

    private static final int STEP = 3;

    private final Random random = new Random(5);

    static IntStream lengths() {
        return IntStream.of(2, 3, 15, 16, 17, 31, 33, 100, 257, 70_001);
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void sgdStepFollowsItsFormula(int length) {
        float[] gradient = numbers(length);
        float[] parameters = numbers(length);
        float[] expected = parameters.clone();
        for (int i = 0; i < length; i++) {
            expected[i] = Math.fma(-0.1f, gradient[i], parameters[i]);
        }
        assertStep(new Optimizer.Sgd(), gradient, new float[0], parameters, new float[0], expected);
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
            for (int i = 0; i < length; i++) {
                float v = Math.fma(0.9f, velocity[i], -0.1f * gradient[i]);
                expectedVelocity[i] = v;
                expected[i] += nesterov ? Math.fma(0.9f, v, -0.1f * gradient[i]) : v;
            }
            assertStep(new Optimizer.Sgd(0.9f, nesterov), gradient, velocity, parameters, expectedVelocity, expected);
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
        for (int i = 0; i < length; i++) {
            float g = gradient[i];
            float s = Math.fma(1 - 0.9f, g * g - meanSquares[i], meanSquares[i]);
            expectedSquares[i] = s;
            expected[i] -= 0.1f * g / (float) Math.sqrt(s + 1e-7f);
        }
        assertStep(new Optimizer.RmsProp(), gradient, meanSquares, parameters, expectedSquares, expected);
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void adamStepFollowsItsFormula(int length) {
        float[] gradient = numbers(length);
        float[] state = concatenate(numbers(length), magnitudes(length)); // means, then mean squares
        float[] parameters = numbers(length);
        float[] expectedState = state.clone();
        float rate = 0.1f * (float) (Math.sqrt(1 - Math.pow(0.999f, STEP)) / (1 - Math.pow(0.9f, STEP)));
        float decay = 0.1f * 0.1f;
        float[] expected = parameters.clone();
        for (int i = 0; i < length; i++) {
            float g = gradient[i];
            float m = Math.fma(1 - 0.9f, g - state[i], state[i]);
            float s = Math.fma(1 - 0.999f, g * g - state[length + i], state[length + i]);
            expectedState[i] = m;
            expectedState[length + i] = s;
            boolean weight = i < length - 1;
            float kept = weight ? Math.fma(parameters[i], -decay, parameters[i]) : parameters[i];
            expected[i] = kept - rate * m / ((float) Math.sqrt(s) + 1e-7f);
        }
        assertStep(
                new Optimizer.AdamW(0.9f, 0.999f, 1e-7f, 0.1f), gradient, state, parameters, expectedState, expected);
    }

    private static void assertStep(
            Optimizer optimizer,
            float[] gradient,
            float[] state,
            float[] parameters,
            float[] expectedState,
            float[] expected) {
        for (int cut : new int[] {0, 1, parameters.length / 2}) {
            Updater updater = optimizer.updaterFor(parameters.length);
            updater.state().restore(state);
            float[] updated = parameters.clone();
            int weights = updated.length - 1;
            updater.begin(STEP);
            updater.updateWeights(0.1f, gradient, updated, cut, weights - cut);
            updater.updateWeights(0.1f, gradient, updated, 0, cut);
            updater.updateBiases(0.1f, gradient, updated, weights, 1);
            assertThat(updater.state().copy()).isEqualTo(expectedState);
            assertThat(updated).isEqualTo(expected);
        }
    }

    private static float[] concatenate(float[] first, float[] second) {
        float[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private float[] numbers(int length) {
        float[] numbers = new float[length];
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
