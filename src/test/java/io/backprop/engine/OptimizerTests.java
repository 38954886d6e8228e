package io.backprop.engine;

import static java.lang.Math.pow;
import static java.lang.Math.sqrt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.backprop.engine.Optimizer.Adam;
import io.backprop.engine.Optimizer.AdamW;
import io.backprop.engine.Optimizer.RmsProp;
import io.backprop.engine.Optimizer.Sgd;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Expected values of five steps per optimizer were computed by hand: from p = 1, learning rate 0.1, gradients 1, −0.5, 0.25, 2, −1. */
class OptimizerTests {

    private static final float[] GRADIENTS = {1, -0.5f, 0.25f, 2, -1};
    private static final int PARAMETERS = 19; // more than one vector of any width, and a remainder

    @Test
    void sgdSubtractsTheGradient() {
        assertSteps(new Sgd(), 0.9, 0.95, 0.925, 0.725, 0.825);
    }

    @Test
    void momentumKeepsAVelocity() {
        double v1 = 0.9 * 0 - 0.1 * 1;
        double v2 = 0.9 * v1 - 0.1 * -0.5;
        double v3 = 0.9 * v2 - 0.1 * 0.25;
        double v4 = 0.9 * v3 - 0.1 * 2;
        double v5 = 0.9 * v4 - 0.1 * -1;
        assertThat(v5).isCloseTo(-0.12941, within(1e-12));

        double p1 = 1 + v1;
        double p2 = p1 + v2;
        double p3 = p2 + v3;
        double p4 = p3 + v4;
        double p5 = p4 + v5;
        assertThat(p5).isCloseTo(0.41469, within(1e-12));
        assertSteps(new Sgd(0.9f, false), p1, p2, p3, p4, p5);
    }

    @Test
    void nesterovUsesTheLookAhead() {
        double p1 = 1 + 0.9 * -0.1 - 0.1 * 1;
        double p2 = p1 + 0.9 * -0.04 - 0.1 * -0.5;
        double p3 = p2 + 0.9 * -0.061 - 0.1 * 0.25;
        double p4 = p3 + 0.9 * -0.2549 - 0.1 * 2;
        double p5 = p4 + 0.9 * -0.12941 - 0.1 * -1;
        assertThat(p5).isCloseTo(0.298221, within(1e-12));
        assertSteps(new Sgd(0.9f, true), p1, p2, p3, p4, p5);
    }

    @Test
    void rmsPropDividesByTheMeanSquare() {
        double s1 = 0.8 * 0 + 0.2 * 1;
        double s2 = 0.8 * s1 + 0.2 * 0.25;
        double s3 = 0.8 * s2 + 0.2 * 0.0625;
        double s4 = 0.8 * s3 + 0.2 * 4;
        double s5 = 0.8 * s4 + 0.2 * 1;

        double p1 = 1 - 0.1 * 1 / sqrt(s1 + 0.01);
        double p2 = p1 - 0.1 * -0.5 / sqrt(s2 + 0.01);
        double p3 = p2 - 0.1 * 0.25 / sqrt(s3 + 0.01);
        double p4 = p3 - 0.1 * 2 / sqrt(s4 + 0.01);
        double p5 = p4 - 0.1 * -1 / sqrt(s5 + 0.01);
        assertSteps(new RmsProp(0.8f, 0.01f), p1, p2, p3, p4, p5);
    }

    private static final double M1 = 0.8 * 0 + 0.2 * 1;
    private static final double M2 = 0.8 * M1 + 0.2 * -0.5;
    private static final double M3 = 0.8 * M2 + 0.2 * 0.25;
    private static final double M4 = 0.8 * M3 + 0.2 * 2;
    private static final double M5 = 0.8 * M4 + 0.2 * -1;

    private static final double S1 = 0.9 * 0 + 0.1 * 1;
    private static final double S2 = 0.9 * S1 + 0.1 * 0.25;
    private static final double S3 = 0.9 * S2 + 0.1 * 0.0625;
    private static final double S4 = 0.9 * S3 + 0.1 * 4;
    private static final double S5 = 0.9 * S4 + 0.1 * 1;

    @Test
    void adamCorrectsTheBiasOfItsMoments() {
        double p1 = 1 - 0.1 * sqrt(1 - 0.9) / (1 - 0.8) * M1 / (sqrt(S1) + 0.01);
        double p2 = p1 - 0.1 * sqrt(1 - pow(0.9, 2)) / (1 - pow(0.8, 2)) * M2 / (sqrt(S2) + 0.01);
        double p3 = p2 - 0.1 * sqrt(1 - pow(0.9, 3)) / (1 - pow(0.8, 3)) * M3 / (sqrt(S3) + 0.01);
        double p4 = p3 - 0.1 * sqrt(1 - pow(0.9, 4)) / (1 - pow(0.8, 4)) * M4 / (sqrt(S4) + 0.01);
        double p5 = p4 - 0.1 * sqrt(1 - pow(0.9, 5)) / (1 - pow(0.8, 5)) * M5 / (sqrt(S5) + 0.01);
        assertSteps(new Adam(0.8f, 0.9f, 0.01f), p1, p2, p3, p4, p5);
    }

    @Test
    void adamWDecaysTheParametersFirst() {
        double kept = 1 - 0.1 * 0.5;
        double p1 = kept * 1 - 0.1 * sqrt(1 - 0.9) / (1 - 0.8) * M1 / (sqrt(S1) + 0.01);
        double p2 = kept * p1 - 0.1 * sqrt(1 - pow(0.9, 2)) / (1 - pow(0.8, 2)) * M2 / (sqrt(S2) + 0.01);
        double p3 = kept * p2 - 0.1 * sqrt(1 - pow(0.9, 3)) / (1 - pow(0.8, 3)) * M3 / (sqrt(S3) + 0.01);
        double p4 = kept * p3 - 0.1 * sqrt(1 - pow(0.9, 4)) / (1 - pow(0.8, 4)) * M4 / (sqrt(S4) + 0.01);
        double p5 = kept * p4 - 0.1 * sqrt(1 - pow(0.9, 5)) / (1 - pow(0.8, 5)) * M5 / (sqrt(S5) + 0.01);
        assertSteps(new AdamW(0.8f, 0.9f, 0.01f, 0.5f), p1, p2, p3, p4, p5);
    }

    @Test
    void firstStepOfAdamIsTheLearningRateForAnyGradient() {
        float[] parameters = {1, 1, 1};
        step(new Adam().updaterFor(3), 1, new float[] {0.1f, 7, -300}, parameters);
        assertThat(parameters).containsExactly(new float[] {0.9f, 0.9f, 1.1f}, within(2e-5f));
    }

    @Test
    void defaultsAreThoseOfKeras() {
        assertThat(new Sgd()).isEqualTo(new Sgd(0, false));
        assertThat(new RmsProp()).isEqualTo(new RmsProp(0.9f, 1e-7f));
        assertThat(new Adam()).isEqualTo(new Adam(0.9f, 0.999f, 1e-7f));
        assertThat(new AdamW()).isEqualTo(new AdamW(0.9f, 0.999f, 1e-7f, 0.004f));
    }

    @Test
    void rejectsInvalidArguments() {
        assertThatThrownBy(() -> new Sgd(1, false))
                .hasMessage("momentum must be at least 0 and less than 1, but was 1.0");
        assertThatThrownBy(() -> new Sgd(0, true)).hasMessage("nesterov needs a momentum greater than 0");
        assertThatThrownBy(() -> new RmsProp(-0.1f, 1e-7f))
                .hasMessage("rho must be at least 0 and less than 1, but was -0.1");
        assertThatThrownBy(() -> new Adam(0.9f, Float.NaN, 1e-7f))
                .hasMessage("beta2 must be at least 0 and less than 1, but was NaN");
        assertThatThrownBy(() -> new Adam(0.9f, 0.999f, 0)).hasMessage("epsilon must be greater than 0, but was 0.0");
        assertThatThrownBy(() -> new AdamW(0.9f, 0.999f, 1e-7f, -1))
                .hasMessage("weightDecay must be at least 0, but was -1.0");
    }

    @Test
    void rejectsStateOfAnotherSize() {
        assertThatThrownBy(() -> new Adam().updaterFor(3).state().restore(new float[8]))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage("optimizerState must have 6 values, but has 8");
        assertThatThrownBy(() -> new Sgd().updaterFor(3).state().restore(new float[3]))
                .hasMessage("optimizerState must have 0 values, but has 3");
    }

    @Test
    void adamWDoesNotDecayBiases() {
        float[] parameters = {1, 1, 1, 1};
        step(new AdamW(0.9f, 0.999f, 1e-7f, 0.5f).updaterFor(4), 1, new float[4], parameters);
        float w = 0.95f;
        assertThat(parameters).containsExactly(w, w, w, 1);
    }

    /** Without a gradient, a state decays by a factor per step; subnormal arithmetic is many times slower. */
    @ParameterizedTest
    @MethodSource("decayingOptimizers")
    void stateWithoutGradientDecaysToZero(Optimizer optimizer, int steps) {
        Updater updater = optimizer.updaterFor(3);
        float[] parameters = {1, 1, 1};
        step(updater, 1, new float[] {1, -1e-3f, 1e3f}, parameters);
        float[] gradient = new float[3];
        for (int step = 2; step <= steps; step++) {
            step(updater, step, gradient, parameters);
            for (float value : updater.state().copy()) {
                assertThat(value != 0 && Math.abs(value) < Float.MIN_NORMAL)
                        .as("%s is subnormal after step %d", value, step)
                        .isFalse();
            }
        }
        assertThat(updater.state().copy()).containsOnly(0);
    }

    static Stream<Arguments> decayingOptimizers() {
        return Stream.of(
                arguments(new Sgd(0.9f, false), 900),
                arguments(new Sgd(0.9f, true), 900),
                arguments(new RmsProp(), 900),
                arguments(new Adam(0.9f, 0.99f, 1e-7f), 10_000),
                arguments(new AdamW(0.9f, 0.99f, 1e-7f, 0.1f), 10_000));
    }

    @Test
    void stateOfANormalSizeIsKept() {
        Updater updater = new Sgd(0.5f, false).updaterFor(3);
        updater.state().restore(new float[] {0x1p-108f, -0x1p-109f, 0x1p-110f});
        step(updater, 64, new float[3], new float[3]);
        assertThat(updater.state().copy()).containsExactly(0x1p-109f, -0x1p-110f, 0);
    }

    /** Takes a step with learning rate 0.1; the last parameter is a bias. */
    private static void step(Updater updater, int step, float[] gradient, float[] parameters) {
        int weights = parameters.length - 1;
        updater.begin(step);
        updater.updateWeights(0.1f, gradient, parameters, 0, weights);
        updater.updateBiases(0.1f, gradient, parameters, weights, 1);
    }

    private static void assertSteps(Optimizer optimizer, double... expected) {
        Updater updater = optimizer.updaterFor(PARAMETERS);
        float[] parameters = new float[PARAMETERS];
        float[] gradient = new float[PARAMETERS];
        Arrays.fill(parameters, 1);
        for (int step = 0; step < expected.length; step++) {
            Arrays.fill(gradient, GRADIENTS[step]);
            step(updater, step + 1, gradient, parameters);
            for (int i = 0; i < PARAMETERS - 1; i++) {
                assertThat((double) parameters[i])
                        .as("after step %d", step + 1)
                        .isCloseTo(expected[step], within(1e-6));
            }
        }
    }
}
