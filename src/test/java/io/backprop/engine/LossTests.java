package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.backprop.engine.kernel.Kernels;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** Expected values were computed by hand. */
class LossTests {

    @Test
    void meanSquaredErrorIsTheMeanOverOutputs() {
        assertThat(regression(new Loss.MeanSquaredError(), new float[] {1, 2}, 0.5f, 4))
                .isEqualTo((0.25 + 4) / 2);
        assertThat(gradient(new Loss.MeanSquaredError(), Activation.LINEAR, new float[] {1, 2}, 0.5f, 4))
                .containsExactly(0.5f, -2);
    }

    @Test
    void meanAbsoluteErrorIsTheMeanOverOutputs() {
        assertThat(regression(new Loss.MeanAbsoluteError(), new float[] {1, 2}, 0.5f, 4))
                .isEqualTo((0.5 + 2) / 2);
        assertThat(gradient(new Loss.MeanAbsoluteError(), Activation.LINEAR, new float[] {2, 4}, 4, 4))
                .containsExactly(-0.5f, 0);
    }

    @Test
    void huberIsQuadraticNearZeroAndLinearBeyondDelta() {
        assertThat(regression(new Loss.Huber(), new float[] {1, 2}, 0.5f, 4)).isEqualTo((0.125 + 1.5) / 2);
        assertThat(regression(new Loss.Huber(), new float[] {3}, 2)).isEqualTo(0.5);
        assertThat(regression(new Loss.Huber(2), new float[] {3, 3}, 1, -2)).isEqualTo((2 + 2 * (5 - 1)) / 2.0);
        assertThat(gradient(new Loss.Huber(), Activation.LINEAR, new float[] {1, 2}, 0.5f, 4))
                .containsExactly(0.25f, -0.5f);
        assertThat(gradient(new Loss.Huber(2), Activation.LINEAR, new float[] {1, 2}, 0, 5))
                .containsExactly(0.5f, -1);
    }

    @Test
    void quantileWeighsTooSmallPredictionsByQ() {
        Loss loss = new Loss.Quantile(0.75f);
        assertThat(regression(loss, new float[] {1, 2, 4}, 5, 2, 2)).isEqualTo((0.75 * 4 + 0.25 * 2) / 3);
        assertThat(gradient(loss, Activation.LINEAR, new float[] {1, 2, 4}, 5, 2, 2))
                .containsExactly(-0.25f, 0, 0.25f / 3);
    }

    @Test
    void quantileIsSmallestAtTheQuantile() {
        Loss loss = new Loss.Quantile(0.8f);
        float[] targets = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
        double atQuantile = constant(loss, 8.5f, targets);
        assertThat(constant(loss, 8, targets)).isCloseTo(atQuantile, within(1e-6)); // flat between 8 and 9
        assertThat(constant(loss, 9.5f, targets)).isGreaterThan(atQuantile + 0.01);
        assertThat(constant(loss, 7.5f, targets)).isGreaterThan(atQuantile + 0.01);
    }

    private static double constant(Loss loss, float prediction, float... targets) {
        float[] predictions = new float[targets.length];
        Arrays.fill(predictions, prediction);
        return regression(loss, predictions, targets);
    }

    @Test
    void rejectsParametersOutsideTheirRange() {
        assertThatThrownBy(() -> new Loss.Huber(0)).hasMessage("delta must be greater than 0, but was 0.0");
        assertThatThrownBy(() -> new Loss.Huber(Float.NaN)).hasMessage("delta must be finite, but was NaN");
        for (float q : new float[] {0, 1, -0.5f, Float.NaN}) {
            assertThatThrownBy(() -> new Loss.Quantile(q))
                    .isInstanceOf(InvalidArgumentException.class)
                    .hasMessage("q must be greater than 0 and less than 1, but was " + q);
        }
        String share = "labelSmoothing must be at least 0 and less than 1, but was ";
        assertThatThrownBy(() -> new Loss.BinaryCrossentropy(1)).hasMessage(share + "1.0");
        assertThatThrownBy(() -> new Loss.CategoricalCrossentropy(-0.1f)).hasMessage(share + "-0.1");
    }

    @Test
    void poissonIsThePredictionMinusTheTargetTimesItsLogarithm() {
        for (Activation output : List.of(Activation.EXPONENTIAL, Activation.SOFTPLUS)) {
            OutputRow row = outputs(output, 0.5f, -3, 4).at(0, new float[] {2, 0, 7}, 0);
            double expected = 0;
            for (int i = 0; i < 3; i++) {
                double p = row.prediction(i);
                expected += p - row.target(i) * Math.log(p);
            }
            assertThat(function(new Loss.Poisson(), output).of(row)).isCloseTo(expected / 3, within(1e-6));
        }
    }

    @Test
    void gradientOfPoissonIsWithRespectToLogits() {
        assertThat(gradient(new Loss.Poisson(), Activation.EXPONENTIAL, new float[] {0, 0}, 3, 0))
                .containsExactly(-1, 0.5f);
        float log2 = (float) Math.log(2); // softplus(0)
        assertThat(gradient(new Loss.Poisson(), Activation.SOFTPLUS, new float[] {0, 0}, 3 * log2, 0))
                .containsExactly(new float[] {-0.5f, 0.25f}, within(1e-7f));
    }

    @Test
    void poissonOfPredictionsThatAreZeroIsFinite() {
        for (Activation output : List.of(Activation.EXPONENTIAL, Activation.SOFTPLUS)) {
            OutputRow row = outputs(output, -200, -19, -21).at(0, new float[] {3, 0, 1}, 0);
            assertThat(row.prediction(0)).isZero();
            assertThat(function(new Loss.Poisson(), output).of(row)).isCloseTo((600 + 21) / 3.0, within(1e-6));
            assertThat(gradient(new Loss.Poisson(), output, new float[] {-200, -19, -21}, 3, 0, 3))
                    .containsExactly(new float[] {-1, 0, -1}, within(1e-8f));
        }
    }

    @Test
    void poissonRequiresTargetsOfAtLeastZero() {
        NetworkSpec spec = NetworkSpec.of(2, new Loss.Poisson(), new LayerSpec(3, Activation.EXPONENTIAL));
        assertRejected(spec, "targets of poisson must be at least 0, but row 1 has -1.0", 0, -1, 2);
        assertRejected(spec, "targets of poisson must be at least 0, but row 1 has NaN", 0, Float.NaN, 2);
        train(spec, 0, 0.5f, 1000);
    }

    @Test
    void binaryCrossentropyIsMinusTheLogarithmOfTheProbability() {
        assertThat(binary(0, 1)).isCloseTo(Math.log(2), within(1e-7));
        double logit = Math.log(3); // a probability of 3/4
        assertThat(binary((float) logit, 1)).isCloseTo(-Math.log(0.75), within(1e-6));
        assertThat(binary((float) logit, 0)).isCloseTo(-Math.log(0.25), within(1e-6));
        assertThat(binary((float) logit, 0.5f)).isCloseTo(-0.5 * Math.log(0.75) - 0.5 * Math.log(0.25), within(1e-6));
    }

    @Test
    void binaryCrossentropyIsTheMeanOverOutputs() {
        OutputRow row = outputs(Activation.SIGMOID, 0, 0, 1000).at(0, new float[] {1, 0, 1}, 0);
        assertThat(function(new Loss.BinaryCrossentropy(), Activation.SIGMOID).of(row))
                .isCloseTo(2 * Math.log(2) / 3, within(1e-7));
    }

    @Test
    void binaryCrossentropyOfHugeLogitsIsFinite() {
        assertThat(binary(1000, 0)).isEqualTo(1000);
        assertThat(binary(-1000, 1)).isEqualTo(1000);
        assertThat(binary(1000, 1)).isZero();
        assertThat(binary(-1000, 0)).isZero();
        assertThat(binary(3e38f, 0)).isEqualTo(3e38f);
    }

    @Test
    void smallBinaryCrossentropyIsNotRoundedAway() {
        assertThat(binary(20, 1)).isCloseTo(Math.log1p(Math.exp(-20)), Percentage.withPercentage(0.001));
        assertThat(binary(-20, 0)).isCloseTo(Math.log1p(Math.exp(-20)), Percentage.withPercentage(0.001));
    }

    @Test
    void categoricalCrossentropyIsMinusTheLogarithmOfTheProbability() {
        float[] logits = {(float) Math.log(1), (float) Math.log(2), (float) Math.log(5)}; // 1/8, 2/8, 5/8
        assertThat(categorical(logits, 0, 1, 0)).isCloseTo(Math.log(4), within(1e-6));
        assertThat(categorical(logits, 0.5f, 0, 0.5f))
                .isCloseTo(0.5 * Math.log(8) + 0.5 * Math.log(8.0 / 5), within(1e-6));
    }

    @Test
    void categoricalCrossentropyOfHugeLogitsIsFinite() {
        float[] logits = {1000, -1000, 999};
        assertThat(categorical(logits, 0, 1, 0)).isCloseTo(2000 + Math.log(1 + Math.exp(-1)), within(1e-6));
        assertThat(categorical(logits, 1, 0, 0)).isCloseTo(Math.log(1 + Math.exp(-1)), within(1e-6));
        assertThat(categorical(new float[] {1e38f, -1e38f}, 0, 1)).isEqualTo(1e38f - (double) -1e38f);
    }

    @Test
    void gradientOfCrossentropiesIsWithRespectToLogits() {
        assertThat(gradient(new Loss.BinaryCrossentropy(), Activation.SIGMOID, new float[] {0, 0}, 1, 0.25f))
                .containsExactly(-0.25f, 0.125f);
        assertThat(gradient(new Loss.CategoricalCrossentropy(), Activation.SOFTMAX, new float[] {0, 0}, 1, 0))
                .containsExactly(-0.5f, 0.5f);
    }

    @Test
    void labelSmoothingMovesTargetsTowardsEqualProbabilities() {
        float[] logits = {(float) Math.log(1), (float) Math.log(2), (float) Math.log(5)}; // 1/8, 2/8, 5/8
        double smoothed = -0.1 * Math.log(1 / 8.0) - 0.8 * Math.log(2 / 8.0) - 0.1 * Math.log(5 / 8.0);
        Loss categorical = new Loss.CategoricalCrossentropy(0.3f);
        assertThat(function(categorical, Activation.SOFTMAX)
                        .of(outputs(Activation.SOFTMAX, logits).at(0, new float[] {0, 1, 0}, 0)))
                .isCloseTo(smoothed, within(1e-6));
        assertThat(gradient(categorical, Activation.SOFTMAX, new float[] {0, 0}, 1, 0))
                .containsExactly(new float[] {-0.35f, 0.35f}, within(1e-7f));

        Loss binary = new Loss.BinaryCrossentropy(0.2f);
        OutputRow row = outputs(Activation.SIGMOID, (float) Math.log(3)).at(0, new float[] {1}, 0);
        assertThat(function(binary, Activation.SIGMOID).of(row))
                .isCloseTo(-0.9 * Math.log(0.75) - 0.1 * Math.log(0.25), within(1e-6));
        assertThat(gradient(binary, Activation.SIGMOID, new float[] {0, 0}, 1, 0))
                .containsExactly(new float[] {-0.2f, 0.2f}, within(1e-7f));
    }

    @Test
    void hugeLogitsHaveAGradient() {
        NetworkSpec spec = NetworkSpec.of(1, new Loss.BinaryCrossentropy(), new LayerSpec(1, Activation.SIGMOID));
        Examples example = Examples.of(Matrix.of(new float[] {1}), Matrix.of(new float[] {0}));
        Network certainAndWrong = Network.of(spec, new float[] {1000, 0});
        TrainingPlan plan = TrainingPlan.classic(1).withEpochs(1);
        Network trained = Trainer.start(certainAndWrong, plan, TrainingData.of(example))
                .train(TrainingListener.NONE)
                .network();
        assertThat(trained.parameters()).containsExactly(999, -1);
    }

    @Test
    void categoricalCrossentropyRequiresRowsThatAddUpToOne() {
        NetworkSpec spec = NetworkSpec.of(2, new Loss.CategoricalCrossentropy(), new LayerSpec(3, Activation.SOFTMAX));
        assertRejected(
                spec,
                "targets of categorical_crossentropy must add up to 1 in each row, but those of row 1 add up to 2.0",
                1,
                1,
                0);
        assertRejected(
                spec,
                "targets of categorical_crossentropy must add up to 1 in each row, but those of row 1 add up to 0.0",
                0,
                0,
                0);
        assertRejected(
                spec, "targets of categorical_crossentropy must be between 0 and 1, but row 1 has 1.5", 1.5f, -0.5f, 0);
        assertRejected(
                spec,
                "targets of categorical_crossentropy must be between 0 and 1, but row 1 has NaN",
                0,
                Float.NaN,
                1);
        train(spec, 0.333f, 0.333f, 0.3335f); // rounded
        train(spec, 1 - 0.1f + 0.1f / 3, 0.1f / 3, 0.1f / 3); // with label smoothing
    }

    @Test
    void binaryCrossentropyRequiresTargetsBetweenZeroAndOne() {
        NetworkSpec spec = NetworkSpec.of(2, new Loss.BinaryCrossentropy(), new LayerSpec(3, Activation.SIGMOID));
        assertRejected(spec, "targets of binary_crossentropy must be between 0 and 1, but row 1 has -1.0", 0, -1, 0);
        assertRejected(spec, "targets of binary_crossentropy must be between 0 and 1, but row 1 has 2.0", 2, 0, 0);
        train(spec, 1, 1, 0.25f);
    }

    @Test
    void otherLossesAcceptAnyTargets() {
        for (Loss loss : List.of(
                new Loss.MeanSquaredError(), new Loss.MeanAbsoluteError(), new Loss.Huber(), new Loss.Quantile())) {
            train(NetworkSpec.of(2, loss, new LayerSpec(3, Activation.LINEAR)), -7, 2, 1e6f);
        }
    }

    private static void assertRejected(NetworkSpec spec, String message, float... targets) {
        assertThatThrownBy(() -> train(spec, targets))
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> Trainer.start(
                        Network.initialize(spec, 1),
                        TrainingPlan.adam(1),
                        new TrainingData(examples(1, 0, 0), examples(targets))))
                .hasMessage(message);
        assertThatThrownBy(() -> Network.initialize(spec, 1).evaluator().add(examples(targets)))
                .hasMessage(message);
    }

    private static void train(NetworkSpec spec, float... targets) {
        Trainer.start(
                        Network.initialize(spec, 1),
                        TrainingPlan.adam(1e-3f).withEpochs(1),
                        TrainingData.of(examples(targets)))
                .train(TrainingListener.NONE);
    }

    /** Two examples, of which the second has the given targets. */
    private static Examples examples(float... targets) {
        return Examples.of(Matrix.of(new float[2], new float[2]), Matrix.of(new float[] {0, 1, 0}, targets));
    }

    private static double regression(Loss loss, float[] predictions, float... targets) {
        return function(loss, Activation.LINEAR)
                .of(outputs(Activation.LINEAR, predictions).at(0, targets, 0));
    }

    private static double binary(float logit, float target) {
        return function(new Loss.BinaryCrossentropy(), Activation.SIGMOID)
                .of(outputs(Activation.SIGMOID, logit).at(0, new float[] {target}, 0));
    }

    private static double categorical(float[] logits, float... targets) {
        return function(new Loss.CategoricalCrossentropy(), Activation.SOFTMAX)
                .of(outputs(Activation.SOFTMAX, logits).at(0, targets, 0));
    }

    private static LossFunction function(Loss loss, Activation output) {
        return LossFunction.of(NetworkSpec.of(1, loss, new LayerSpec(2, output)));
    }

    private static float[] gradient(Loss loss, Activation output, float[] logits, float... targets) {
        float[] gradient = new float[logits.length];
        function(loss, output).gradient(outputs(output, logits).at(0, targets, 0), 1, gradient, 0);
        return gradient;
    }

    private static OutputRow outputs(Activation activation, float... logits) {
        float[] predictions = new float[logits.length];
        activation.apply(Kernels.best(), logits, predictions, 0, 1, logits.length);
        return new OutputRow(logits, predictions, logits.length);
    }
}
