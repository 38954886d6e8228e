package io.backprop.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backprop.engine.LearningRateFactors.Layer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LearningRateFactorsTests {

    private static final NetworkSpec SPEC = NetworkSpec.of(
            3, new Loss.MeanSquaredError(), new LayerSpec(5, Activation.TANH), new LayerSpec(2, Activation.LINEAR));
    private static final Network START = Network.initialize(SPEC, 4);
    private static final Examples EXAMPLES = ExampleData.numbers(6, 3, 2);

    static Stream<TrainingPlan> plans() {
        TrainingPlan sgd = TrainingPlan.classic(0.25f).withEpochs(1).withBatches(6, false);
        return Stream.of(
                sgd,
                sgd.withOptimizer(new Optimizer.Sgd(0.9f, true)),
                sgd.withOptimizer(new Optimizer.RmsProp()),
                sgd.withOptimizer(new Optimizer.AdamW()),
                sgd.withRegularization(new Regularization(0, 0.1f, 0.01f)));
    }

    /** After one step, each group has the parameters of a training whose rate is multiplied by the factor of the group. */
    @ParameterizedTest
    @MethodSource("plans")
    void factorsMultiplyTheRateOfTheirGroup(TrainingPlan plan) {
        LearningRateFactors factors = new LearningRateFactors(List.of(new Layer(0.5f, 2), new Layer(4, 0)));
        float[] actual = train(plan.withLearningRateFactors(factors), EXAMPLES);
        DenseLayer[] layers = DenseLayer.of(SPEC);
        for (int i = 0; i < layers.length; i++) {
            Layer factor = factors.layers().get(i);
            int weights = layers[i].weightsOffset();
            int biases = layers[i].biasesOffset();
            assertSame(actual, atRate(plan, factor.weights()), weights, biases);
            assertSame(actual, atRate(plan, factor.biases()), biases, biases + layers[i].units());
        }
    }

    private static float[] atRate(TrainingPlan plan, float factor) {
        return factor == 0 ? START.parameters() : train(plan.withLearningRate(plan.learningRate() * factor), EXAMPLES);
    }

    private static void assertSame(float[] actual, float[] expected, int first, int end) {
        for (int i = first; i < end; i++) {
            assertThat(actual[i]).as("parameter %d", i).isEqualTo(expected[i]);
        }
    }

    @ParameterizedTest
    @MethodSource("plans")
    void factorsOfOneKeepTheBits(TrainingPlan plan) {
        TrainingPlan longer = plan.withEpochs(9);
        assertThat(train(longer.withLearningRateFactors(LearningRateFactors.of(1, 1)), EXAMPLES))
                .isEqualTo(train(longer, EXAMPLES));
    }

    @Test
    void singleExamplesHaveFactorsToo() {
        TrainingPlan plan = TrainingPlan.classic(0.1f).withEpochs(2);
        float[] frozen = train(plan.withLearningRateFactors(LearningRateFactors.of(0, 0)), EXAMPLES);
        assertThat(frozen).isEqualTo(START.parameters());
        assertThat(PerExampleSgd.supports(SPEC, plan.withLearningRateFactors(LearningRateFactors.of(1, 1))))
                .isTrue();
    }

    @Test
    void remainderIsDropped() {
        TrainingPlan plan = TrainingPlan.adam(0.1f).withEpochs(3).withBatches(4, false);
        ReportCollector dropped = new ReportCollector();
        ReportCollector expected = new ReportCollector();
        float[] actual = train(plan.withDropRemainder(true), EXAMPLES, dropped);
        assertThat(actual).isEqualTo(train(plan, EXAMPLES.select(new int[] {0, 1, 2, 3}), expected));
        assertThat(dropped.reports()).isEqualTo(expected.reports());
        assertThat(actual).isNotEqualTo(train(plan, EXAMPLES));
    }

    @Test
    void nothingIsDroppedWithoutRemainder() {
        for (int batchSize : new int[] {1, 3, 6, 7}) {
            TrainingPlan plan = TrainingPlan.adam(0.1f).withEpochs(2).withBatches(batchSize, true);
            assertThat(train(plan.withDropRemainder(true), EXAMPLES)).isEqualTo(train(plan, EXAMPLES));
        }
    }

    @Test
    void rejectsInvalidFactors() {
        assertThatThrownBy(() -> LearningRateFactors.of(-1, 1)).hasMessage("weights must be at least 0, but was -1.0");
        assertThatThrownBy(() -> LearningRateFactors.of(1, Float.NaN)).isInstanceOf(InvalidArgumentException.class);
        Layer one = new Layer(1, 1);
        TrainingPlan plan =
                TrainingPlan.classic(1).withLearningRateFactors(new LearningRateFactors(List.of(one, one, one)));
        assertThatThrownBy(() -> Trainer.start(START, plan, TrainingData.of(EXAMPLES)))
                .hasMessage("learningRateFactors must have one element, or one for each of the 2 layers, but have 3");
    }

    private static float[] train(TrainingPlan plan, Examples examples) {
        return train(plan, examples, TrainingListener.NONE);
    }

    private static float[] train(TrainingPlan plan, Examples examples, TrainingListener listener) {
        return Trainer.start(START, plan, TrainingData.of(examples))
                .train(listener)
                .network()
                .parameters();
    }
}
